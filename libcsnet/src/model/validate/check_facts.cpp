#include "findings.hpp"
#include "uplinks.hpp"

#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace csnet::inline CSNET_ABI {

std::vector<Finding> validate(const Facts& facts) {
  std::vector<Finding> all;
  for (std::size_t at = 0; at < facts.devices.size(); ++at) {
    const auto& device = facts.devices[at];
    const auto uplinks = model::uplinks_of(device, facts);
    if (uplinks.size() < 2) continue;
    model::Findings findings(all, fmt::format("interface '{}'", device.interface_name),
                             {"devices", at});
    model::warn_of_uplinks(uplinks, findings);
  }
  return all;
}

}  // namespace csnet::inline CSNET_ABI

namespace csnet::model {

void warn_of_uplinks(const std::vector<std::string>& uplinks, Findings& findings) {
  findings.warning("two-uplinks", "",
                   fmt::format("has several uplinks, {}: a loop if they lead to one network",
                               fmt::join(uplinks, ", ")),
                   "take all but one out of the bridge: nmcli connection down the profile, or ip "
                   "link set the interface nomaster when it has none");
}

}  // namespace csnet::model
