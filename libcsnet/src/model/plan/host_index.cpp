#include "host_index.hpp"
#include "uplinks.hpp"

namespace csnet::model {

HostIndex::HostIndex(const Facts& facts) : facts_(facts) {
  for (const auto& device : facts.devices) {
    by_device_name_.emplace(device.interface_name, &device);
    if (device.profile) by_active_uuid_.emplace(*device.profile, &device);
    if (!is_nic(device) || !device.mac_address) continue;
    const auto [entry, is_new] = nic_by_address_.emplace(*device.mac_address, &device);
    if (!is_new) entry->second = nullptr;
  }
  const auto& profiles = facts.current.profiles;
  for (const auto& profile : profiles) references_.add_uuid(profile);
  interfaces_.reserve(profiles.size());
  for (const auto& profile : profiles) interfaces_.push_back(interface_of(profile));
  for (const bool active : {true, false}) {
    for (std::size_t i = 0; i < interfaces_.size(); ++i) {
      const auto& profile = profiles[i];
      if ((device_of(profile) != nullptr) == active) references_.add(profile, interfaces_[i]);
    }
  }
}

const Device* HostIndex::device(std::string_view interface_name) const {
  const auto found = by_device_name_.find(interface_name);
  return found == by_device_name_.end() ? nullptr : found->second;
}

const Device* HostIndex::device_of(const Profile& profile) const {
  const auto found = by_active_uuid_.find(profile.uuid());
  return found == by_active_uuid_.end() ? nullptr : found->second;
}

std::string HostIndex::interface_of(const Profile& profile) const {
  if (!profile.interface_name().empty()) return profile.interface_name();
  if (const auto* device = device_of(profile)) return device->interface_name;
  const auto* nic = profile.get_if<EthernetProfile>();
  if (nic == nullptr) return references_.named_interface(profile);
  if (!nic->mac_address) return {};
  const auto found = nic_by_address_.find(*nic->mac_address);
  return found == nic_by_address_.end() || found->second == nullptr ? std::string{}
                                                                    : found->second->interface_name;
}

bool HostIndex::is_put_aside(const Profile& profile) const {
  return !autoconnects(profile) && device_of(profile) == nullptr;
}

}  // namespace csnet::model
