#pragma once

#include <csnet/fields.hpp>

#include <fmt/format.h>

#include <concepts>
#include <string>

namespace csnet {

/// Every value prints as the Python constructor that makes it: BridgeProfile(name='cloudbr0', stp=False). What is not
/// mentioned is left out.
CSNET_API std::string to_string(const Ip4Config& value);
CSNET_API std::string to_string(const Ip6Config& value);
CSNET_API std::string to_string(const BridgePort& value);
CSNET_API std::string to_string(const BondPort& value);
CSNET_API std::string to_string(const BridgeProfile& value);
CSNET_API std::string to_string(const VlanProfile& value);
CSNET_API std::string to_string(const BondProfile& value);
CSNET_API std::string to_string(const EthernetProfile& value);
CSNET_API std::string to_string(const Profile& value);
CSNET_API std::string to_string(const HostState& value);
CSNET_API std::string to_string(const ManagementNetwork& value);
CSNET_API std::string to_string(const Device& value);
CSNET_API std::string to_string(const Link& value);
CSNET_API std::string to_string(const Finding& value);
CSNET_API std::string to_string(const Probe& value);
CSNET_API std::string to_string(const Change& value);
CSNET_API std::string to_string(const Step& value);
CSNET_API std::string to_string(const PlanOptions& value);
CSNET_API std::string to_string(const Plan& value);
CSNET_API std::string to_string(const Progress& value);
CSNET_API std::string to_string(const Report& value);
CSNET_API std::string to_string(const Transaction& value);

template <class T>
concept printable = has_fields<T> || std::same_as<T, Profile> || std::same_as<T, MacAddress> ||
    std::same_as<T, IpAddress> || std::same_as<T, Cidr> || std::same_as<T, Route>;

}  // namespace csnet

template <csnet::printable T>
struct fmt::formatter<T> : fmt::formatter<std::string_view> {
  auto format(const T& value, fmt::format_context& context) const {
    std::string text;
    if constexpr (std::same_as<T, csnet::Plan>) {
      text = csnet::to_text(value);
    } else if constexpr (csnet::has_fields<T> || std::same_as<T, csnet::Profile>) {
      text = csnet::to_string(value);
    } else {
      text = value.to_string();
    }
    return fmt::formatter<std::string_view>::format(text, context);
  }
};
