#pragma once

#include <csnet/address.hpp>
#include <csnet/facts.hpp>
#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>
#include <csnet/management_network.hpp>
#include <csnet/plan.hpp>
#include <csnet/probe.hpp>
#include <csnet/profile.hpp>
#include <csnet/transaction.hpp>

#include <fmt/format.h>

#include <concepts>
#include <string>

namespace csnet::inline CSNET_ABI {

/// Returns the Python expression that makes the value, "BridgeProfile(name='cloudbr0', stp=False)",
/// without the fields that are not mentioned.
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
CSNET_API std::string to_string(const Request& value);
CSNET_API std::string to_string(const Facts& value);
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

namespace detail {
template <class T, class... Types>
concept one_of = (std::same_as<T, Types> || ...);
}  // namespace detail

/// The types with a formatter for fmt. A list, because the tables of fields take long to compile.
template <class T>
concept printable =
    detail::one_of<T, MacAddress, IpAddress, Cidr, Endpoint, Route, Ip4Config, Ip6Config,
                   BridgePort, BondPort, BridgeProfile, VlanProfile, BondProfile, EthernetProfile,
                   Profile, HostState, Request, Facts, ManagementNetwork, Device, Link, Finding,
                   Probe, Change, Step, PlanOptions, Plan, Progress, Report, Transaction>;

}  // namespace csnet::inline CSNET_ABI

template <csnet::printable T>
struct fmt::formatter<T> : fmt::formatter<std::string_view> {
  auto format(const T& value, fmt::format_context& context) const {
    std::string text;
    if constexpr (requires { csnet::to_text(value); }) {
      text = csnet::to_text(value);
    } else if constexpr (requires { value.to_string(); }) {
      text = value.to_string();
    } else {
      text = csnet::to_string(value);
    }
    return fmt::formatter<std::string_view>::format(text, context);
  }
};
