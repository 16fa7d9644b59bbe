#include "client.hpp"
#include "convert.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <iterator>

/// A stored profile's properties, and the search for one.
namespace csnet::nm {
namespace {

std::string text_of(const char* text) { return text != nullptr ? text : ""; }

}  // namespace

std::string id_of(const Stored& stored) {
  return text_of(nm_connection_get_id(stored.connection.get()));
}
std::string uuid_of(const Stored& stored) {
  return text_of(nm_connection_get_uuid(stored.connection.get()));
}
std::string interface_of(const Stored& stored) {
  return text_of(nm_connection_get_interface_name(stored.connection.get()));
}
std::string controller_of(const Stored& stored) {
  return text_of(nm_setting_connection_get_master(
      nm_connection_get_setting_connection(stored.connection.get())));
}
bool is_bridge(const Stored& stored) {
  return nm_connection_is_type(stored.connection.get(), "bridge") != FALSE;
}
bool is_bond(const Stored& stored) {
  return nm_connection_is_type(stored.connection.get(), "bond") != FALSE;
}

std::string subject_of(const Stored& stored) {
  if (const auto profile = read_profile(stored.connection.get())) return subject(*profile);
  return fmt::format("{} '{}'", text_of(nm_connection_get_connection_type(stored.connection.get())),
                     id_of(stored));
}

ProfileIndex::ProfileIndex(const std::vector<Stored>& all) {
  for (const auto& stored : all) {
    by_uuid_.emplace(uuid_of(stored), &stored);
    by_id_.emplace(id_of(stored), &stored);
    by_interface_.emplace(interface_of(stored), &stored);
  }
}

const Stored* ProfileIndex::find(std::string_view which) const {
  for (const auto* profiles : {&by_uuid_, &by_id_, &by_interface_}) {
    const auto [first, last] = profiles->equal_range(which);
    if (first == last) continue;
    if (std::next(first) != last) {
      std::vector<std::string> uuids;
      for (auto at = first; at != last; ++at) uuids.push_back(uuid_of(*at->second));
      std::ranges::sort(uuids);
      throw Error(ErrorKind::conflict, fmt::format("profile '{}'", which),
                  fmt::format("matches several profiles: {}", fmt::join(uuids, ", ")),
                  "name one of them by its uuid");
    }
    return first->second;
  }
  return nullptr;
}

bool is_on_disk(std::string_view file) { return !file.empty() && !file.starts_with("/run/"); }

Error no_such_profile(std::string_view which) {
  return {ErrorKind::not_found, fmt::format("profile '{}'", which),
          "NetworkManager has no profile with this name, uuid or interface",
          "list the profiles: nmcli connection show"};
}

}  // namespace csnet::nm
