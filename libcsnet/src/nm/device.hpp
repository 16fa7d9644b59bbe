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

/// libnm's word for a value of one of its enumerations, "activated"; the number for a value that
/// only a newer libnm knows.
std::string word(GType type, std::uint32_t value);

/// NetworkManager's objects: path → properties by D-Bus interface, a{sa{sv}}.
using Objects = std::map<std::string, VariantPtr, std::less<>>;
/// All of them, by one request.
Objects objects(Service& service);
/// Active, non-external connections, and the profiles available on `interfaces`. The cost does not
/// depend on inactive profiles. Nothing when one of the interfaces is inactive or has no carrier:
/// NetworkManager then does not list all profiles that could come up on it. (read_active.cpp)
std::optional<Objects> running_objects(Service& service,
                                       const std::set<std::string, std::less<>>& interfaces);
/// The object's properties of one D-Bus interface; null when there is no such object.
VariantPtr part(const Objects& all, std::string_view path, const char* interface);

/// The devices whose interfaces exist, by path.
std::map<std::string, Device, std::less<>> devices_of(const Objects& all);

/// Asks for the path of an interface's device; the reply is an error when NetworkManager has none.
Call device_call(const std::string& interface_name);
/// Sends device_call(), and returns the path. @throws Error (not_found)
std::string device_path(Service& service, const std::string& interface_name);

/// Adds the addresses of an IP4Config's or IP6Config's properties.
void append_addresses(GVariant* ip_config, std::vector<Cidr>& addresses);

}  // namespace csnet::nm
