#include "uplinks.hpp"

#include <algorithm>

namespace csnet::model {
namespace {

bool has_profile(const Device& device, const Facts& facts) {
  return device.profile && std::ranges::any_of(facts.current.profiles, [&](const Profile& profile) {
           return profile.uuid() == *device.profile;
         });
}

}  // namespace

bool is_nic(const Device& device) { return device.type == "ethernet" || device.type == "veth"; }

std::vector<std::string> uplinks_of(const Device& bridge, const Facts& facts) {
  std::vector<std::string> found;
  if (bridge.type != "bridge" || bridge.ports.size() < 2) return found;
  for (const auto& device : facts.devices) {
    if (device.controller != bridge.interface_name) continue;
    const bool leads_out = device.type == "ethernet" || device.type == "vlan" ||
                           device.type == "bond" ||
                           (device.type == "veth" && has_profile(device, facts));
    if (leads_out) found.push_back(device.interface_name);
  }
  return found;
}

}  // namespace csnet::model
