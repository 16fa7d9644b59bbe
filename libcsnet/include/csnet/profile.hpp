#pragma once

#include <csnet/address.hpp>
#include <csnet/api.hpp>

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Profiles: NetworkManager's connections as plain values.
///
/// An empty std::optional means "not mentioned": when a profile is added, the field gets the value
/// that `nmcli con add` gives it; when a profile is modified, the field keeps its value, as with
/// `nmcli con mod`. <csnet/fields.hpp> lists the NetworkManager property, the unit, the range and
/// the default of each field.
namespace csnet::inline CSNET_ABI {

/// The settings `ipv4.*` (Family 4) or `ipv6.*` (Family 6) of a profile.
template <int Family>
struct IpConfig {
  /// auto, manual, disabled, link-local or shared; IPv6 also ignore and dhcp.
  std::optional<std::string> method{};
  /// With method auto, these are used in addition to the addresses from DHCP.
  std::optional<std::vector<Cidr>> addresses{};
  std::optional<IpAddress> gateway{};
  std::optional<std::vector<Route>> routes{};
  std::optional<std::vector<std::string>> dns{};
  std::optional<std::vector<std::string>> dns_search{};
  std::optional<std::int64_t> route_metric{};
  std::optional<bool> never_default{};
  std::optional<bool> may_fail{};
  std::optional<std::int32_t> dad_timeout{};

  bool operator==(const IpConfig&) const = default;
};
using Ip4Config = IpConfig<4>;
using Ip6Config = IpConfig<6>;

/// The settings of a bridge's port. A profile with them is a port of a bridge.
struct BridgePort {
  std::optional<std::uint32_t> priority{};
  std::optional<std::uint32_t> path_cost{};
  std::optional<bool> hairpin_mode{};

  bool operator==(const BridgePort&) const = default;
};

/// The settings of a bond's port. A profile with them is a port of a bond.
struct BondPort {
  std::optional<std::uint32_t> queue_id{};

  bool operator==(const BondPort&) const = default;
};

using Port = std::variant<BridgePort, BondPort>;

/// A bridge. The fields up to `reset` are the same for every type of profile.
struct BridgeProfile {
  static constexpr std::string_view type = "bridge";

  std::string name{};            ///< Must not be empty when a profile is added.
  std::string interface_name{};  ///< 1 to 15 bytes, no '/', no white space.
  std::string uuid{};            ///< Empty: a profile that is added gets a new one.
  std::optional<bool> autoconnect{};
  std::optional<std::int32_t> autoconnect_priority{};
  /// The bridge or bond that has this port, by its interface, its uuid or its profile's name.
  std::optional<std::string> controller{};
  std::optional<Port> port{};
  std::optional<std::string> zone{};
  std::optional<std::uint32_t> mtu{};
  std::optional<std::string> cloned_mac_address{};
  std::optional<Ip4Config> ipv4{};
  std::optional<Ip6Config> ipv6{};
  /// Fields that a modification sets to NetworkManager's default: "mtu", "ipv4.gateway",
  /// "port.priority".
  std::vector<std::string> reset{};

  std::optional<bool> stp{};
  std::optional<std::uint32_t> priority{};
  std::optional<std::uint32_t> forward_delay{};
  std::optional<std::uint32_t> hello_time{};
  std::optional<std::uint32_t> max_age{};
  std::optional<std::uint32_t> ageing_time{};
  std::optional<MacAddress> mac_address{};
  std::optional<bool> vlan_filtering{};
  std::optional<bool> multicast_snooping{};
  std::optional<std::uint32_t> group_forward_mask{};

  bool operator==(const BridgeProfile&) const = default;
};

/// A VLAN on top of another interface.
struct VlanProfile {
  static constexpr std::string_view type = "vlan";

  std::string name{};
  std::string interface_name{};
  std::string uuid{};
  std::optional<bool> autoconnect{};
  std::optional<std::int32_t> autoconnect_priority{};
  std::optional<std::string> controller{};
  std::optional<Port> port{};
  std::optional<std::string> zone{};
  std::optional<std::uint32_t> mtu{};
  std::optional<std::string> cloned_mac_address{};
  std::optional<Ip4Config> ipv4{};
  std::optional<Ip6Config> ipv6{};
  std::vector<std::string> reset{};

  std::optional<std::string> parent{};
  std::optional<std::uint32_t> id{};
  std::optional<std::uint32_t> flags{};
  std::optional<std::map<std::uint32_t, std::uint32_t>> ingress_priority_map{};
  std::optional<std::map<std::uint32_t, std::uint32_t>> egress_priority_map{};

  bool operator==(const VlanProfile&) const = default;
};

/// A bond of several NICs.
struct BondProfile {
  static constexpr std::string_view type = "bond";

  std::string name{};
  std::string interface_name{};
  std::string uuid{};
  std::optional<bool> autoconnect{};
  std::optional<std::int32_t> autoconnect_priority{};
  std::optional<std::string> controller{};
  std::optional<Port> port{};
  std::optional<std::string> zone{};
  std::optional<std::uint32_t> mtu{};
  std::optional<std::string> cloned_mac_address{};
  std::optional<Ip4Config> ipv4{};
  std::optional<Ip6Config> ipv6{};
  std::vector<std::string> reset{};

  std::optional<std::string> mode{};  ///< The kernel's name, "802.3ad", or its number, "4".
  /// Every option but the mode. When mentioned, it replaces all of them, as `bond.options` does.
  std::optional<std::map<std::string, std::string>> options{};

  bool operator==(const BondProfile&) const = default;
};

/// A NIC. With a `port`, nmcli calls it bridge-slave or bond-slave.
struct EthernetProfile {
  static constexpr std::string_view type = "ethernet";

  std::string name{};
  std::string interface_name{};
  std::string uuid{};
  std::optional<bool> autoconnect{};
  std::optional<std::int32_t> autoconnect_priority{};
  std::optional<std::string> controller{};
  std::optional<Port> port{};
  std::optional<std::string> zone{};
  std::optional<std::uint32_t> mtu{};
  std::optional<std::string> cloned_mac_address{};
  std::optional<Ip4Config> ipv4{};
  std::optional<Ip6Config> ipv6{};
  std::vector<std::string> reset{};

  std::optional<MacAddress> mac_address{};  ///< Only the NIC with this permanent address.
  /// Interrupt coalescing, by the names that `ethtool -C` uses: {"rx-usecs", 50}.
  std::optional<std::map<std::string, std::uint32_t>> coalesce{};

  bool operator==(const EthernetProfile&) const = default;
};

/// A profile of any type: BridgeProfile, VlanProfile, BondProfile and EthernetProfile convert to
/// it.
class CSNET_API Profile {
 public:
  using Types = std::variant<BridgeProfile, VlanProfile, BondProfile, EthernetProfile>;

  /// An empty BridgeProfile.
  Profile() = default;
  Profile(Types profile) noexcept;  // NOLINT(google-explicit-constructor)
  template <class P>
  requires std::same_as<decltype(P::type), const std::string_view> Profile(P profile)
      : of_(std::move(profile)) {}  // NOLINT(google-explicit-constructor)

  /// NetworkManager's word for the type: "bridge", "vlan", "bond" or "ethernet".
  [[nodiscard]] std::string_view type() const noexcept;
  /// The fields that every type has.
  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] const std::string& interface_name() const noexcept;
  [[nodiscard]] const std::string& uuid() const noexcept;
  [[nodiscard]] const std::optional<std::string>& controller() const noexcept;
  [[nodiscard]] const std::optional<Port>& port() const noexcept;

  /// Whether it is of the type P.
  template <class P>
  [[nodiscard]] bool is() const noexcept {
    return std::holds_alternative<P>(of_);
  }
  /// The profile as a P; a null pointer when it is of another type.
  template <class P>
  [[nodiscard]] const P* get_if() const noexcept {
    return std::get_if<P>(&of_);
  }
  template <class P>
  [[nodiscard]] P* get_if() noexcept {
    return std::get_if<P>(&of_);
  }
  /// Calls `visitor` with the BridgeProfile, VlanProfile, BondProfile or EthernetProfile, and
  /// returns its result.
  template <class Visitor>
  decltype(auto) visit(Visitor&& visitor) const {
    return std::visit(std::forward<Visitor>(visitor), of_);
  }
  template <class Visitor>
  decltype(auto) visit(Visitor&& visitor) {
    return std::visit(std::forward<Visitor>(visitor), of_);
  }

  bool operator==(const Profile&) const = default;

 private:
  Types of_;
};

/// The profile that `nmcli con add type bridge-slave con-name NAME ifname INTERFACE master BRIDGE`
/// makes.
///
/// It is of type ethernet, so NetworkManager never activates it on a VLAN device. Make the
/// VlanProfile itself the port instead (`.controller = "cloudbr0", .port = BridgePort{}`), as
/// ManagementNetwork does.
CSNET_API EthernetProfile bridge_slave(std::string name, std::string interface_name,
                                       std::string controller, BridgePort port = {});

/// The profile that `nmcli con add type bond-slave …` makes.
CSNET_API EthernetProfile bond_slave(std::string name, std::string interface_name,
                                     std::string controller, BondPort port = {});

/// Returns `base` with the fields that `changes` mentions; all others remain as in `base`.
///
/// `ipv4`, `ipv6` and a port of the same kind are merged field by field. A field that `reset` names
/// is not mentioned in the result. Dependent fields follow:
/// - a port has no IP configuration;
/// - a profile with an empty `controller` is no longer a port;
/// - the gateway is removed with the addresses (`addresses` mentioned and empty), and when
///   `never_default` is set.
/// @throws Error (invalid) when the two are of different types, or `reset` names an unknown field.
CSNET_API Profile merge(Profile base, const Profile& changes);

/// Returns the profile's name in messages, "vlan 'eth0.100'".
CSNET_API std::string subject(const Profile& profile);

}  // namespace csnet::inline CSNET_ABI
