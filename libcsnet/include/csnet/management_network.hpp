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
/// NIC, or a bond of NICs → VLAN, if one is given → bridge → static address: the manual's steps 1
/// to 5, and its "Scaling Logic" when there is a bond.
struct ManagementNetwork {
  /// The NICs (step 1). One is used directly unless `bond` is given; two or more become a bond.
  std::vector<std::string> uplinks{};
  /// The bond's interface (Scaling Logic). Empty: none for one uplink, "bond0" for several.
  std::optional<std::string> bond{};
  std::string bond_mode = "802.3ad";
  std::map<std::string, std::string> bond_options = {{"lacp_rate", "fast"}, {"miimon", "100"}};
  /// The management VLAN, 1 to 4094 (step 2). Empty: untagged.
  std::optional<std::uint32_t> vlan{};
  /// The bridge, which must be the zone's KVM traffic label (step 3).
  std::string bridge = "cloudbr0";
  /// The bridge's addresses (step 5), at least one of them IPv4: the CloudStack agent ignores IPv6.
  std::vector<Cidr> addresses{};
  std::optional<IpAddress> gateway{};   ///< IPv4, inside one of the addresses' networks.
  std::optional<IpAddress> gateway6{};  ///< IPv6.
  std::vector<std::string> dns{};
  std::vector<std::string> dns_search{};
  /// The MTU of all its interfaces, in bytes. Empty: the kernel's default.
  std::optional<std::uint32_t> mtu{};
  /// Whether the bridge uses STP. Empty: NetworkManager's default, which is on; then the bridge
  /// forwards nothing during its first 2 × 15 s.
  std::optional<bool> stp{};
  /// The bridge's MAC address. Empty: the kernel gives the bridge that of its uplink.
  std::optional<MacAddress> mac_address{};
  /// The management servers, which must stay reachable on TCP port 8250.
  std::vector<IpAddress> servers{};

  /// Returns the wanted state that the recipe makes.
  ///
  /// Its profiles are named after their interfaces, from the NIC up to the bridge. Its probes are
  /// TCP port 8250 of each server and the gateway's ARP, out of the bridge.
  /// @throws Error (invalid) when validate() finds an error; warnings do not stop it.
  [[nodiscard]] CSNET_API Request desired() const;

  bool operator==(const ManagementNetwork&) const = default;
};

/// Finds every problem of the recipe and of the profiles that it makes.
///
/// Warns of CloudStack's limits on names, too: a parent too long for four-digit VLANs, a NIC that
/// its agent does not recognise. A finding's `field` is one of the recipe: "gateway", "uplinks[1]",
/// "bond_options.miimon".
CSNET_API std::vector<Finding> validate(const ManagementNetwork& network);

/// Returns the field of the recipe from which a field of one of its profiles is made.
///
/// "ipv4.gateway" of the bridge is "gateway". A field without such a source keeps its name.
CSNET_API std::string recipe_field(const ManagementNetwork& network, const Profile& made,
                                   std::string_view field);

}  // namespace csnet::inline CSNET_ABI
