#pragma once

#include <csnet/facts.hpp>
#include <csnet/probe.hpp>
#include <csnet/profile.hpp>

#include <string>
#include <vector>

namespace csnet::inline CSNET_ABI {

/// The network of a host, current or desired: both are of the same type.
struct HostState {
  std::vector<Profile> profiles{};
  /// Wanted: profiles that shall be gone, each by its uuid, its name or its interface, looked for in this order. A word
  /// that fits several makes plan() throw Error (conflict); one that fits none is ignored.
  std::vector<std::string> remove{};
  /// Wanted: what must be reachable once the profiles are in force.
  std::vector<Probe> probes{};
  /// Current: what NetworkManager sees. Empty: unknown, and plan() then looks at the profiles alone.
  std::vector<Device> devices{};

  bool operator==(const HostState&) const = default;
};

}  // namespace csnet::inline CSNET_ABI
