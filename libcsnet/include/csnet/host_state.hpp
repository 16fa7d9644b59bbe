#pragma once

#include <csnet/facts.hpp>
#include <csnet/probe.hpp>
#include <csnet/profile.hpp>

#include <string>
#include <vector>

namespace csnet::inline CSNET_ABI {

/// The state of a host's network, wanted or current: the same type, so that both can be compared.
struct HostState {
  std::vector<Profile> profiles{};

  bool operator==(const HostState&) const = default;
};

/// A request for a state: what shall be there, what shall no longer be there, and what must be reachable afterwards.
struct Request {
  HostState wanted{};
  /// Profiles that shall be deleted, each by its uuid, its name or its interface, looked for in this order. plan() throws
  /// Error (conflict) for a word that fits several profiles, and ignores one that fits none.
  std::vector<std::string> remove{};
  /// Probes that must pass once the profiles are active.
  std::vector<Probe> probes{};

  bool operator==(const Request&) const = default;
};

/// The facts of a host, as Session::read() finds them.
struct Facts {
  HostState current{};
  /// The interfaces that NetworkManager sees. Empty: unknown, and plan() compares the profiles alone.
  std::vector<Device> devices{};

  bool operator==(const Facts&) const = default;
};

}  // namespace csnet::inline CSNET_ABI
