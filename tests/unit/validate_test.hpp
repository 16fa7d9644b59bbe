#pragma once

#include <csnet/validate.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

/// The common parts of the tests of validate().
namespace csnet {

inline const BridgeProfile kBridge{.name = "cloudbr0", .interface_name = "cloudbr0"};
inline const VlanProfile kVlan{
    .name = "eth0.100", .interface_name = "eth0.100", .parent = "eth0", .id = 100};
inline const EthernetProfile kNic{.name = "eth0", .interface_name = "eth0"};

template <class P, class Change>
P with(P profile, Change change) {
  change(profile);
  return profile;
}

/// A line for each finding: "error vlan 'eth0.100': id: is missing".
inline std::string findings_of(const Request& request) {
  std::string all;
  for (const auto& finding : validate(request)) {
    all += std::string(to_string(finding.severity)) + " " + to_text(finding) + "\n";
  }
  return all;
}
inline std::string findings_of(const HostState& state) { return findings_of(Request{state}); }
inline std::string findings_of(const Profile& profile) { return findings_of(HostState{{profile}}); }

/// A NIC with this static address.
inline EthernetProfile nic(const char* name, const char* address,
                           std::optional<IpAddress> gateway = {}) {
  return {.name = name,
          .interface_name = name,
          .ipv4 = Ip4Config{
              .method = "manual", .addresses = {{address}}, .gateway = std::move(gateway)}};
}

inline VlanProfile vlan(const char* name, const char* parent, std::uint32_t id) {
  return {.name = name, .interface_name = name, .parent = parent, .id = id};
}

template <class P>
P port_of(const char* above, Port port, P profile) {
  profile.controller = above;
  profile.port = port;
  return profile;
}

inline const auto kOff = [](auto& p) { p.autoconnect = false; };

}  // namespace csnet
