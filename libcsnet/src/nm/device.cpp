#include "device.hpp"

#include "client.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <utility>

/// NetworkManager's devices.
namespace csnet::nm {

Objects objects(Service& service) {
  const auto reply = service.call({.path = "/org/freedesktop",
                                   .interface = kObjectManager,
                                   .method = "GetManagedObjects",
                                   .arguments = {}});
  Objects all;
  const auto list = take(g_variant_get_child_value(reply.get(), 0));
  for (std::size_t i = 0; i < g_variant_n_children(list.get()); ++i) {
    const auto entry = take(g_variant_get_child_value(list.get(), i));
    const auto path = take(g_variant_get_child_value(entry.get(), 0));
    all.emplace(g_variant_get_string(path.get(), nullptr),
                take(g_variant_get_child_value(entry.get(), 1)));
  }
  return all;
}

VariantPtr part(const Objects& all, std::string_view path, const char* interface) {
  const auto found = all.find(path);
  if (found == all.end()) return nullptr;
  return take(g_variant_lookup_value(found->second.get(), interface, nullptr));
}

void append_addresses(GVariant* ip_config, std::vector<Cidr>& addresses) {
  if (ip_config == nullptr) return;
  const auto list =
      take(g_variant_lookup_value(ip_config, "AddressData", G_VARIANT_TYPE("aa{sv}")));
  for (std::size_t i = 0; list && i < g_variant_n_children(list.get()); ++i) {
    const auto entry = take(g_variant_get_child_value(list.get(), i));
    addresses.emplace_back(fmt::format("{}/{}", lookup_string(entry.get(), "address"),
                                       lookup_uint32(entry.get(), "prefix")));
  }
}

namespace {

Device parse(const Objects& all, GVariant* properties) {
  Device device;
  device.interface_name = lookup_string(properties, "Interface");
  device.type = word(NM_TYPE_DEVICE_TYPE, lookup_uint32(properties, "DeviceType"));
  device.state = word(NM_TYPE_DEVICE_STATE, lookup_uint32(properties, "State"));
  if (const auto mtu = lookup_uint32(properties, "Mtu"); mtu != 0) device.mtu = mtu;
  device.carrier =
      (lookup_uint32(properties, "InterfaceFlags") & NM_DEVICE_INTERFACE_FLAG_CARRIER) != 0;
  // An address of another length, of a tunnel or InfiniBand, counts as none.
  device.mac_address = MacAddress::parse(lookup_string(properties, "HwAddress"));
  if (const auto active =
          part(all, lookup_string(properties, "ActiveConnection"), kActiveConnection)) {
    if (auto uuid = lookup_string(active.get(), "Uuid"); !uuid.empty())
      device.profile = std::move(uuid);
    const auto stored = part(all, lookup_string(active.get(), "Connection"), kConnection);
    device.persistent = stored && is_on_disk(lookup_string(stored.get(), "Filename"));
  }
  append_addresses(part(all, lookup_string(properties, "Ip4Config"), kIp4Config).get(),
                   device.addresses);
  append_addresses(part(all, lookup_string(properties, "Ip6Config"), kIp6Config).get(),
                   device.addresses);
  return device;
}

}  // namespace

std::string word(GType type, std::uint32_t value) {
  auto* values = static_cast<GEnumClass*>(g_type_class_ref(type));
  const auto* found = g_enum_get_value(values, static_cast<int>(value));
  std::string text = found != nullptr ? found->value_nick : std::to_string(value);
  g_type_class_unref(values);
  return text;
}

Call device_call(const std::string& interface_name) {
  return {.path = kManagerPath,
          .interface = kManager,
          .method = "GetDeviceByIpIface",
          .arguments = take(g_variant_new("(s)", interface_name.c_str())),
          .subject = fmt::format("interface '{}'", interface_name)};
}

std::string device_path(Service& service, const std::string& interface_name) {
  return path_of(service.call(device_call(interface_name)).get());
}

std::map<std::string, Device, std::less<>> devices_of(const Objects& all) {
  std::map<std::string, Device, std::less<>> by_path;
  for (const auto& [path, _] : all) {
    const auto properties = part(all, path, kDevice);
    // NetworkManager also has devices for interfaces that it could create for a profile.
    if (properties && lookup_bool(properties.get(), "Real"))
      by_path.emplace(path, parse(all, properties.get()));
  }
  for (auto& [path, device] : by_path) {
    for (const auto& port : lookup_paths(part(all, path, kDevice).get(), "Ports")) {
      const auto found = by_path.find(port);
      if (found == by_path.end()) continue;
      found->second.controller = device.interface_name;
      device.ports.push_back(found->second.interface_name);
    }
    std::ranges::sort(device.ports);
  }
  return by_path;
}

}  // namespace csnet::nm
