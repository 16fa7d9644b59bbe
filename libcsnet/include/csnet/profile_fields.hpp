#pragma once

#include <csnet/field.hpp>
#include <csnet/profile.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>

/// The fields of profiles, each once; fields.hpp has those of the other values.
namespace csnet::inline CSNET_ABI {

inline constexpr Range any_int32 = {std::numeric_limits<std::int32_t>::min(),
                                    std::numeric_limits<std::int32_t>::max()};
inline constexpr Range any_uint32 = {0, std::numeric_limits<std::uint32_t>::max()};

inline constexpr Range vlan_ids = {1, 4094};
/// ipv4.method and ipv6.method; IPv4 takes the first five.
inline constexpr std::array<std::string_view, 7> ip_methods = {
    "auto", "manual", "disabled", "link-local", "shared", "ignore", "dhcp"};
/// The kernel's bonding modes, each at the index that is its number.
inline constexpr std::array<std::string_view, 7> bond_modes = {
    "balance-rr", "active-backup", "balance-xor", "broadcast",
    "802.3ad",    "balance-tlb",   "balance-alb"};

template <int Family>
inline constexpr std::string_view type_name<IpConfig<Family>> =
    Family == 4 ? "Ip4Config" : "Ip6Config";
template <int Family>
inline constexpr auto fields<IpConfig<Family>> = [] {
  using T = IpConfig<Family>;
  constexpr auto of = [](std::string_view v4, std::string_view v6) {
    return Family == 4 ? v4 : v6;
  };
  return std::tuple{
      Field{"method", &T::method, of("ipv4.method", "ipv6.method"), "", Range{},
            std::string_view{"auto"},
            FieldTraits{.words = std::span(ip_methods).first(Family == 4 ? 5 : 7)}},
      Field{"addresses", &T::addresses, of("ipv4.addresses", "ipv6.addresses"),
            "static addresses with their prefix", Range{}, Standard{}, FieldTraits{},
            codec::Addresses{}},
      Field{"gateway", &T::gateway, of("ipv4.gateway", "ipv6.gateway"),
            "default gateway; needs an address"},
      Field{"routes", &T::routes, of("ipv4.routes", "ipv6.routes"),
            "'DESTINATION/PREFIX [NEXT-HOP] [METRIC]' each", Range{}, Standard{}, FieldTraits{},
            codec::Routes{}},
      Field{"dns", &T::dns, of("ipv4.dns", "ipv6.dns"), "name servers' addresses"},
      Field{"dns_search", &T::dns_search, of("ipv4.dns-search", "ipv6.dns-search"),
            "search domains"},
      Field{"route_metric", &T::route_metric, of("ipv4.route-metric", "ipv6.route-metric"),
            "-1 is the default, which NetworkManager chooses by the device's type",
            Range{-1, any_uint32.max}, std::int64_t{-1}},
      Field{"never_default", &T::never_default, of("ipv4.never-default", "ipv6.never-default"),
            "never hold the default route; default False", Range{}, std::int64_t{0}},
      Field{
          "may_fail", &T::may_fail, of("ipv4.may-fail", "ipv6.may-fail"),
          "the profile is active even when this family failed, if the other did not; default True",
          Range{}, std::int64_t{1}},
      Field{"dad_timeout", &T::dad_timeout, of("ipv4.dad-timeout", "ipv6.dad-timeout"),
            "milliseconds of duplicate address detection; 0 is off, -1 the default (0 before "
            "NetworkManager 1.46)",
            Range{-1, 30000}, std::int64_t{-1}},
  };
}();

template <>
inline constexpr std::string_view type_name<BridgePort> = "BridgePort";
template <>
inline constexpr auto fields<BridgePort> = std::tuple{
    Field{"priority", &BridgePort::priority, "bridge-port.priority",
          "STP priority of the port; default 32", Range{0, 63}, std::int64_t{32}},
    Field{"path_cost", &BridgePort::path_cost, "bridge-port.path-cost", "STP cost; default 100",
          Range{0, 65535}, std::int64_t{100}},
    Field{"hairpin_mode", &BridgePort::hairpin_mode, "bridge-port.hairpin-mode",
          "send frames back out of the port that they came from; default False", Range{},
          std::int64_t{0}},
};

template <>
inline constexpr std::string_view type_name<BondPort> = "BondPort";
template <>
inline constexpr auto fields<BondPort> = std::tuple{
    Field{"queue_id", &BondPort::queue_id, "bond-port.queue-id", "transmit queue; default 0",
          Range{0, 65535}, std::int64_t{0}},
};

/// The fields that every profile has; the types add their own.
template <class P>
constexpr auto common_fields() {
  return std::tuple{
      Field{"name", &P::name, "connection.id", "the profile's name"},
      Field{"interface_name", &P::interface_name, "connection.interface-name", "1 to 15 bytes"},
      Field{"uuid", &P::uuid, "connection.uuid", "empty: csnet makes one"},
      Field{"autoconnect", &P::autoconnect, "connection.autoconnect",
            "NetworkManager brings it up on its own; default True", Range{}, std::int64_t{1}},
      Field{
          "autoconnect_priority", &P::autoconnect_priority, "connection.autoconnect-priority",
          "of several profiles for one interface, NetworkManager brings up the highest; default 0",
          Range{-999, 999}, std::int64_t{0}},
      Field{"controller", &P::controller, "connection.master",
            "interface name, uuid or profile name of the bridge or bond that this is a port of; '' "
            "detaches"},
      Field{"port", &P::port, "connection.slave-type",
            "BridgePort or BondPort: the settings of this port"},
      Field{"zone", &P::zone, "connection.zone", "firewalld's zone; '' is its default zone",
            Range{}, Standard{}, FieldTraits{.reappliable = true}},
      Field{"mtu", &P::mtu, "802-3-ethernet.mtu", "bytes, from 68; 0 is the default: the kernel's",
            Range{0, 65535}, std::int64_t{0}, FieldTraits{.reappliable = true}},
      Field{"cloned_mac_address", &P::cloned_mac_address, "802-3-ethernet.cloned-mac-address",
            "an address for the interface to take, or preserve, permanent, random or stable; '' is "
            "the default"},
      Field{"ipv4", &P::ipv4, "ipv4", "IPv4 of the interface; a port has none", Range{}, Standard{},
            FieldTraits{.reappliable = true}},
      Field{"ipv6", &P::ipv6, "ipv6", "IPv6 of the interface; a port has none", Range{}, Standard{},
            FieldTraits{.reappliable = true}},
      Field{"reset", &P::reset, "",
            "fields that go back to NetworkManager's default in modify() and plan(), ['mtu', "
            "'ipv4.gateway']"},
  };
}

template <>
inline constexpr std::string_view type_name<BridgeProfile> = "BridgeProfile";
template <>
inline constexpr auto fields<BridgeProfile> = std::tuple_cat(
    common_fields<BridgeProfile>(),
    std::tuple{
        Field{"stp", &BridgeProfile::stp, "bridge.stp", "spanning tree protocol; default True",
              Range{}, std::int64_t{1}, FieldTraits{.reappliable = true}},
        Field{"priority", &BridgeProfile::priority, "bridge.priority",
              "STP priority; default 32768", Range{0, 65535}, std::int64_t{32768},
              FieldTraits{.reappliable = true}},
        Field{"forward_delay", &BridgeProfile::forward_delay, "bridge.forward-delay",
              "seconds that a port listens, and again learns, before it forwards; default 15",
              Range{0, 30}, std::int64_t{15}, FieldTraits{.reappliable = true}},
        Field{"hello_time", &BridgeProfile::hello_time, "bridge.hello-time", "seconds; default 2",
              Range{0, 10}, std::int64_t{2}, FieldTraits{.reappliable = true}},
        Field{"max_age", &BridgeProfile::max_age, "bridge.max-age", "seconds; default 20",
              Range{0, 40}, std::int64_t{20}, FieldTraits{.reappliable = true}},
        Field{"ageing_time", &BridgeProfile::ageing_time, "bridge.ageing-time",
              "seconds that an unseen MAC address is remembered; default 300", Range{0, 1000000},
              std::int64_t{300}, FieldTraits{.reappliable = true}},
        Field{"mac_address", &BridgeProfile::mac_address, "bridge.mac-address",
              "the bridge's own address"},
        Field{"vlan_filtering", &BridgeProfile::vlan_filtering, "bridge.vlan-filtering",
              "default False", Range{}, std::int64_t{0}, FieldTraits{.reappliable = true}},
        Field{"multicast_snooping", &BridgeProfile::multicast_snooping, "bridge.multicast-snooping",
              "default True", Range{}, std::int64_t{1}, FieldTraits{.reappliable = true}},
        Field{"group_forward_mask", &BridgeProfile::group_forward_mask, "bridge.group-forward-mask",
              "bit mask of the link-local groups 01:80:C2:00:00:0X to forward, without 0, 1 and 2; "
              "default 0",
              Range{0, 65535}, std::int64_t{0}, FieldTraits{.reappliable = true}},
    });

template <>
inline constexpr std::string_view type_name<VlanProfile> = "VlanProfile";
template <>
inline constexpr auto fields<VlanProfile> = std::tuple_cat(
    common_fields<VlanProfile>(),
    std::tuple{
        Field{"parent", &VlanProfile::parent, "vlan.parent",
              "interface name or profile uuid of the interface below"},
        Field{"id", &VlanProfile::id, "vlan.id", "the VLAN's number", vlan_ids, Standard{},
              FieldTraits{.noun = "VLAN id"}},
        Field{"flags", &VlanProfile::flags, "vlan.flags",
              "sum of 1 reorder headers, 2 GVRP, 4 loose binding, 8 MVRP; default 1", Range{0, 15},
              std::int64_t{1}},
        Field{"ingress_priority_map", &VlanProfile::ingress_priority_map,
              "vlan.ingress-priority-map",
              "802.1p priority (0 to 7) of a frame that comes in → Linux priority", Range{},
              Standard{}, FieldTraits{}, codec::IngressPriorities{}},
        Field{"egress_priority_map", &VlanProfile::egress_priority_map, "vlan.egress-priority-map",
              "Linux priority → 802.1p priority (0 to 7) of a frame that goes out", Range{},
              Standard{}, FieldTraits{}, codec::EgressPriorities{}},
    });

template <>
inline constexpr std::string_view type_name<BondProfile> = "BondProfile";
template <>
inline constexpr auto fields<BondProfile> =
    std::tuple_cat(common_fields<BondProfile>(),
                   std::tuple{
                       Field{"mode", &BondProfile::mode, "bond.options", "", Range{}, bond_modes[0],
                             FieldTraits{.words = bond_modes}, codec::BondMode{}},
                       Field{"options", &BondProfile::options, "bond.options",
                             "the kernel's bonding options but the mode, {'miimon': "
                             "'100'}; mentioned, it replaces them all",
                             Range{}, Standard{}, FieldTraits{}, codec::BondOptions{}},
                   });

template <>
inline constexpr std::string_view type_name<EthernetProfile> = "EthernetProfile";
template <>
inline constexpr auto fields<EthernetProfile> = std::tuple_cat(
    common_fields<EthernetProfile>(),
    std::tuple{
        Field{"mac_address", &EthernetProfile::mac_address, "802-3-ethernet.mac-address",
              "only the NIC with this permanent address"},
        Field{"coalesce", &EthernetProfile::coalesce, "ethtool",
              "interrupt coalescing by ethtool's names, {'rx-usecs': 50} (microseconds); "
              "mentioned, it replaces all",
              Range{}, Standard{}, FieldTraits{}, codec::Coalesce{}},
    });

}  // namespace csnet::inline CSNET_ABI
