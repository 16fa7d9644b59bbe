#pragma once

#include "libnm.hpp"

#include <csnet/field.hpp>
#include <csnet/profile.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One property of one setting, by NetworkManager's name for it ("bridge.stp"), to and from each type that a field can
/// have. Writing makes the setting where it is missing; what is not mentioned is not written.
namespace csnet::nm {

/// Null when the connection has no such setting.
NMSetting* find_setting(NMConnection* connection, std::string_view name);
NMSetting* need_setting(NMConnection* connection, std::string_view name);

/// The text, for libnm. D-Bus carries UTF-8 without a null character, and GLib ends the process for
/// anything else.
/// @throws Error (invalid)
const char* checked(std::string_view name, const std::string& text);

/// The writer of each codec for each type that it converts. A field of another type does not compile.
void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::string& value);
void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::string>& value);
void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<bool>& value);
void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::int32_t>& value);
void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::uint32_t>& value);
void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::int64_t>& value);
void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<MacAddress>& value);
void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<IpAddress>& value);
void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::vector<std::string>>& value);
void write_property(codec::Addresses, NMConnection* connection, std::string_view property,
                    const std::optional<std::vector<Cidr>>& value);
void write_property(codec::Routes, NMConnection* connection, std::string_view property,
                    const std::optional<std::vector<Route>>& value);
void write_property(codec::IngressPriorities, NMConnection* connection, std::string_view property,
                    const std::optional<std::map<std::uint32_t, std::uint32_t>>& value);
void write_property(codec::EgressPriorities, NMConnection* connection, std::string_view property,
                    const std::optional<std::map<std::uint32_t, std::uint32_t>>& value);
void write_property(codec::BondMode, NMConnection* connection, std::string_view property,
                    const std::optional<std::string>& value);
void write_property(codec::BondOptions, NMConnection* connection, std::string_view property,
                    const std::optional<std::map<std::string, std::string>>& value);
void write_property(codec::Coalesce, NMConnection* connection, std::string_view property,
                    const std::optional<std::map<std::string, std::uint32_t>>& value);

/// Back to what a new setting has. Not for lists and maps: an empty one is their default.
void reset_property(codec::Property, NMConnection* connection, std::string_view property);
void reset_property(codec::BondMode, NMConnection* connection, std::string_view property);

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::string& value);
void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::string>& value);
void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<bool>& value);
void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::int32_t>& value);
void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::uint32_t>& value);
void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::int64_t>& value);
void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<MacAddress>& value);
void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<IpAddress>& value);
void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::vector<std::string>>& value);
void read_property(codec::Addresses, NMConnection* connection, std::string_view property,
                   std::optional<std::vector<Cidr>>& value);
void read_property(codec::Routes, NMConnection* connection, std::string_view property,
                   std::optional<std::vector<Route>>& value);
void read_property(codec::IngressPriorities, NMConnection* connection, std::string_view property,
                   std::optional<std::map<std::uint32_t, std::uint32_t>>& value);
void read_property(codec::EgressPriorities, NMConnection* connection, std::string_view property,
                   std::optional<std::map<std::uint32_t, std::uint32_t>>& value);
void read_property(codec::BondMode, NMConnection* connection, std::string_view property,
                   std::optional<std::string>& value);
void read_property(codec::BondOptions, NMConnection* connection, std::string_view property,
                   std::optional<std::map<std::string, std::string>>& value);
void read_property(codec::Coalesce, NMConnection* connection, std::string_view property,
                   std::optional<std::map<std::string, std::uint32_t>>& value);

}  // namespace csnet::nm
