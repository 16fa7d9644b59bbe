#include "host_index.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

namespace csnet::model {

Host::Host(const HostState& state) : state_(state) {
  for (const auto& device : state.devices) {
    by_device_name_.emplace(device.interface_name, &device);
    if (device.profile) by_active_uuid_.emplace(*device.profile, &device);
    if (!is_nic(device) || !device.mac_address) continue;
    const auto [entry, is_new] = nic_by_address_.emplace(*device.mac_address, &device);
    if (!is_new) entry->second = nullptr;
  }
  for (const auto& profile : state.profiles) {
    if (!profile.uuid().empty()) by_uuid_.emplace(profile.uuid(), &profile);
    by_name_[profile.name()].push_back(&profile);
  }
  for (const auto& profile : state.profiles)
    by_interface_[interface_of(profile)].push_back(&profile);
  for (auto& [_, all] : by_interface_) {
    // Not the one of std::ranges, which clang 14 cannot read.
    std::stable_partition(all.begin(), all.end(),
                          [&](const Profile* profile) { return device_of(*profile) != nullptr; });
  }
}

const Device* Host::device(std::string_view interface_name) const {
  const auto found = by_device_name_.find(interface_name);
  return found == by_device_name_.end() ? nullptr : found->second;
}

const Device* Host::device_of(const Profile& profile) const {
  const auto found = by_active_uuid_.find(profile.uuid());
  return found == by_active_uuid_.end() ? nullptr : found->second;
}

std::string Host::interface_of(const Profile& profile) const {
  if (!profile.interface_name().empty()) return profile.interface_name();
  if (const auto* device = device_of(profile)) return device->interface_name;
  if (const auto* vlan = profile.get_if<VlanProfile>()) return interface_of_vlan(*vlan);
  const auto* nic = profile.get_if<EthernetProfile>();
  if (nic == nullptr || !nic->mac_address) return {};
  const auto found = nic_by_address_.find(*nic->mac_address);
  return found == nic_by_address_.end() || found->second == nullptr ? std::string{}
                                                                    : found->second->interface_name;
}

/// NetworkManager's own name for a VLAN that has none; too long a one it cuts in a way of its own.
std::string Host::interface_of_vlan(const VlanProfile& vlan) const {
  if (!vlan.parent || vlan.parent->empty() || !vlan.id) return {};
  const auto found = by_uuid_.find(*vlan.parent);
  const auto& parent = found == by_uuid_.end() ? *vlan.parent : found->second->interface_name();
  auto made = fmt::format("{}.{}", parent, *vlan.id);
  return parent.empty() || made.size() > 15 ? std::string{} : made;
}

const Profile* Host::named(std::string_view reference) const {
  if (reference.empty()) return nullptr;
  if (const auto found = by_uuid_.find(reference); found != by_uuid_.end()) return found->second;
  if (const auto found = by_interface_.find(std::string(reference)); found != by_interface_.end())
    return found->second.front();
  const auto found = by_name_.find(reference);
  return found == by_name_.end() ? nullptr : found->second.front();
}

const Profile* Host::meant_by(std::string_view word) const {
  if (word.empty()) return nullptr;
  if (const auto found = by_uuid_.find(word); found != by_uuid_.end()) return found->second;
  std::vector<const Profile*> fit;
  if (const auto found = by_name_.find(word); found != by_name_.end()) fit = found->second;
  if (fit.empty()) {
    for (const auto* profile : of_interface(std::string(word))) {
      if (profile->interface_name() == word) fit.push_back(profile);
    }
  }
  // One without an interface of its own, which holds this one now or would.
  if (fit.empty()) fit = of_interface(std::string(word));
  if (fit.size() > 1) {
    std::vector<std::string> uuids;
    uuids.reserve(fit.size());
    for (const auto* profile : fit) uuids.push_back(profile->uuid());
    std::ranges::sort(uuids);
    throw Error(ErrorKind::conflict, fmt::format("profile '{}'", word),
                fmt::format("is not the only one: it fits {}", fmt::join(uuids, ", ")),
                "name one of them by its uuid");
  }
  return fit.empty() ? nullptr : fit.front();
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

bool is_nic(const Device& device) { return device.type == "ethernet" || device.type == "veth"; }

bool autoconnects(const Profile& profile) {
  return profile.visit([](const auto& of) { return of.autoconnect.value_or(true); });
}

std::int32_t priority_of(const Profile& profile) {
  return profile.visit([](const auto& of) { return of.autoconnect_priority.value_or(0); });
}

const std::string* parent_of(const Profile& profile) {
  const auto* vlan = profile.get_if<VlanProfile>();
  return vlan != nullptr && vlan->parent ? &*vlan->parent : nullptr;
}

}  // namespace csnet::model
