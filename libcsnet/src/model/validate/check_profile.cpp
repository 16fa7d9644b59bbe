#include "findings.hpp"
#include "known_words.hpp"
#include "usable_address.hpp"

#include <csnet/error.hpp>
#include <csnet/fields.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace csnet::model {
namespace {

using namespace std::string_view_literals;

template <class T>
concept OptionalNumber = requires(const T& value) {
  value.has_value();
}
&&std::is_integral_v<typename T::value_type>;

/// Checks every number against the range of its field. `prefix` is "ipv4." in a nested value, and
/// empty at the top.
template <class T>
void check_ranges(const T& value, std::string_view prefix, Findings& findings) {
  for_each_field<T>([&](const auto& field) {
    const auto& member = value.*field.member;
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (OptionalNumber<Member>) {
      if (!member || std::is_same_v<typename Member::value_type, bool>) return;
      const auto number = static_cast<std::int64_t>(*member);
      if (number >= field.range.min && number <= field.range.max) return;
      auto where = fmt::format("{}{}", prefix, field.name);
      const auto range = fmt::format("({} to {})", field.range.min, field.range.max);
      if (!field.traits.noun.empty()) {
        findings.error("out-of-range", std::move(where),
                       fmt::format("{} is not a {} {}", number, field.traits.noun, range));
      } else {
        findings.error("out-of-range", std::move(where),
                       fmt::format("{} is out of range {}", number, range),
                       fmt::format("{}: {}", field.name, field.note));
      }
    }
  });
}

/// Every text of which the table knows all words, such as the method of an IP configuration.
template <class T>
void check_words(const T& value, std::string_view prefix, Findings& findings) {
  for_each_field<T>([&]<class Member, class Codec>(const Field<T, Member, Codec>& field) {
    if constexpr (std::is_same_v<Member, std::optional<std::string>>) {
      const auto& word = value.*field.member;
      const auto& words = field.traits.words;
      if (words.empty() || !word || std::ranges::find(words, *word) != words.end()) return;
      findings.error("unknown-word", fmt::format("{}{}", prefix, field.name),
                     fmt::format("NetworkManager has no {} '{}'", field.name, *word),
                     suggest(*word, words));
    }
  });
}

/// "192.168.1.1 is not an IPv6 address"
template <int Family>
std::string of_other_family(std::string_view address) {
  return fmt::format("{} is not an IPv{} address", address, Family);
}

std::optional<std::string> why_no_gateway(const IpAddress& gateway,
                                          std::span<const Cidr> addresses) {
  for (const auto& address : addresses) {
    if (auto why = why_no_host_in(address, gateway)) return why;
  }
  return std::nullopt;
}

template <int Family>
void check_gateway(const IpConfig<Family>& ip, std::span<const Cidr> addresses,
                   Findings& findings) {
  if (!ip.gateway) return;
  const auto field = fmt::format("ipv{}.gateway", Family);
  const auto gateway = ip.gateway->to_string();
  if (ip.gateway->is_ipv6() != (Family == 6)) {
    findings.error("wrong-family", field, of_other_family<Family>(gateway));
  } else if (addresses.empty()) {
    findings.error("gateway-without-address", field,
                   fmt::format("{} is set without a static address", gateway),
                   "NetworkManager accepts a gateway only with static addresses");
  } else if (!ip.gateway->is_ipv6_link_local() &&
             std::ranges::none_of(
                 addresses, [&](const auto& address) { return address.contains(*ip.gateway); })) {
    findings.error("gateway-outside-network", field,
                   fmt::format("{} is outside {}", gateway, addresses.front().to_string()),
                   "a gateway must be in the subnet of an address of the interface");
  } else if (const auto why = why_no_gateway(*ip.gateway, addresses)) {
    findings.error("unusable-address", field, fmt::format("{} {}", gateway, *why),
                   "the gateway is the router's address");
  } else if (std::ranges::any_of(addresses, [&](const auto& address) {
               return address.address() == *ip.gateway;
             })) {
    findings.error("gateway-is-own-address", field,
                   fmt::format("{} is the interface's own address", gateway),
                   "the gateway is the router's address");
  }
  if (ip.never_default.value_or(false)) {
    findings.error("gateway-never-default", fmt::format("ipv{}.never_default", Family),
                   fmt::format("contradicts the gateway {}", gateway), "leave one of the two out");
  }
}

template <int Family>
void check_dns(const IpConfig<Family>& ip, Findings& findings) {
  const auto servers = ip.dns.value_or(std::vector<std::string>{});
  for (std::size_t i = 0; i < servers.size(); ++i) {
    auto field = fmt::format("ipv{}.dns[{}]", Family, i);
    const auto text = servers[i].substr(0, servers[i].find('#'));
    const auto address = IpAddress::parse(text);
    if (!address) {
      findings.error("unreadable-value", std::move(field),
                     fmt::format("'{}' is not an IP address", text),
                     text.find('/') != std::string::npos ? "leave out the prefix"
                                                         : "write 192.168.100.1 or 2001:db8::1");
    } else if (address->is_ipv6() != (Family == 6)) {
      findings.error("wrong-family", std::move(field), of_other_family<Family>(servers[i]));
    }
  }
}

template <int Family>
void check_ip(const IpConfig<Family>& ip, Findings& findings) {
  const auto family = fmt::format("ipv{}", Family);
  check_ranges(ip, family + ".", findings);
  check_words(ip, family + ".", findings);
  const auto addresses = ip.addresses.value_or(std::vector<Cidr>{});
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (addresses[i].is_ipv6() != (Family == 6)) {
      findings.error("wrong-family", fmt::format("{}.addresses[{}]", family, i),
                     of_other_family<Family>(addresses[i].to_string()));
    } else if (const auto why = why_no_host(addresses[i])) {
      findings.error("unusable-address", fmt::format("{}.addresses[{}]", family, i),
                     fmt::format("{} {}", addresses[i].to_string(), *why),
                     "give the interface a host's address");
    }
  }
  if (ip.method == "manual" && addresses.empty()) {
    findings.error("method-without-address", family + ".method", "is manual without an address",
                   "give it an address, 192.168.100.10/24");
  }
  if ((ip.method == "disabled" || ip.method == "ignore") && (!addresses.empty() || ip.gateway)) {
    findings.error("method-with-address", family + ".method",
                   fmt::format("is {} with addresses", *ip.method),
                   "use method manual, or clear the addresses and the gateway");
  }
  check_gateway(ip, addresses, findings);
  const auto routes = ip.routes.value_or(std::vector<Route>{});
  for (std::size_t i = 0; i < routes.size(); ++i) {
    if (routes[i].destination().is_ipv6() != (Family == 6)) {
      findings.error("wrong-family", fmt::format("{}.routes[{}]", family, i),
                     fmt::format("{} is not an IPv{} route", routes[i].to_string(), Family));
    }
  }
  check_dns(ip, findings);
}

template <class P>
void check_names(const P& profile, Findings& findings) {
  constexpr bool is_virtual = std::is_same_v<P, BridgeProfile> || std::is_same_v<P, BondProfile>;
  if (profile.name.empty())
    findings.error("missing", "name", "is empty", "name it after its interface");
  if (!profile.interface_name.empty()) {
    if (const auto why = why_no_interface_name(profile.interface_name)) {
      findings.error("unusable-interface-name", "interface_name",
                     fmt::format("'{}' {}", profile.interface_name, *why));
    }
  } else if (is_virtual) {
    findings.error("missing", "interface_name", "is empty",
                   "name the interface that the kernel creates, 'cloudbr0'");
  }
  if constexpr (std::is_same_v<P, EthernetProfile>) {
    if (profile.interface_name.empty() && !profile.mac_address) {
      findings.error("any-nic", "interface_name", "is empty, and so is mac_address",
                     "such a profile would take any NIC: name one");
    }
  }
}

void check_own_mac(const MacAddress& address, std::string field, Findings& findings) {
  if (address.is_multicast()) {
    findings.error("multicast-mac-address", std::move(field),
                   fmt::format("{} is a multicast address", address.to_string()),
                   "the first byte must be even");
  } else if (address == MacAddress("00:00:00:00:00:00")) {
    findings.error("unusable-mac-address", std::move(field), "is zero, which no interface can have",
                   "leave it out, and the kernel chooses one");
  }
}

void check_cloned_mac(const std::optional<std::string>& cloned, Findings& findings) {
  static constexpr std::array words = {"preserve"sv, "permanent"sv, "random"sv, "stable"sv};
  if (!cloned || cloned->empty() || std::ranges::find(words, *cloned) != words.end()) return;
  if (const auto address = MacAddress::parse(*cloned))
    return check_own_mac(*address, "cloned_mac_address", findings);
  findings.error("unreadable-value", "cloned_mac_address",
                 fmt::format("'{}' is not an Ethernet address", *cloned),
                 "write an address, or preserve, permanent, random or stable");
}

/// Below 1280 bytes the kernel has no IPv6 on the interface.
template <class P>
void check_mtu_for_ipv6(const P& profile, Findings& findings) {
  if (!profile.mtu || *profile.mtu < 68 || *profile.mtu >= 1280 || profile.port) return;
  const auto message = fmt::format("{} is below 1280, the minimum of IPv6", *profile.mtu);
  const bool has_addresses =
      profile.ipv6 && profile.ipv6->addresses && !profile.ipv6->addresses->empty();
  const auto method = profile.ipv6 ? profile.ipv6->method.value_or("auto") : "auto";
  if (has_addresses) {
    findings.error("mtu-below-ipv6", "mtu", message,
                   "raise the MTU, or leave the IPv6 addresses out");
  } else if (method != "disabled" && method != "ignore") {
    findings.warning("mtu-below-ipv6", "mtu", message,
                     "the interface has no IPv6 then: set ipv6.method to disabled to say so");
  }
}

/// merge() knows the names, and refuses a wrong one.
template <class P>
void check_reset(const P& profile, Findings& findings) {
  for (std::size_t i = 0; i < profile.reset.size(); ++i) {
    P changes;
    changes.reset = {profile.reset[i]};
    try {
      static_cast<void>(merge(P{}, changes));
    } catch (const Error& error) {
      findings.error("unusable-reset", fmt::format("reset[{}]", i), error.message(), error.hint());
    }
  }
}

template <class P>
void check_port(const P& profile, Findings& findings) {
  const bool has_controller = profile.controller && !profile.controller->empty();
  if (has_controller && *profile.controller == profile.interface_name) {
    findings.error("own-controller", "controller",
                   fmt::format("'{}' is the profile's own interface", *profile.controller),
                   "name the bridge or bond that it is a port of");
  }
  if (!profile.port) return;
  std::visit([&](const auto& port) { check_ranges(port, "port.", findings); }, *profile.port);
  if (!has_controller)
    findings.error("port-without-controller", "port", "is set without a controller",
                   "name the bridge or bond as its controller, 'cloudbr0'");
  if (profile.ipv4 || profile.ipv6) {
    findings.error("port-with-ip", profile.ipv4 ? "ipv4" : "ipv6", "a port has no IP configuration",
                   "put the addresses on its controller");
  }
  if (std::holds_alternative<BridgePort>(*profile.port) && !profile.interface_name.empty() &&
      !agent_accepts_port(profile.interface_name)) {
    findings.warning(
        "port-unknown-to-agent", "interface_name",
        fmt::format("CloudStack's agent does not recognise '{}' as a bridge's physical port",
                    profile.interface_name),
        "it knows eth*, bond*, team*, vlan*, vx*, em*, ens*, eno*, enp*, enx*, dummy*, p1p1: "
        "rename the interface, "
        "or the host's bridge ends in 'Can not find network'");
  }
}

void check_type(const BridgeProfile& bridge, Findings& findings) {
  if (bridge.mac_address) check_own_mac(*bridge.mac_address, "mac_address", findings);
  if (bridge.group_forward_mask.value_or(0) & 7U) {
    findings.error("reserved-group", "group_forward_mask",
                   fmt::format("{} has bit 0, 1 or 2", *bridge.group_forward_mask),
                   "the kernel never forwards STP, pause and LACP frames");
  }
  if (bridge.stp.value_or(true) && bridge.forward_delay && *bridge.forward_delay < 2) {
    findings.error("short-forward-delay", "forward_delay",
                   fmt::format("{} is below 2 s with STP on", *bridge.forward_delay),
                   "the range is 2 to 30, or turn STP off");
  }
}

void check_map(const std::optional<std::map<std::uint32_t, std::uint32_t>>& map, bool ingress,
               Findings& findings) {
  for (const auto& [from, to] : map.value_or(std::map<std::uint32_t, std::uint32_t>{})) {
    if ((ingress ? from : to) > 7) {
      findings.error("out-of-range",
                     fmt::format("{}_priority_map.{}", ingress ? "ingress" : "egress", from),
                     fmt::format("{} is not an 802.1p priority (0 to 7)", ingress ? from : to));
    }
  }
}

void check_type(const VlanProfile& vlan, Findings& findings) {
  if (!vlan.parent || vlan.parent->empty()) {
    findings.error("missing", "parent", "is empty", "name the interface below, 'eth0'");
  } else if (*vlan.parent == vlan.interface_name) {
    findings.error("own-parent", "parent",
                   fmt::format("'{}' is the VLAN's own interface", *vlan.parent),
                   "name the interface below, 'eth0'");
  } else if (vlan.parent->size() != 36) {  // 36: a profile's uuid, which is a parent too
    if (const auto why = why_no_interface_name(*vlan.parent))
      findings.error("unusable-interface-name", "parent",
                     fmt::format("'{}' {}", *vlan.parent, *why));
    if (vlan.id.value_or(0) >= 1000) warn_of_long_parent(*vlan.parent, "parent", findings);
  }
  if (!vlan.id) findings.error("missing", "id", "is missing", "a VLAN's id is 1 to 4094");
  check_map(vlan.ingress_priority_map, true, findings);
  check_map(vlan.egress_priority_map, false, findings);
}

void check_type(const BondProfile& bond, Findings& findings) {
  if (!bond.mode || !bond_mode(*bond.mode)) check_words(bond, "", findings);  // a number is right
  for (const auto& [option, value] : bond.options.value_or(std::map<std::string, std::string>{})) {
    if (option == "mode") {
      findings.error("mode-among-options", "options.mode", "the mode is a field of its own",
                     "set mode instead");
    } else if (bond_option(option) == nullptr) {
      std::vector<std::string_view> names;
      std::ranges::transform(bond_options(), std::back_inserter(names), &BondOption::name);
      findings.error("unknown-word", "options." + option,
                     fmt::format("the kernel has no option '{}'", option), suggest(option, names));
    }
  }
}

void check_type(const EthernetProfile& ethernet, Findings& findings) {
  for (const auto& [option, value] :
       ethernet.coalesce.value_or(std::map<std::string, std::uint32_t>{})) {
    if (std::ranges::find(coalesce_options(), option) == coalesce_options().end()) {
      findings.error("unknown-word", "coalesce." + option,
                     fmt::format("ethtool has no option '{}'", option),
                     suggest(option, coalesce_options()));
    }
  }
}

}  // namespace

void check_profile(const Profile& profile, Findings& findings) {
  profile.visit([&](const auto& of) {
    check_names(of, findings);
    check_ranges(of, "", findings);
    if (of.mtu && *of.mtu > 0 && *of.mtu < 68) {
      findings.error("out-of-range", "mtu",
                     fmt::format("{} is below 68, the minimum of IPv4", *of.mtu));
    }
    check_cloned_mac(of.cloned_mac_address, findings);
    check_type(of, findings);
    check_port(of, findings);
    check_reset(of, findings);
    check_mtu_for_ipv6(of, findings);
    if (of.ipv4) check_ip(*of.ipv4, findings);
    if (of.ipv6) check_ip(*of.ipv6, findings);
  });
}

void warn_of_long_parent(std::string_view parent, std::string field, Findings& findings) {
  if (parent.size() <= 8) return;
  findings.warning(
      "long-parent-name", std::move(field),
      fmt::format("'{}' is longer than 8 bytes: CloudStack's guest bridge 'br{}-1000' would have "
                  "more than 15",
                  parent, parent),
      "rename the NIC or the bond, or keep guest networks to VLANs whose bridge name fits");
}

}  // namespace csnet::model
