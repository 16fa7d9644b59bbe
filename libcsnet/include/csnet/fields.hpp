#pragma once

#include <csnet/facts.hpp>
#include <csnet/field.hpp>
#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>
#include <csnet/management_network.hpp>
#include <csnet/plan.hpp>
#include <csnet/probe.hpp>
#include <csnet/profile_fields.hpp>
#include <csnet/transaction.hpp>

#include <string_view>
#include <tuple>

/// The fields of every value, each once: printing, validation, the conversion to and from NetworkManager's settings and
/// the Python module all go through these tables, so that a new field is one member and one row.
namespace csnet::inline CSNET_ABI {

template <>
inline constexpr std::string_view type_name<HostState> = "HostState";
template <>
inline constexpr auto fields<HostState> = std::tuple{
    Field{"profiles", &HostState::profiles, "", "NetworkManager's profiles"},
};

template <>
inline constexpr std::string_view type_name<Request> = "Request";
template <>
inline constexpr auto fields<Request> = std::tuple{
    Field{"wanted", &Request::wanted, "", "the state that the host shall have"},
    Field{"remove", &Request::remove, "", "uuids, names or interfaces of profiles to delete"},
    Field{"probes", &Request::probes, "", "what must be reachable afterwards"},
};

template <>
inline constexpr std::string_view type_name<Facts> = "Facts";
template <>
inline constexpr auto fields<Facts> = std::tuple{
    Field{"current", &Facts::current, "", "the state that the host has"},
    Field{"devices", &Facts::devices, "", "the interfaces that NetworkManager sees; [] is unknown"},
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
    Field{"after", &Change::after, "", "as text; '' where there is no longer a value"},
};

template <>
inline constexpr std::string_view type_name<Step> = "Step";
template <>
inline constexpr auto fields<Step> = std::tuple{
    Field{"action", &Step::action, "", "what it does"},
    Field{"item", &Step::item, "", "the profile as the step leaves it"},
    Field{"name", &Step::name, "",
          "the name of the profile before the step renames it; '' is the item's own"},
    Field{"changes", &Step::changes, "", "what differs from the profile before; of add and modify"},
    Field{"why", &Step::why, "", "the reason"},
    Field{"interrupts", &Step::interrupts, "", "the interfaces whose traffic stops; '' is none"},
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
    Field{"notes", &Plan::notes, "", "findings for the operator to read before"},
    Field{"request", &Plan::request, "", "what it was made for"},
    Field{"options", &Plan::options, "", "the options of plan()"},
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
    Field{"holder", &Transaction::holder, "", "the process that runs it, or ''"},
    Field{"left", &Transaction::left, "",
          "until NetworkManager rolls back on its own; 0 when it will not"},
    Field{"profiles", &Transaction::profiles, "",
          "uuids of the profiles that it adds, changes or deletes"},
};

template <>
inline constexpr std::string_view type_name<Finding> = "Finding";
template <>
inline constexpr auto fields<Finding> = std::tuple{
    Field{"severity", &Finding::severity, "", "info, warning or error"},
    Field{"id", &Finding::id, "", "the check, 'out-of-range': docs/findings.md"},
    Field{"subject", &Finding::subject, "", "what it is about, \"vlan 'eth0.100'\""},
    Field{"item", &Finding::item, "",
          "the validated value that it is about, 'profiles[2]', 'probes[0]', or ''"},
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
    Field{"up", &Link::up, "", "the flag IFF_UP: `ip link set up`"},
    Field{"carrier", &Link::carrier, "", "the link is up"},
    Field{"speed", &Link::speed, "", "Mbit/s; None is unknown"},
    Field{"duplex", &Link::duplex, "", "full, half, or '' (unknown)"},
    Field{"driver", &Link::driver, "", "the driver's name, or ''"},
    Field{"controller", &Link::controller, "", "interface name of its bridge or bond, or ''"},
    Field{"parent", &Link::parent, "", "interface name of a VLAN's parent, or ''"},
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
          vlan_ids, Standard{}, FieldTraits{.noun = "VLAN id"}},
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
