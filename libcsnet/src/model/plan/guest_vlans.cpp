#include "guest_vlans.hpp"

#include <csnet/error.hpp>
#include <csnet/profile_fields.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace csnet::model {
namespace {

std::uint32_t vlan_id(std::string_view text, std::string_view all) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id < vlan_ids.min ||
      id > vlan_ids.max) {
    throw Error(ErrorKind::invalid, "guest_vlans",
                fmt::format("'{}' in '{}' is not a VLAN id ({} to {})", text, all, vlan_ids.min,
                            vlan_ids.max),
                "write ranges and numbers: '200-299,1000'");
  }
  return id;
}

}  // namespace

std::vector<VlanRange> parse_guest_vlans(std::string_view text) {
  std::vector<VlanRange> ranges;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const auto range = text.substr(at, end - at);
    const auto dash = range.find('-');
    const auto first = vlan_id(range.substr(0, dash), text);
    const auto last =
        dash == std::string_view::npos ? first : vlan_id(range.substr(dash + 1), text);
    ranges.push_back({std::min(first, last), std::max(first, last)});
    at = end + 1;
  }
  return ranges;
}

}  // namespace csnet::model
