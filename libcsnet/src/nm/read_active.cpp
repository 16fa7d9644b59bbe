#include "device.hpp"

#include <algorithm>
#include <utility>

/// Reads the part of NetworkManager's objects that belongs to active connections.
namespace csnet::nm {
namespace {

/// Objects, each with the D-Bus interface to read.
using Wanted = std::vector<std::pair<std::string, const char*>>;

/// Reads the properties of all of them at once, and skips objects that no longer exist.
void fetch(Service& service, const Wanted& wanted, Objects& all) {
  service.call_each(
      wanted.size(),
      [&](std::size_t i) { return properties_call(wanted[i].first, wanted[i].second); },
      [&](std::size_t i, const Reply& reply) {
        const auto properties = service.properties_of(reply);
        if (!properties) return;
        auto* entry =
            g_variant_new_dict_entry(g_variant_new_string(wanted[i].second), properties.get());
        all.insert_or_assign(wanted[i].first,
                             take(g_variant_new_array(G_VARIANT_TYPE("{sa{sv}}"), &entry, 1)));
      });
}

/// Active connections except external ones (taps, libvirt bridges). Most connections of a
/// hypervisor are external, so only their StateFlags are read.
Wanted active_not_external(Service& service) {
  const auto all =
      service.property_of(service.call(property_call(kManagerPath, kManager, "ActiveConnections")));
  const auto paths = paths_of(all.get());
  Wanted found;
  service.call_each(
      paths.size(),
      [&](std::size_t i) { return property_call(paths[i], kActiveConnection, "StateFlags"); },
      [&](std::size_t i, const Reply& reply) {
        const auto flags = service.property_of(reply);
        if (flags && (g_variant_get_uint32(flags.get()) & NM_ACTIVATION_STATE_FLAG_EXTERNAL) == 0)
          found.emplace_back(paths[i], kActiveConnection);
      });
  return found;
}

}  // namespace

std::optional<Objects> running_objects(Service& service,
                                       const std::set<std::string, std::less<>>& interfaces) {
  Objects all;
  const auto active = active_not_external(service);
  fetch(service, active, all);

  Wanted devices;
  Wanted others;  // their profiles and IP configurations
  for (const auto& [path, _] : active) {
    const auto properties = part(all, path, kActiveConnection);
    if (!properties) continue;
    others.emplace_back(lookup_string(properties.get(), "Connection"), kConnection);
    for (auto& device : lookup_paths(properties.get(), "Devices"))
      devices.emplace_back(std::move(device), kDevice);
  }
  fetch(service, devices, all);

  std::set<std::string> found;
  for (const auto& [path, _] : devices) {
    const auto properties = part(all, path, kDevice);
    if (!properties) continue;
    others.emplace_back(lookup_string(properties.get(), "Ip4Config"), kIp4Config);
    others.emplace_back(lookup_string(properties.get(), "Ip6Config"), kIp6Config);
    const auto name = lookup_string(properties.get(), "Interface");
    if (!interfaces.contains(name)) continue;
    if ((lookup_uint32(properties.get(), "InterfaceFlags") & NM_DEVICE_INTERFACE_FLAG_CARRIER) == 0)
      return std::nullopt;
    found.insert(name);
    for (auto& profile : lookup_paths(properties.get(), "AvailableConnections"))
      others.emplace_back(std::move(profile), kConnection);
  }
  if (found.size() != interfaces.size()) return std::nullopt;
  std::ranges::sort(others);
  // Not std::ranges::unique, which clang 14 cannot compile.
  others.erase(std::unique(others.begin(), others.end()), others.end());
  std::erase_if(others, [](const auto& object) { return object.first == "/"; });
  fetch(service, others, all);
  return all;
}

}  // namespace csnet::nm
