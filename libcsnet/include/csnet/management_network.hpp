#pragma once

#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace csnet::inline CSNET_ABI {

/// The recipe: a CloudStack KVM host's management traffic on a network of its own.
///
/// NIC, or a bond of NICs → VLAN, if one is given → bridge → static address: the manual's steps 1 to 5, and its
/// "Scaling Logic" when there is a bond.
struct ManagementNetwork {
  /// The NICs (step 1). One stands alone unless `bond` is given; two or more make a bond.
  std::vector<std::string> uplinks{};
  /// The bond's interface (Scaling Logic). Empty: none for one uplink, "bond0" for several.
  std::optional<std::string> bond{};
  std::string bond_mode = "802.3ad";
  std::map<std::string, std::string> bond_options = {{"lacp_rate", "fast"}, {"miimon", "100"}};
  /// The management VLAN, 1 to 4094 (step 2). Empty: untagged.
  std::optional<std::uint32_t> vlan{};
  /// The bridge, which must be the zone's KVM traffic label (step 3).
  std::string bridge = "cloudbr0";
  /// The bridge's addresses (step 5), at least one of them IPv4: the CloudStack agent counts no other.
  std::vector<Cidr> addresses{};
  std::optional<IpAddress> gateway{};   ///< IPv4, inside one of the addresses' networks.
  std::optional<IpAddress> gateway6{};  ///< IPv6.
  std::vector<std::string> dns{};
  std::vector<std::string> dns_search{};
  /// For every link of it, in bytes. Empty: the kernel's own.
  std::optional<std::uint32_t> mtu{};
  /// Empty: NetworkManager's default, which is on, and keeps the bridge silent for 2 × 15 s.
  std::optional<bool> stp{};
  /// Pins the bridge's address. Empty: the bridge takes its uplink's, as the kernel chooses.
  std::optional<MacAddress> mac_address{};
  /// Management servers: what must stay reachable on TCP 8250.
  std::vector<IpAddress> servers{};

  /// The profiles, from the NIC up to the bridge, named after their interfaces; and as probes, TCP 8250 of each server
  /// and the gateway's ARP, out of the bridge.
  /// @throws Error (invalid) when validate() finds an error; warnings do not stop it.
  [[nodiscard]] CSNET_API Request desired() const;

  bool operator==(const ManagementNetwork&) const = default;
};

/// Every problem of the recipe at once, with those of the profiles that it makes, and warnings about CloudStack's
/// own limits on names (a parent too long for four-digit VLANs, a NIC that its agent does not recognise). A finding's
/// `field` is one of the recipe: "gateway", "uplinks[1]", "bond_options.miimon".
CSNET_API std::vector<Finding> validate(const ManagementNetwork& network);

/// The field of the recipe that a field of one of its profiles is made of: "ipv4.gateway" of the bridge is "gateway".
/// One that is made of no other has the same name in both.
CSNET_API std::string recipe_field(const ManagementNetwork& network, const Profile& made,
                                   std::string_view field);

}  // namespace csnet::inline CSNET_ABI
