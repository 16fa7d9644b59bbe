#include "activation_targets.hpp"
#include "client.hpp"
#include "convert.hpp"
#include "device.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

/// The host as it is: profiles and interfaces, of one moment.
namespace csnet::nm {
namespace {

/// Whether it is an external profile, which NetworkManager generates for another program's interface
/// (a VM's tap, libvirt's bridge) and deletes with it.
bool is_made_up(GVariant* properties) {
  return (lookup_uint32(properties, "Flags") & NM_SETTINGS_CONNECTION_FLAG_EXTERNAL) != 0;
}

}  // namespace

std::vector<Device> Client::devices() {
  std::vector<Device> devices;
  for (auto& [_, device] : devices_of(objects(service_))) devices.push_back(std::move(device));
  std::ranges::sort(devices, {}, &Device::interface_name);
  return devices;
}

Facts Client::read() { return read_of(objects(service_)); }

bool Client::is_small_host() {
  // read() asks once for each profile; read_running() asks about ten times for each active one.
  constexpr std::size_t most_profiles = 16;
  constexpr std::size_t most_devices = 64;
  std::array calls = {property_call(kSettingsPath, kSettings, "Connections"),
                      property_call(kManagerPath, kManager, "AllDevices")};
  const auto replies = service_.call_all(calls);
  const auto count = [&](const Reply& reply) {
    return paths_of(service_.property_of(reply).get()).size();
  };
  return count(replies[0]) <= most_profiles && count(replies[1]) <= most_devices;
}

std::optional<Facts> Client::read_running(const HostState& wanted) {
  std::set<std::string, std::less<>> interfaces;
  for (const auto& profile : wanted.profiles) interfaces.insert(profile.interface_name());
  auto objects = running_objects(service_, interfaces);
  if (!objects) return std::nullopt;
  auto facts = read_of(*std::move(objects));
  std::set<std::string_view> awake;
  for (const auto& profile : facts.current.profiles) awake.insert(profile.uuid());
  std::vector<std::string> others;
  for (const auto& profile : wanted.profiles) {
    if (!profile.uuid().empty() && !awake.contains(profile.uuid()))
      others.push_back(profile.uuid());
  }
  for (const auto& path : paths_by_uuid(others)) {
    if (!path.empty()) return std::nullopt;  // it sleeps
  }
  return facts;
}

Facts Client::read_of(Objects all) {
  std::vector<std::string> paths;
  for (const auto& [path, _] : all) {
    const auto properties = part(all, path, kConnection);
    if (properties && !is_made_up(properties.get())) paths.push_back(path);
  }
  auto devices = devices_of(all);
  all.clear();  // which is much on a host with many profiles
  std::set<std::string_view> active;
  for (const auto& [_, device] : devices) {
    if (device.profile) active.insert(*device.profile);
  }

  Facts facts;
  auto& profiles = facts.current.profiles;
  profiles.reserve(paths.size());
  std::map<std::string, Stored, std::less<>> running;
  load_each(paths, [&](std::size_t, Stored stored) {
    auto profile = read_profile(stored.connection.get());
    if (!profile) return;
    if (active.contains(profile->uuid())) running.emplace(profile->uuid(), std::move(stored));
    profiles.push_back(*std::move(profile));
  });
  std::ranges::sort(profiles, {}, [](const Profile& p) {
    return std::pair<const std::string&, const std::string&>(p.name(), p.uuid());
  });

  std::vector<std::pair<const std::string*, Device*>> run_by_profiles;  // and their paths
  for (auto& [path, device] : devices) {
    if (device.profile && running.contains(*device.profile))
      run_by_profiles.emplace_back(&path, &device);
  }
  service_.call_each(
      run_by_profiles.size(),
      [&](std::size_t i) { return applied_call(*run_by_profiles[i].first); },
      [&](std::size_t i, const Reply& reply) {
        // A device that is gone in between, or just goes down, has no answer: it is not stale.
        const auto* settings = std::get_if<VariantPtr>(&reply);
        auto& device = *run_by_profiles[i].second;
        device.stale =
            settings != nullptr && !is_applied(running.at(*device.profile), settings->get());
      });
  for (auto& [_, device] : devices) facts.devices.push_back(std::move(device));
  std::ranges::sort(facts.devices, {}, &Device::interface_name);
  return facts;
}

}  // namespace csnet::nm
