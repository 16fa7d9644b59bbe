#pragma once

#include "bus.hpp"

#include <csnet/facts.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace csnet::nm {

inline constexpr const char* kDevice = "org.freedesktop.NetworkManager.Device";
inline constexpr const char* kActiveConnection = "org.freedesktop.NetworkManager.Connection.Active";
inline constexpr const char* kConnection = "org.freedesktop.NetworkManager.Settings.Connection";

/// libnm's word for a value of one of its enumerations, "activated"; the number where a newer daemon knows more.
std::string word(GType type, std::uint32_t value);

/// Everything that NetworkManager holds, by one request: path → its properties by interface, a{sa{sv}}.
using Objects = std::map<std::string, VariantPtr, std::less<>>;
Objects objects(Bus& bus);
/// The properties that the object at `path` has by one interface; null when there is no such object.
VariantPtr part(const Objects& all, std::string_view path, const char* interface);

/// The interfaces that are really there, by their paths.
std::map<std::string, Device, std::less<>> devices_of(const Objects& all);

/// Throws not_found for an interface that NetworkManager does not see.
std::string device_path(Bus& bus, const std::string& interface_name);

/// Static addresses, as D-Bus objects of IP4Config and IP6Config have them.
void append_addresses(GVariant* ip_config, std::vector<Cidr>& addresses);

}  // namespace csnet::nm
