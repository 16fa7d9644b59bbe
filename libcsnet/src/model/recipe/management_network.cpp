#include "findings.hpp"
#include "known_words.hpp"

#include <csnet/fields.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <utility>

namespace csnet::inline CSNET_ABI {
namespace {

/// The bond's interface; nothing when the only NIC is used directly.
std::optional<std::string> bond_of(const ManagementNetwork& network) {
  if (network.bond || network.uplinks.size() < 2) return network.bond;
  return "bond0";
}

/// The parent of the VLAN or, without a VLAN, the port of the bridge.
std::string parent_of(const ManagementNetwork& network) {
  if (const auto bond = bond_of(network)) return *bond;
  return network.uplinks.empty() ? std::string{} : network.uplinks.front();
}

template <class P>
P named_after(const std::string& interface_name, std::optional<std::uint32_t> mtu) {
  P profile;
  profile.name = interface_name;
  profile.interface_name = interface_name;
  profile.mtu = mtu;
  return profile;
}

/// The interface is up without an address (step 1).
template <class P>
void without_address(P& profile) {
  profile.ipv4 = Ip4Config{.method = "disabled"};
  profile.ipv6 = Ip6Config{.method = "disabled"};
}

template <class P>
void port_of(P& profile, const std::string& controller, Port port) {
  profile.controller = controller;
  profile.port = port;
}

BridgeProfile bridge_of(const ManagementNetwork& network) {
  auto bridge = named_after<BridgeProfile>(network.bridge, network.mtu);
  bridge.stp = network.stp;
  bridge.mac_address = network.mac_address;

  Ip4Config ipv4{.method = "manual", .addresses = std::vector<Cidr>{}, .gateway = network.gateway};
  // The agent ignores IPv6: without IPv4, NetworkManager must not report the bridge as activated.
  ipv4.may_fail = false;
  Ip6Config ipv6{.method = "manual", .addresses = std::vector<Cidr>{}, .gateway = network.gateway6};
  for (const auto& address : network.addresses) {
    (address.is_ipv6() ? ipv6.addresses : ipv4.addresses)->push_back(address);
  }
  for (const auto& server : network.dns) {
    const bool is_ipv6 = server.find(':') != std::string::npos;
    auto& servers = is_ipv6 ? ipv6.dns : ipv4.dns;
    if (!servers) servers.emplace();
    servers->push_back(server);
  }
  if (!network.dns_search.empty()) ipv4.dns_search = network.dns_search;
  bridge.ipv4 = std::move(ipv4);
  // Without an IPv6 address in the recipe, IPv6 is left alone: the bridge keeps NetworkManager's
  // default.
  if (!ipv6.addresses->empty() || ipv6.gateway) {
    bridge.ipv6 = std::move(ipv6);
  } else if (ipv6.dns) {
    bridge.ipv6 = Ip6Config{.dns = std::move(ipv6.dns)};
  }
  return bridge;
}

Request build(const ManagementNetwork& network) {
  Request request;
  const auto bond = bond_of(network);
  const auto parent = parent_of(network);

  if (bond) {
    auto profile = named_after<BondProfile>(*bond, network.mtu);
    profile.mode = network.bond_mode;
    profile.options = network.bond_options;
    if (network.vlan) {
      without_address(profile);
    } else {
      port_of(profile, network.bridge, BridgePort{});
    }
    request.wanted.profiles.emplace_back(std::move(profile));
  }
  for (const auto& uplink : network.uplinks) {
    auto nic = named_after<EthernetProfile>(uplink, network.mtu);
    if (bond) {
      port_of(nic, *bond, BondPort{});
    } else if (network.vlan) {
      without_address(nic);
    } else {
      port_of(nic, network.bridge, BridgePort{});
    }
    request.wanted.profiles.emplace_back(std::move(nic));
  }
  if (network.vlan) {
    auto vlan = named_after<VlanProfile>(fmt::format("{}.{}", parent, *network.vlan), network.mtu);
    vlan.parent = parent;
    vlan.id = network.vlan;
    port_of(vlan, network.bridge, BridgePort{});
    request.wanted.profiles.emplace_back(std::move(vlan));
  }
  request.wanted.profiles.emplace_back(bridge_of(network));
  for (const auto& server : network.servers) {
    request.probes.push_back({.type = ProbeType::tcp,
                              .target = Endpoint(server, agent_port).to_string(),
                              .interface_name = network.bridge});
  }
  if (network.gateway) {
    request.probes.push_back({.type = ProbeType::arp,
                              .target = network.gateway->to_string(),
                              .interface_name = network.bridge});
  }
  return request;
}

}  // namespace

std::vector<Finding> validate(const ManagementNetwork& network) {
  std::vector<Finding> all;
  const auto subject = fmt::format("management network '{}'", network.bridge);
  model::Findings findings(all, subject);
  if (network.uplinks.empty())
    findings.error("missing", "uplinks", "is empty", "name the NIC, 'eth0'");
  for (std::size_t i = 0; i < network.uplinks.size(); ++i) {
    const auto here = network.uplinks.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(network.uplinks.begin(), here, *here) != here) {
      findings.error("repeated-uplink", fmt::format("uplinks[{}]", i),
                     fmt::format("'{}' is named twice", *here));
    }
  }
  if (network.uplinks.size() == 1 && parent_of(network) == network.bridge) {
    findings.error("uplink-is-bridge", "bridge",
                   fmt::format("'{}' is the uplink and the bridge", network.bridge));
  }
  const bool has_ipv4 =
      std::ranges::any_of(network.addresses, [](const Cidr& a) { return !a.is_ipv6(); });
  if (network.addresses.empty()) {
    findings.error("missing", "addresses", "is empty",
                   "give the bridge an address, 192.168.100.10/24");
  } else if (!has_ipv4) {
    findings.error("ipv4-missing", "addresses", "there is no IPv4 address",
                   "CloudStack's agent counts IPv4 addresses only: add one");
  }
  // Values with a finding are replaced, so that the profiles made from them do not repeat it.
  auto checked = network;
  checked.uplinks.clear();
  for (const auto& uplink : network.uplinks) {
    if (std::ranges::find(checked.uplinks, uplink) == checked.uplinks.end())
      checked.uplinks.push_back(uplink);
  }
  if (network.vlan && (*network.vlan < vlan_ids.min || *network.vlan > vlan_ids.max)) {
    findings.error(
        "out-of-range", "vlan",
        fmt::format("{} is not a VLAN id ({} to {})", *network.vlan, vlan_ids.min, vlan_ids.max));
    checked.vlan = 1;
  }
  if (network.vlan.value_or(0) < 1000)
    model::warn_of_long_parent(parent_of(network), bond_of(network) ? "bond" : "uplinks[0]",
                               findings);
  if (network.uplinks.empty() || !has_ipv4) return all;

  const auto made = build(checked);
  // Several profiles are made from one field: only the first finding is kept.
  std::set<std::pair<Severity, std::string>> said;
  for (const auto& finding : all) said.emplace(finding.severity, finding.field);
  for (auto& finding : validate(made)) {
    if (finding.field == "ipv4.method" || finding.field == "ipv6.method")
      continue;  // follows from others
    for (std::size_t at = 0; at < made.probes.size(); ++at) {
      if (finding.item != fmt::format("probes[{}]", at)) continue;
      const bool is_server = at < network.servers.size();
      finding.field = finding.field == "interface_name" ? "bridge"
                      : is_server                       ? fmt::format("servers[{}]", at)
                                                        : "gateway";
    }
    for (std::size_t at = 0; at < made.wanted.profiles.size(); ++at) {
      if (finding.item == fmt::format("profiles[{}]", at))
        finding.field = recipe_field(network, made.wanted.profiles[at], finding.field);
    }
    // The recipe knows all ports of its bond.
    if (finding.id == "primary-is-not-a-port") finding.severity = Severity::error;
    if (!said.emplace(finding.severity, finding.field).second) continue;
    finding.item.clear();
    finding.subject = subject;
    all.push_back(std::move(finding));
  }
  return all;
}

Request ManagementNetwork::desired() const {
  throw_if_invalid(validate(*this));
  return build(*this);
}

Plan plan(const ManagementNetwork& network, const Facts& facts, const PlanOptions& options) {
  return plan(network.desired(), facts, options);
}

}  // namespace csnet::inline CSNET_ABI
