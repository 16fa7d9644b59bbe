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

/// A network interface as NetworkManager sees it now.
struct Device {
  std::string interface_name{};
  std::string
      type{};  ///< ethernet, bridge, vlan, bond, veth, tun, …; a number when csnet has no word for it.
  std::string
      state{};  ///< unmanaged, unavailable, disconnected, activated, …: NetworkManager's NMDeviceState.
  std::optional<MacAddress> mac_address{};
  std::optional<std::uint32_t> mtu{};  ///< Bytes; empty: NetworkManager does not say.
  bool carrier = false;
  std::string
      controller{};  ///< Interface name of the bridge or bond that it is a port of; or empty.
  std::vector<std::string> ports{};      ///< Interface names, sorted.
  std::optional<std::string> profile{};  ///< The uuid of the active profile; empty: none is active.
  std::vector<Cidr> addresses{};
  bool stale =
      false;  ///< Its profile was changed since it came up: it runs by what was there before.
  bool persistent = false;  ///< Its active profile is on disk, and is there after a reboot.

  bool operator==(const Device&) const = default;
};

/// How far a bond's port is with LACP.
enum class LacpState {
  up,           ///< It carries traffic.
  negotiating,  ///< The partner answers, and the port does not carry traffic yet.
  alone,        ///< No partner answers.
};

/// "up", "negotiating" or "alone": the enumerator's own name.
CSNET_API std::string_view to_string(LacpState state) noexcept;

/// A network interface as the kernel sees it now, whoever made it.
struct Link {
  std::string interface_name{};
  std::uint32_t index = 0;
  std::string
      kind{};  ///< physical, loopback, or the kernel's word: bridge, vlan, bond, tun, veth, …
  std::optional<MacAddress> mac_address{};
  std::optional<MacAddress> permanent_mac_address{};  ///< A NIC's own.
  std::uint32_t mtu = 0;                              ///< bytes
  bool up = false;                                    ///< Somebody set it up.
  bool carrier = false;
  std::optional<std::uint32_t> speed{};  ///< Mbit/s; empty: unknown.
  std::string duplex{};                  ///< full, half, or empty.
  std::string driver{};
  std::string
      controller{};      ///< Interface name of the bridge or bond that it is a port of; or empty.
  std::string parent{};  ///< Interface name of what a VLAN lies on; or empty.
  std::optional<std::uint32_t> vlan_id{};
  std::optional<bool> stp{};  ///< Of a bridge.
  std::string
      port_state{};  ///< Of a bridge's port: disabled, listening, learning, forwarding or blocking.
  std::map<std::string, std::string>
      bond{};  ///< What /sys says of a bond: mode, miimon, active_slave, ad_partner_mac, …
  std::string mii_status{};                   ///< Of a bond's port: up, down, or going there.
  std::optional<LacpState> lacp{};            ///< Of a bond's port with LACP.
  std::optional<std::uint32_t> aggregator{};  ///< Of a bond's port with LACP.
  std::vector<Cidr> addresses{};

  bool operator==(const Link&) const = default;
};

}  // namespace csnet::inline CSNET_ABI
