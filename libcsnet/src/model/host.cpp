#include "host.hpp"

#include <algorithm>

namespace csnet::model {

Host::Host(const HostState& state) : state_(state) {
  for (const auto& device : state.devices) {
    by_device_name_.emplace(device.interface_name, &device);
    if (!device.profile.empty()) by_active_uuid_.emplace(device.profile, &device);
  }
  for (const auto& profile : state.profiles) {
    if (!uuid(profile).empty()) by_uuid_.emplace(uuid(profile), &profile);
    by_name_.emplace(name(profile), &profile);
  }
  for (const auto& profile : state.profiles)
    by_interface_[interface_of(profile)].push_back(&profile);
}

const Device* Host::device(std::string_view interface_name) const {
  const auto found = by_device_name_.find(interface_name);
  return found == by_device_name_.end() ? nullptr : found->second;
}

const Device* Host::device_of(const Profile& profile) const {
  const auto found = by_active_uuid_.find(uuid(profile));
  return found == by_active_uuid_.end() ? nullptr : found->second;
}

std::string Host::interface_of(const Profile& profile) const {
  if (!interface_name(profile).empty()) return interface_name(profile);
  if (const auto* device = device_of(profile)) return device->interface_name;
  if (const auto* nic = std::get_if<EthernetProfile>(&profile);
      nic != nullptr && nic->mac_address) {
    const auto same = std::ranges::find(state_.devices, nic->mac_address, &Device::mac_address);
    if (same != state_.devices.end()) return same->interface_name;
  }
  return {};
}

const Profile* Host::named(std::string_view reference) const {
  if (const auto found = by_uuid_.find(reference); found != by_uuid_.end()) return found->second;
  if (const auto found = by_interface_.find(std::string(reference)); found != by_interface_.end()) {
    const auto active = std::ranges::find_if(
        found->second, [&](const Profile* profile) { return device_of(*profile) != nullptr; });
    return active != found->second.end() ? *active : found->second.front();
  }
  const auto found = by_name_.find(reference);
  return found == by_name_.end() ? nullptr : found->second;
}

const std::vector<const Profile*>& Host::of_interface(const std::string& interface_name) const {
  static const std::vector<const Profile*> none;
  const auto found = by_interface_.find(interface_name);
  return found == by_interface_.end() || interface_name.empty() ? none : found->second;
}

const Profile* Host::with_uuid(const std::string& uuid) const {
  const auto found = by_uuid_.find(uuid);
  return found == by_uuid_.end() ? nullptr : found->second;
}

bool autoconnects(const Profile& profile) {
  return std::visit([](const auto& of) { return of.autoconnect.value_or(true); }, profile);
}

std::string_view type_of(const Profile& profile) {
  return std::visit([](const auto& of) { return of.type; }, profile);
}

}  // namespace csnet::model
