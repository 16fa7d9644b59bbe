#include "findings.hpp"
#include "names.hpp"

#include <csnet/error.hpp>
#include <csnet/fields.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <type_traits>

namespace csnet::model {
namespace {

using namespace std::string_view_literals;

template <class T>
concept OptionalNumber = requires(const T& value) {
  value.has_value();
}
&&std::is_integral_v<typename T::value_type>;

/// Every number against its row of the table. `prefix` is "ipv4." in a nested value, and empty at the top.
template <class T>
void check_ranges(const T& value, std::string_view prefix, Findings& findings) {
  for_each_field<T>([&](const auto& field) {
    const auto& member = value.*field.member;
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (OptionalNumber<Member>) {
      if (!member || std::is_same_v<typename Member::value_type, bool>) return;
      const auto number = static_cast<std::int64_t>(*member);
      if (number >= field.range.min && number <= field.range.max) return;
      // A VLAN's number has a word of its own in every manual.
      if (field.property == "vlan.id") {
        findings.error(fmt::format("id {} is not a VLAN id (1 to 4094)", number));
      } else {
        findings.error(fmt::format("{}{} {} is out of range ({} to {})", prefix, field.name, number,
                                   field.range.min, field.range.max),
                       fmt::format("it is {}", field.note));
      }
    }
  });
}

template <int Family>
std::span<const std::string_view> ip_methods() {
  static constexpr std::array v4 = {"auto"sv, "manual"sv, "disabled"sv, "link-local"sv, "shared"sv};
  static constexpr std::array v6 = {"auto"sv,   "manual"sv, "disabled"sv, "link-local"sv,
                                    "shared"sv, "ignore"sv, "dhcp"sv};
  if constexpr (Family == 4) return v4;
  return v6;
}

template <int Family>
void check_ip(const IpConfig<Family>& ip, Findings& findings) {
  const std::string family = Family == 4 ? "ipv4" : "ipv6";
  const auto of_family = [](const auto& address) { return address.is_ipv6() == (Family == 6); };
  check_ranges(ip, family + ".", findings);

  if (ip.method &&
      std::ranges::find(ip_methods<Family>(), *ip.method) == ip_methods<Family>().end()) {
    findings.error(
        fmt::format("{}.method '{}' is not one that NetworkManager has", family, *ip.method),
        suggest(*ip.method, ip_methods<Family>()));
  }
  const auto addresses = ip.addresses.value_or(std::vector<Cidr>{});
  for (const auto& address : addresses) {
    if (!of_family(address))
      findings.error(
          fmt::format("{}.addresses: {} is of the other family", family, address.to_string()));
  }
  if (ip.method == "manual" && addresses.empty()) {
    findings.error(fmt::format("{}.method is manual without an address", family),
                   "give it an address, 192.168.100.10/24");
  }
  if ((ip.method == "disabled" || ip.method == "ignore") && (!addresses.empty() || ip.gateway)) {
    findings.error(fmt::format("{}.method is {} with addresses", family, *ip.method),
                   "use method manual, or leave the addresses out (addresses=[] clears them)");
  }
  if (ip.gateway) {
    const auto gateway = ip.gateway->to_string();
    if (!of_family(*ip.gateway)) {
      findings.error(fmt::format("{}.gateway {} is of the other family", family, gateway));
    } else if (addresses.empty()) {
      findings.error(fmt::format("{}.gateway {} without an address", family, gateway),
                     "NetworkManager takes a gateway only beside static addresses");
    } else if (const bool link_local = Family == 6 && gateway.starts_with("fe80:");
               !link_local && std::ranges::none_of(addresses, [&](const auto& a) {
                 return a.contains(*ip.gateway);
               })) {
      findings.error(fmt::format("{}.gateway {} is outside of {}", family, gateway,
                                 addresses.front().to_string()),
                     "a gateway must be in the subnet of an address of the interface");
    } else if (std::ranges::any_of(addresses,
                                   [&](const auto& a) { return a.address() == *ip.gateway; })) {
      findings.error(fmt::format("{}.gateway {} is the interface's own address", family, gateway),
                     "the gateway is the router's address");
    }
    if (ip.never_default.value_or(false)) {
      findings.error(
          fmt::format("{}.gateway and {}.never_default contradict each other", family, family));
    }
  }
  for (const auto& route : ip.routes.value_or(std::vector<Route>{})) {
    if (!of_family(route.destination()))
      findings.error(
          fmt::format("{}.routes: {} is of the other family", family, route.to_string()));
  }
  for (const auto& server : ip.dns.value_or(std::vector<std::string>{})) {
    try {
      if (!of_family(IpAddress(server.substr(0, server.find('#'))))) {
        findings.error(fmt::format("{}.dns: {} is of the other family", family, server));
      }
    } catch (const Error& error) {
      findings.error(fmt::format("{}.dns: {}", family, error.what()), error.hint());
    }
  }
}

template <class P>
void check_names(const P& profile, Findings& findings) {
  constexpr bool is_virtual = std::is_same_v<P, BridgeProfile> || std::is_same_v<P, BondProfile>;
  if (profile.name.empty()) findings.error("name is empty", "name it after its interface");
  if (!profile.interface_name.empty()) {
    if (const auto why = why_no_interface_name(profile.interface_name)) {
      findings.error(fmt::format("interface_name '{}' {}", profile.interface_name, *why));
    }
  } else if (is_virtual) {
    findings.error("interface_name is empty", "the kernel makes the interface by this name");
  }
  if constexpr (std::is_same_v<P, EthernetProfile>) {
    if (profile.interface_name.empty() && !profile.mac_address) {
      findings.error("neither interface_name nor mac_address",
                     "such a profile would take any NIC: name one");
    }
  }
}

void check_cloned_mac(const std::optional<std::string>& cloned, Findings& findings) {
  static constexpr std::array words = {"preserve"sv, "permanent"sv, "random"sv, "stable"sv};
  if (!cloned || cloned->empty() || std::ranges::find(words, *cloned) != words.end()) return;
  try {
    static_cast<void>(MacAddress(*cloned));
  } catch (const Error& error) {
    findings.error(fmt::format("cloned_mac_address: {}", error.what()),
                   "write an address, or preserve, permanent, random or stable");
  }
}

/// merge() knows the names, and refuses the first that is wrong.
template <class P>
void check_reset(const P& profile, Findings& findings) {
  for (const auto& field : profile.reset) {
    P changes;
    changes.reset = {field};
    try {
      static_cast<void>(merge(P{}, changes));
    } catch (const Error& error) {
      findings.error(error.what() + error.subject().size() + 2, error.hint());
    }
  }
}

template <class P>
void check_port(const P& profile, Findings& findings) {
  const bool has_controller = profile.controller && !profile.controller->empty();
  if (has_controller && *profile.controller == profile.interface_name) {
    findings.error("is its own controller", "name the bridge or bond that it is a port of");
  }
  if (!profile.port) return;
  std::visit([&](const auto& port) { check_ranges(port, "port.", findings); }, *profile.port);
  if (!has_controller)
    findings.error("is a port without a controller",
                   "name the bridge or bond: controller='cloudbr0'");
  if (profile.ipv4 || profile.ipv6) {
    findings.error("is a port with an IP configuration", "put the addresses on its controller");
  }
  if (std::holds_alternative<BridgePort>(*profile.port) && !profile.interface_name.empty() &&
      !agent_accepts_port(profile.interface_name)) {
    findings.warning(
        fmt::format("CloudStack's agent does not take '{}' for a bridge's physical port",
                    profile.interface_name),
        "it knows eth*, bond*, team*, vlan*, vx*, em*, ens*, eno*, enp*, enx*, dummy*, p1p1: "
        "rename the interface, "
        "or the host's bridge ends in 'Can not find network'");
  }
}

void check_type(const BridgeProfile& bridge, Findings& findings) {
  if (bridge.mac_address && bridge.mac_address->is_multicast()) {
    findings.error(fmt::format("mac_address {} is a group's", bridge.mac_address->to_string()),
                   "the first byte must be even");
  }
  if (bridge.group_forward_mask.value_or(0) & 7U) {
    findings.error(
        fmt::format("group_forward_mask {} has bit 0, 1 or 2", *bridge.group_forward_mask),
        "the kernel never forwards STP, pause and LACP frames");
  }
  if (bridge.stp.value_or(true) && bridge.forward_delay && *bridge.forward_delay < 2) {
    findings.error(fmt::format("forward_delay {} is below 2 s with STP on", *bridge.forward_delay),
                   "the range is 2 to 30 unless stp=False");
  }
}

void check_map(const std::optional<std::map<std::uint32_t, std::uint32_t>>& map, bool ingress,
               Findings& findings) {
  for (const auto& [from, to] : map.value_or(std::map<std::uint32_t, std::uint32_t>{})) {
    if ((ingress ? from : to) > 7) {
      findings.error(fmt::format("{}_priority_map {}:{}: an 802.1p priority is 0 to 7",
                                 ingress ? "ingress" : "egress", from, to));
    }
  }
}

void check_type(const VlanProfile& vlan, Findings& findings) {
  if (!vlan.parent || vlan.parent->empty()) {
    findings.error("parent is empty", "name the interface below: parent='eth0'");
  } else if (*vlan.parent == vlan.interface_name) {
    findings.error("is its own parent");
  } else if (vlan.parent->size() != 36) {  // 36: a profile's uuid, which is a parent too
    if (const auto why = why_no_interface_name(*vlan.parent))
      findings.error(fmt::format("parent '{}' {}", *vlan.parent, *why));
    if (vlan.id.value_or(0) >= 1000) warn_of_long_parent(*vlan.parent, findings);
  }
  if (!vlan.id) findings.error("id is missing", "a VLAN's id is 1 to 4094");
  check_map(vlan.ingress_priority_map, true, findings);
  check_map(vlan.egress_priority_map, false, findings);
}

void check_type(const BondProfile& bond, Findings& findings) {
  if (bond.mode && !bond_mode(*bond.mode)) {
    findings.error(fmt::format("mode '{}' is not one that the kernel has", *bond.mode),
                   suggest(*bond.mode, bond_modes()));
  }
  for (const auto& [option, value] : bond.options.value_or(std::map<std::string, std::string>{})) {
    if (option == "mode") {
      findings.error("options hold the mode", "use the field mode for it");
    } else if (std::ranges::find(bond_options(), option) == bond_options().end()) {
      findings.error(fmt::format("option '{}' is not one that the kernel has", option),
                     suggest(option, bond_options()));
    }
  }
}

void check_type(const EthernetProfile& ethernet, Findings& findings) {
  for (const auto& [option, value] :
       ethernet.coalesce.value_or(std::map<std::string, std::uint32_t>{})) {
    if (std::ranges::find(coalesce_options(), option) == coalesce_options().end()) {
      findings.error(fmt::format("coalesce '{}' is not one that ethtool has", option),
                     suggest(option, coalesce_options()));
    }
  }
}

}  // namespace

void check_profile(const Profile& profile, Findings& findings) {
  std::visit(
      [&](const auto& of) {
        check_names(of, findings);
        check_ranges(of, "", findings);
        if (of.mtu && *of.mtu > 0 && *of.mtu < 68) {
          findings.error(fmt::format("mtu {} is below 68, the least that IPv4 takes", *of.mtu));
        }
        check_cloned_mac(of.cloned_mac_address, findings);
        check_type(of, findings);
        check_port(of, findings);
        check_reset(of, findings);
        if (of.ipv4) check_ip(*of.ipv4, findings);
        if (of.ipv6) check_ip(*of.ipv6, findings);
      },
      profile);
}

void warn_of_long_parent(std::string_view parent, Findings& findings) {
  if (parent.size() <= 8) return;
  findings.warning(
      fmt::format(
          "parent '{}' is longer than 8 bytes: CloudStack's guest bridge 'br{}-1000' would have "
          "more than 15",
          parent, parent),
      "rename the NIC or the bond, or keep guest networks to VLANs whose bridge name fits");
}

}  // namespace csnet::model
