#include "saved_profiles.hpp"

#include "host/files.hpp"

#include <csnet/error.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

namespace csnet {
namespace {

/// The plan's interfaces, their ports, controllers, parents and VLANs. Changes of other programs to
/// the rest do not matter.
std::set<std::string> concerned_interfaces(std::span<const ProfileStep> steps,
                                           const HostState& before) {
  std::map<std::string, std::vector<std::string>> neighbours;
  const auto join = [&](const std::string& a, const std::string& b) {
    neighbours[a].push_back(b);
    neighbours[b].push_back(a);
  };
  std::map<std::string, std::string> by_uuid;
  for (const auto& device : before.devices) {
    if (!device.controller.empty()) join(device.interface_name, device.controller);
    by_uuid.emplace(device.profile.value_or(""), device.interface_name);
  }
  for (const auto& profile : before.profiles) {
    const auto* vlan = profile.get_if<VlanProfile>();
    const auto held = by_uuid.find(profile.uuid());
    if (vlan == nullptr || !vlan->parent || held == by_uuid.end()) continue;
    const auto parent = by_uuid.find(*vlan->parent);
    join(held->second, parent != by_uuid.end() ? parent->second : *vlan->parent);
  }
  std::vector<std::string> open;
  for (const auto& step : steps) {
    open.push_back(step.profile->interface_name());
    if (const auto held = by_uuid.find(step.uuid); held != by_uuid.end())
      open.push_back(held->second);
  }
  std::set<std::string> concerned;
  while (!open.empty()) {
    const auto interface = std::move(open.back());
    open.pop_back();
    if (!concerned.insert(interface).second) continue;
    const auto& next = neighbours[interface];
    open.insert(open.end(), next.begin(), next.end());
  }
  return concerned;
}

/// A new profile gets a uuid, and its later steps find it again.
void set_uuids(std::span<ProfileStep> steps) {
  std::map<std::pair<std::string, std::string>, std::string> added;
  for (auto& step : steps) {
    step.uuid = step.profile->uuid();
    if (!step.uuid.empty()) continue;
    const std::pair key(step.profile->name(), step.profile->interface_name());
    if (step.action() == Action::add || step.action() == Action::park) {
      step.uuid = nm::Client::new_uuid();
      if (step.action() == Action::add) added.emplace(key, step.uuid);
      continue;
    }
    const auto found = added.find(key);
    if (found == added.end())
      throw Error(ErrorKind::bug, subject(*step.profile),
                  "is new, and no step of the plan adds it");
    step.uuid = found->second;
  }
}

void save_step(SavedProfiles& all, const ProfileStep& step) {
  switch (step.action()) {
    case Action::add:
      all.added.push_back(step.uuid);
      break;
    case Action::modify:
      all.modified.push_back(step.uuid);
      break;
    case Action::park:
      all.parked.push_back(step.uuid);
      break;
    case Action::restart:
      all.restarted.push_back(step.uuid);
      break;
    case Action::retire:
      all.retired.push_back({step.uuid, step.profile->name()});
      break;
    case Action::remove:
      all.removed.push_back(step.uuid);
      break;
    case Action::activate:
    case Action::reapply:
      break;
  }
}

void save_interfaces(SavedProfiles& all, std::span<const ProfileStep> steps,
                     const HostState& before) {
  const auto concerned = concerned_interfaces(steps, before);
  std::set<std::string, std::less<>> persistent;
  for (const auto& profile : before.profiles) persistent.insert(profile.uuid());
  // A controller comes back before its ports, and a NIC before its VLANs.
  const auto rank = [](const Device& device) {
    return device.type == "bridge" ? 0 : device.type == "bond" ? 1 : device.type == "vlan" ? 3 : 2;
  };
  for (int turn = 0; turn < 4; ++turn) {
    for (const auto& device : before.devices) {
      if (rank(device) != turn || device.state != "activated" || !device.profile ||
          !persistent.contains(*device.profile) || !concerned.contains(device.interface_name))
        continue;
      SavedInterface one{device.interface_name, *device.profile, device.controller, {}};
      for (const auto& address : device.addresses) {
        // A link-local address comes back in its own time, or as another one.
        if (!address.address().is_ipv6_link_local()) one.addresses.push_back(address.to_string());
      }
      all.interfaces.push_back(std::move(one));
    }
  }
  std::set<std::string, std::less<>> known = {""};
  for (const auto& device : before.devices) known.insert(device.interface_name);
  for (const auto& step : steps) {
    if (known.insert(step.profile->interface_name()).second)
      all.new_interfaces.push_back(step.profile->interface_name());
  }
}

}  // namespace

SavedProfiles save_profiles(nm::Client& client, std::span<ProfileStep> steps,
                            const HostState& before) {
  SavedProfiles all;
  std::vector<std::string> touched;
  set_uuids(steps);
  for (const auto& step : steps) {
    save_step(all, step);
    if (step.action() == Action::modify || phase_of(step.action()) == Phase::disk)
      touched.push_back(step.uuid);
  }
  for (auto& profile : client.save_for_journal(touched)) {
    auto content = host::read_file(profile.file);
    all.saved.push_back({std::move(profile), std::move(content)});
  }
  save_interfaces(all, steps, before);
  return all;
}

}  // namespace csnet
