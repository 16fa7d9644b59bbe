#include "client.hpp"
#include "convert.hpp"
#include "device.hpp"
#include "targets.hpp"

#include <algorithm>
#include <map>
#include <utility>

/// The host as it is: profiles and interfaces, of one moment.
namespace csnet::nm {
namespace {

/// NetworkManager makes such a profile up for an interface that is somebody else's: a VM's tap, libvirt's bridge. It
/// ends with the interface, and nobody wants it kept.
bool is_made_up(GVariant* properties) {
  return (lookup_uint32(properties, "Flags") & NM_SETTINGS_CONNECTION_FLAG_EXTERNAL) != 0;
}

}  // namespace

std::vector<Device> Client::devices() {
  std::vector<Device> devices;
  for (auto& [_, device] : devices_of(objects(bus_))) devices.push_back(std::move(device));
  std::ranges::sort(devices, {}, &Device::interface_name);
  return devices;
}

HostState Client::read() {
  const auto all = objects(bus_);
  std::vector<std::string> paths;
  for (const auto& [path, _] : all) {
    const auto properties = part(all, path, kConnection);
    if (properties && !is_made_up(properties.get())) paths.push_back(path);
  }
  HostState state;
  std::map<std::string, Stored, std::less<>> by_uuid;
  for (auto& stored : load(paths)) {
    auto profile = read_profile(stored.connection.get());
    if (!profile) continue;
    by_uuid.emplace(uuid(*profile), std::move(stored));
    state.profiles.push_back(*std::move(profile));
  }
  std::ranges::sort(state.profiles, {}, [](const Profile& p) {
    return std::pair<const std::string&, const std::string&>(name(p), uuid(p));
  });

  std::vector<Call> calls;
  std::vector<std::pair<Device, const Stored*>> devices;
  for (auto& [path, device] : devices_of(all)) {
    const auto found = by_uuid.find(device.profile);
    devices.emplace_back(std::move(device), found == by_uuid.end() ? nullptr : &found->second);
    if (found != by_uuid.end()) calls.push_back(applied_call(path));
  }
  const auto applied = bus_.call_all(calls);
  auto reply = applied.begin();
  for (auto& [device, stored] : devices) {
    if (stored != nullptr) {
      // A device that is gone in between, or just goes down, has no answer: it is not stale.
      const auto* settings = std::get_if<VariantPtr>(&*reply++);
      device.stale = settings != nullptr && !is_applied(*stored, settings->get());
    }
    state.devices.push_back(std::move(device));
  }
  std::ranges::sort(state.devices, {}, &Device::interface_name);
  return state;
}

}  // namespace csnet::nm
