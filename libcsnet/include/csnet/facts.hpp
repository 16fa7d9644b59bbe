#pragma once

#include <csnet/address.hpp>
#include <csnet/api.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace csnet::inline CSNET_ABI {

/// A network interface as NetworkManager reports it.
struct Device {
  std::string interface_name{};
  /// ethernet, bridge, vlan, bond, veth, tun, …; a number when csnet has no word for the type.
  std::string type{};
  /// NetworkManager's NMDeviceState: unmanaged, unavailable, disconnected, activated, …
  std::string state{};
  std::optional<MacAddress> mac_address{};
  std::optional<std::uint32_t> mtu{};  ///< Bytes; empty: NetworkManager does not report it.
  bool carrier = false;
  /// Interface name of the bridge or bond that it is a port of; or empty.
  std::string controller{};
  std::vector<std::string> ports{};      ///< Interface names, sorted.
  std::optional<std::string> profile{};  ///< The uuid of the active profile; empty: none is active.
  std::vector<Cidr> addresses{};
  /// Its profile has changed since it was activated, and the change is not active.
  bool stale = false;
  bool persistent = false;  ///< Its active profile is on disk and comes back after a reboot.

  bool operator==(const Device&) const = default;
};

/// The LACP state of a bond's port.
enum class LacpState {
  up,           ///< It carries traffic.
  negotiating,  ///< The partner answers, but the port does not carry traffic yet.
  alone,        ///< No partner answers.
};

/// "up", "negotiating" or "alone": the enumerator's own name.
CSNET_API std::string_view to_string(LacpState state) noexcept;

/// A network interface as the kernel reports it, whichever program created it.
struct Link {
  std::string interface_name{};
  std::uint32_t index = 0;
  /// physical, loopback, or the kernel's word: bridge, vlan, bond, tun, veth, …
  std::string kind{};
  std::optional<MacAddress> mac_address{};
  std::optional<MacAddress> permanent_mac_address{};  ///< A NIC's own.
  std::uint32_t mtu = 0;                              ///< Bytes.
  bool up = false;                                    ///< The flag IFF_UP: `ip link set up`.
  bool carrier = false;
  std::optional<std::uint32_t> speed{};  ///< Mbit/s; empty: unknown.
  std::string duplex{};                  ///< full, half, or empty.
  std::string driver{};
  /// Interface name of the bridge or bond that it is a port of; or empty.
  std::string controller{};
  std::string parent{};  ///< Interface name of a VLAN's parent; or empty.
  std::optional<std::uint32_t> vlan_id{};
  std::optional<bool> stp{};  ///< Of a bridge.
  /// Of a bridge's port: disabled, listening, learning, forwarding or blocking.
  std::string port_state{};
  /// Of a bond, from /sys: mode, miimon, active_slave, ad_partner_mac, …
  std::map<std::string, std::string> bond{};
  std::string mii_status{};                   ///< Of a bond's port: up, down, or changing.
  std::optional<LacpState> lacp{};            ///< Of a bond's port with LACP.
  std::optional<std::uint32_t> aggregator{};  ///< Of a bond's port with LACP.
  std::vector<Cidr> addresses{};

  bool operator==(const Link&) const = default;
};

}  // namespace csnet::inline CSNET_ABI
