#pragma once

#include "bus_names.hpp"
#include "libnm.hpp"
#include "service.hpp"
#include "variant.hpp"

#include <csnet/facts.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace csnet::nm {

/// libnm's word for a value of one of its enumerations, "activated"; the number where a newer daemon knows more.
std::string word(GType type, std::uint32_t value);

/// Everything that NetworkManager holds, by one request: path → its properties by interface, a{sa{sv}}.
using Objects = std::map<std::string, VariantPtr, std::less<>>;
Objects objects(Service& service);
/// Only what runs by a profile of somebody's, and the profiles that NetworkManager could bring up on `interfaces`. How
/// many others there are that sleep does not matter. Nothing when one of the interfaces does not run, or has no carrier:
/// NetworkManager then tells no more of all that could come up on it. (read_active.cpp)
std::optional<Objects> running_objects(Service& service,
                                       const std::set<std::string, std::less<>>& interfaces);
/// The properties that the object at `path` has by one interface; null when there is no such object.
VariantPtr part(const Objects& all, std::string_view path, const char* interface);

/// The interfaces that are really there, by their paths.
std::map<std::string, Device, std::less<>> devices_of(const Objects& all);

/// Asks for the device of an interface; NetworkManager answers with an error for one that it does not see.
Call device_call(const std::string& interface_name);
/// Both at once. @throws Error (not_found)
std::string device_path(Service& service, const std::string& interface_name);

/// Static addresses, as D-Bus objects of IP4Config and IP6Config have them.
void append_addresses(GVariant* ip_config, std::vector<Cidr>& addresses);

}  // namespace csnet::nm
