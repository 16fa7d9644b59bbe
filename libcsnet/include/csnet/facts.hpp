#pragma once

#include <csnet/address.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace csnet {

/// A network interface as NetworkManager sees it now.
struct Device {
  std::string interface_name{};
  std::string
      type{};  ///< ethernet, bridge, vlan, bond, veth, tun, …; a number when csnet has no word for it.
  std::string
      state{};  ///< unmanaged, unavailable, disconnected, activated, …: NetworkManager's NMDeviceState.
  std::optional<MacAddress> mac_address{};
  std::uint32_t mtu = 0;  ///< bytes
  bool carrier = false;
  std::string
      controller{};  ///< Interface name of the bridge or bond that it is a port of; or empty.
  std::vector<std::string> ports{};  ///< Interface names, sorted.
  std::string profile{};             ///< uuid of the active profile, or empty.
  std::vector<Cidr> addresses{};
  bool stale =
      false;  ///< Its profile was changed since it came up: it runs by what was there before.

  bool operator==(const Device&) const = default;
};

}  // namespace csnet
