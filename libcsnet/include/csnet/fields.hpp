#pragma once

#include <csnet/facts.hpp>
#include <csnet/field.hpp>
#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>
#include <csnet/management_network.hpp>
#include <csnet/plan.hpp>
#include <csnet/probe.hpp>
#include <csnet/transaction.hpp>

#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

/// The fields of every value, each once: printing, validation, the conversion to and from NetworkManager's settings and
/// the Python module all go through these tables, so that a new field is one member and one row.
namespace csnet::inline CSNET_ABI {

inline constexpr Range any_int32 = {std::numeric_limits<std::int32_t>::min(),
                                    std::numeric_limits<std::int32_t>::max()};
inline constexpr Range any_uint32 = {0, std::numeric_limits<std::uint32_t>::max()};

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
      Field{"method", &T::method, of("ipv4.method", "ipv6.method"),
            of("auto (the default), manual, disabled, link-local or shared",
               "auto (the default), manual, disabled, link-local, shared, ignore or dhcp"),
            Range{}, std::string_view{"auto"}},
      Field{"addresses", &T::addresses, of("ipv4.addresses", "ipv6.addresses"),
            "static addresses with their prefix"},
      Field{"gateway", &T::gateway, of("ipv4.gateway", "ipv6.gateway"),
            "default gateway; needs an address"},
      Field{"routes", &T::routes, of("ipv4.routes", "ipv6.routes"),
            "'DESTINATION/PREFIX [NEXT-HOP] [METRIC]' each"},
      Field{"dns", &T::dns, of("ipv4.dns", "ipv6.dns"), "name servers' addresses"},
      Field{"dns_search", &T::dns_search, of("ipv4.dns-search", "ipv6.dns-search"),
            "search domains"},
      Field{"route_metric", &T::route_metric, of("ipv4.route-metric", "ipv6.route-metric"),
            "-1 is the default, which NetworkManager chooses by the device's type",
            Range{-1, any_uint32.max}, std::int64_t{-1}},
      Field{"never_default", &T::never_default, of("ipv4.never-default", "ipv6.never-default"),
            "never hold the default route; default False", Range{}, std::int64_t{0}},
      Field{"may_fail", &T::may_fail, of("ipv4.may-fail", "ipv6.may-fail"),
            "the profile is up even when this family failed, if the other did not; default True",
            Range{}, std::int64_t{1}},
      Field{"dad_timeout", &T::dad_timeout, of("ipv4.dad-timeout", "ipv6.dad-timeout"),
            "milliseconds to look for a duplicate address; 0 is off, -1 the default (0 before "
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
      Field{"uuid", &P::uuid, "connection.uuid", "empty: one is made"},
      Field{"autoconnect", &P::autoconnect, "connection.autoconnect",
            "come up by itself; default True", Range{}, std::int64_t{1}},
      Field{"autoconnect_priority", &P::autoconnect_priority, "connection.autoconnect-priority",
            "of profiles for one interface the highest comes up; default 0", Range{-999, 999},
            std::int64_t{0}},
      Field{"controller", &P::controller, "connection.master",
            "interface name, uuid or profile name of the bridge or bond that this is a port of; '' "
            "detaches"},
      Field{"port", &P::port, "connection.slave-type",
            "BridgePort or BondPort: the settings of this port"},
      Field{"zone", &P::zone, "connection.zone", "firewalld's zone; '' is its default zone"},
      Field{"mtu", &P::mtu, "802-3-ethernet.mtu", "bytes, from 68; 0 is the default: the kernel's",
            Range{0, 65535}, std::int64_t{0}},
      Field{"cloned_mac_address", &P::cloned_mac_address, "802-3-ethernet.cloned-mac-address",
            "an address for the interface to take, or preserve, permanent, random or stable; '' is "
            "the default"},
      Field{"ipv4", &P::ipv4, "ipv4", "IPv4 of the interface; a port has none"},
      Field{"ipv6", &P::ipv6, "ipv6", "IPv6 of the interface; a port has none"},
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
              Range{}, std::int64_t{1}},
        Field{"priority", &BridgeProfile::priority, "bridge.priority",
              "STP priority; default 32768", Range{0, 65535}, std::int64_t{32768}},
        Field{"forward_delay", &BridgeProfile::forward_delay, "bridge.forward-delay",
              "seconds that a port listens, and again learns, before it forwards; default 15",
              Range{0, 30}, std::int64_t{15}},
        Field{"hello_time", &BridgeProfile::hello_time, "bridge.hello-time", "seconds; default 2",
              Range{0, 10}, std::int64_t{2}},
        Field{"max_age", &BridgeProfile::max_age, "bridge.max-age", "seconds; default 20",
              Range{0, 40}, std::int64_t{20}},
        Field{"ageing_time", &BridgeProfile::ageing_time, "bridge.ageing-time",
              "seconds that an unseen MAC address is remembered; default 300", Range{0, 1000000},
              std::int64_t{300}},
        Field{"mac_address", &BridgeProfile::mac_address, "bridge.mac-address",
              "the bridge's own address"},
        Field{"vlan_filtering", &BridgeProfile::vlan_filtering, "bridge.vlan-filtering",
              "default False", Range{}, std::int64_t{0}},
        Field{"multicast_snooping", &BridgeProfile::multicast_snooping, "bridge.multicast-snooping",
              "default True", Range{}, std::int64_t{1}},
        Field{"group_forward_mask", &BridgeProfile::group_forward_mask, "bridge.group-forward-mask",
              "bit mask of the link-local groups 01:80:C2:00:00:0X to forward, without 0, 1 and 2; "
              "default 0",
              Range{0, 65535}, std::int64_t{0}},
    });

template <>
inline constexpr std::string_view type_name<VlanProfile> = "VlanProfile";
template <>
inline constexpr auto fields<VlanProfile> = std::tuple_cat(
    common_fields<VlanProfile>(),
    std::tuple{
        Field{"parent", &VlanProfile::parent, "vlan.parent",
              "interface name or profile uuid of what it lies on"},
        Field{"id", &VlanProfile::id, "vlan.id", "the VLAN's number", Range{1, 4094}},
        Field{"flags", &VlanProfile::flags, "vlan.flags",
              "sum of 1 reorder headers, 2 GVRP, 4 loose binding, 8 MVRP; default 1", Range{0, 15},
              std::int64_t{1}},
        Field{"ingress_priority_map", &VlanProfile::ingress_priority_map,
              "vlan.ingress-priority-map",
              "802.1p priority (0 to 7) of a frame that comes in → Linux priority"},
        Field{"egress_priority_map", &VlanProfile::egress_priority_map, "vlan.egress-priority-map",
              "Linux priority → 802.1p priority (0 to 7) of a frame that goes out"},
    });

template <>
inline constexpr std::string_view type_name<BondProfile> = "BondProfile";
template <>
inline constexpr auto fields<BondProfile> = std::tuple_cat(
    common_fields<BondProfile>(), std::tuple{
                                      Field{"mode", &BondProfile::mode, "bond.options",
                                            "balance-rr (the default), active-backup, balance-xor, "
                                            "broadcast, 802.3ad, balance-tlb or balance-alb",
                                            Range{}, std::string_view{"balance-rr"}},
                                      Field{"options", &BondProfile::options, "bond.options",
                                            "the kernel's bonding options but the mode, {'miimon': "
                                            "'100'}; mentioned, it replaces them all"},
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
              "mentioned, it replaces all"},
    });

template <>
inline constexpr std::string_view type_name<HostState> = "HostState";
template <>
inline constexpr auto fields<HostState> = std::tuple{
    Field{"profiles", &HostState::profiles, "", "NetworkManager's profiles"},
    Field{"remove", &HostState::remove, "",
          "wanted: uuids, names or interfaces of profiles that shall be gone"},
    Field{"probes", &HostState::probes, "", "wanted: what must be reachable afterwards"},
    Field{"devices", &HostState::devices, "", "current: the interfaces; [] is unknown"},
};

template <>
inline constexpr std::string_view type_name<Probe> = "Probe";
template <>
inline constexpr auto fields<Probe> = std::tuple{
    Field{"type", &Probe::type, "", "tcp, arp or command"},
    Field{"target", &Probe::target, "",
          "'192.168.100.2:8250' (tcp), '192.168.100.1' (arp), or a line for /bin/sh"},
    Field{"interface_name", &Probe::interface_name, "",
          "tcp and arp go out of it after the change; '' lets the kernel's routes decide"},
    Field{"required", &Probe::required, "",
          "must pass after the change even if it did not before; default False"},
};

template <>
inline constexpr std::string_view type_name<Change> = "Change";
template <>
inline constexpr auto fields<Change> = std::tuple{
    Field{"property", &Change::property, "", "csnet's name for it, 'ipv4.addresses'"},
    Field{"before", &Change::before, "", "as text; '' where there was nothing"},
    Field{"after", &Change::after, "", "as text; '' where there is nothing any more"},
};

template <>
inline constexpr std::string_view type_name<Step> = "Step";
template <>
inline constexpr auto fields<Step> = std::tuple{
    Field{"action", &Step::action, "", "what it does"},
    Field{"item", &Step::item, "", "the profile as the step leaves it"},
    Field{"name", &Step::name, "",
          "the name that people know it by, before the step renames it; '' is the item's own"},
    Field{"changes", &Step::changes, "", "what differs from the profile before; of add and modify"},
    Field{"why", &Step::why, "", "the reason"},
    Field{"interrupts", &Step::interrupts, "", "whose traffic stops; '' is nobody's"},
    Field{"interrupts_traffic", &Step::interrupts_traffic, "", "whether any traffic stops"},
    Field{"follows_at_once", &Step::follows_at_once, "",
          "an activate right after a park: nothing may come between"},
};

template <>
inline constexpr std::string_view type_name<PlanOptions> = "PlanOptions";
template <>
inline constexpr auto fields<PlanOptions> = std::tuple{
    Field{"prune", &PlanOptions::prune, "", "delete what would be retired; default False"},
    Field{"purge", &PlanOptions::purge, "",
          "delete every profile that is not wanted, in the way or not; default False"},
    Field{"guest_vlans", &PlanOptions::guest_vlans, "",
          "the zone's guest VLANs, '200-299,1000', to warn where they overlap; '' is unknown"},
};

template <>
inline constexpr std::string_view type_name<Plan> = "Plan";
template <>
inline constexpr auto fields<Plan> = std::tuple{
    Field{"steps", &Plan::steps, "", "what is to be done, in this order"},
    Field{"notes", &Plan::notes, "", "what an operator should know before"},
    Field{"desired", &Plan::desired, "", "the state that it leads to"},
    Field{"options", &Plan::options, "", "what plan() was told"},
};

template <>
inline constexpr std::string_view type_name<Progress> = "Progress";
template <>
inline constexpr auto fields<Progress> = std::tuple{
    Field{"phase", &Progress::phase, "", "when it happens"},
    Field{"action", &Progress::action, "", "what happens"},
    Field{"subject", &Progress::subject, "", "what it happens to, \"vlan 'eth0.100'\", or ''"},
    Field{"outcome", &Progress::outcome, "", "how it ended; begun until then"},
    Field{"detail", &Progress::detail, "", "why it failed or was skipped"},
    Field{"start", &Progress::start, "", "since apply() began"},
    Field{"duration", &Progress::duration, "", "0 when it begins"},
};

template <>
inline constexpr std::string_view type_name<Report> = "Report";
template <>
inline constexpr auto fields<Report> = std::tuple{
    Field{"id", &Report::id, "", "the transaction's; '' when there was nothing to do"},
    Field{"committed", &Report::committed, "", "False also while the trial goes on"},
    Field{"steps", &Report::steps, "", "each step and probe, with its end"},
};

template <>
inline constexpr std::string_view type_name<Transaction> = "Transaction";
template <>
inline constexpr auto fields<Transaction> = std::tuple{
    Field{"id", &Transaction::id, "", "for commit() and rollback()"},
    Field{"state", &Transaction::state, "", "trial, running or interrupted"},
    Field{"holder", &Transaction::holder, "", "the process that is at it, or ''"},
    Field{"left", &Transaction::left, "",
          "until NetworkManager rolls back by itself; 0 when it will not"},
    Field{"profiles", &Transaction::profiles, "",
          "uuids of the profiles that it adds, changes or takes away"},
};

template <>
inline constexpr std::string_view type_name<Finding> = "Finding";
template <>
inline constexpr auto fields<Finding> = std::tuple{
    Field{"severity", &Finding::severity, "", "info, warning or error"},
    Field{"id", &Finding::id, "", "which check saw it, 'out-of-range': docs/findings.md"},
    Field{"subject", &Finding::subject, "", "what it is about, \"vlan 'eth0.100'\""},
    Field{"item", &Finding::item, "",
          "the value of the validated HostState that it is about, 'profiles[2]', or ''"},
    Field{"field", &Finding::field, "", "the field that is to be changed, 'ipv4.gateway', or ''"},
    Field{"message", &Finding::message, "", "what was seen"},
    Field{"hint", &Finding::hint, "", "what to do about it; may be empty"},
};

template <>
inline constexpr std::string_view type_name<Device> = "Device";
template <>
inline constexpr auto fields<Device> = std::tuple{
    Field{"interface_name", &Device::interface_name, "", "the kernel's name of it"},
    Field{"type", &Device::type, "", "ethernet, bridge, vlan, bond, veth, tun, …"},
    Field{"state", &Device::state, "", "unmanaged, unavailable, disconnected, activated, …"},
    Field{"mac_address", &Device::mac_address, "", "None where the interface has none"},
    Field{"mtu", &Device::mtu, "", "bytes; None where NetworkManager does not say"},
    Field{"carrier", &Device::carrier, "", "the link is up"},
    Field{"controller", &Device::controller, "", "interface name of its bridge or bond, or ''"},
    Field{"ports", &Device::ports, "", "interface names of its ports"},
    Field{"profile", &Device::profile, "", "uuid of the active profile, or None"},
    Field{"addresses", &Device::addresses, "", "with their prefixes"},
    Field{"stale", &Device::stale, "", "its profile was changed since it came up"},
    Field{"persistent", &Device::persistent, "",
          "its active profile is on disk, and is there after a reboot"},
};

template <>
inline constexpr std::string_view type_name<Link> = "Link";
template <>
inline constexpr auto fields<Link> = std::tuple{
    Field{"interface_name", &Link::interface_name, "", "the kernel's name of it"},
    Field{"index", &Link::index, "", "the kernel's number of it"},
    Field{"kind", &Link::kind, "", "physical, loopback, bridge, vlan, bond, tun, veth, …"},
    Field{"mac_address", &Link::mac_address, "", "None where the interface has none"},
    Field{"permanent_mac_address", &Link::permanent_mac_address, "", "a NIC's own, or None"},
    Field{"mtu", &Link::mtu, "", "bytes"},
    Field{"up", &Link::up, "", "somebody set it up"},
    Field{"carrier", &Link::carrier, "", "the link is up"},
    Field{"speed", &Link::speed, "", "Mbit/s; None is unknown"},
    Field{"duplex", &Link::duplex, "", "full, half, or '' (unknown)"},
    Field{"driver", &Link::driver, "", "the driver's name, or ''"},
    Field{"controller", &Link::controller, "", "interface name of its bridge or bond, or ''"},
    Field{"parent", &Link::parent, "", "interface name of what a VLAN lies on, or ''"},
    Field{"vlan_id", &Link::vlan_id, "", "a VLAN's number"},
    Field{"stp", &Link::stp, "", "a bridge's spanning tree protocol; None for others"},
    Field{"port_state", &Link::port_state, "",
          "a bridge's port: disabled, listening, learning, forwarding or blocking"},
    Field{"bond", &Link::bond, "",
          "what /sys says of a bond, {'mode': '802.3ad', 'miimon': '100', 'ad_partner_mac': …}"},
    Field{"mii_status", &Link::mii_status, "", "a bond's port: up or down"},
    Field{
        "lacp", &Link::lacp, "",
        "a bond's port with LACP: up, negotiating, or alone (no partner answers); None for others"},
    Field{"aggregator", &Link::aggregator, "", "a bond's port with LACP: its aggregator's number"},
    Field{"addresses", &Link::addresses, "", "with their prefixes"},
};

template <>
inline constexpr std::string_view type_name<ManagementNetwork> = "ManagementNetwork";
template <>
inline constexpr auto fields<ManagementNetwork> = std::tuple{
    Field{"uplinks", &ManagementNetwork::uplinks, "", "the NICs; two or more make a bond (step 1)"},
    Field{"bond", &ManagementNetwork::bond, "",
          "the bond's interface; default 'bond0' for several NICs, none for one"},
    Field{"bond_mode", &ManagementNetwork::bond_mode, "", "default 802.3ad (Scaling Logic)"},
    Field{"bond_options", &ManagementNetwork::bond_options, "",
          "default {'lacp_rate': 'fast', 'miimon': '100'}"},
    Field{"vlan", &ManagementNetwork::vlan, "", "the VLAN's number; None: untagged (step 2)",
          Range{1, 4094}},
    Field{"bridge", &ManagementNetwork::bridge, "",
          "the zone's KVM traffic label; default cloudbr0 (step 3)"},
    Field{"addresses", &ManagementNetwork::addresses, "",
          "of the bridge, at least one IPv4 (step 5)"},
    Field{"gateway", &ManagementNetwork::gateway, "",
          "IPv4 default gateway, inside an address's network"},
    Field{"gateway6", &ManagementNetwork::gateway6, "", "IPv6 default gateway"},
    Field{"dns", &ManagementNetwork::dns, "", "name servers' addresses"},
    Field{"dns_search", &ManagementNetwork::dns_search, "", "search domains"},
    Field{"mtu", &ManagementNetwork::mtu, "", "bytes, for every link of it; None: the kernel's",
          Range{576, 65535}},
    Field{"stp", &ManagementNetwork::stp, "",
          "None: NetworkManager's default, on: 2 × 15 s of silence"},
    Field{"mac_address", &ManagementNetwork::mac_address, "",
          "pins the bridge's address; None: its uplink's"},
    Field{"servers", &ManagementNetwork::servers, "",
          "management servers, which must stay reachable on TCP 8250"},
};

}  // namespace csnet::inline CSNET_ABI
