#pragma once

#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>

#include <span>
#include <vector>

namespace csnet::inline CSNET_ABI {

/// Finds every problem of the state; the result is empty when there is none.
///
/// Problems are in the order of the profiles, then those of `remove` and of the probes. Pure: needs
/// no daemon. Each profile is checked alone, then the relations between profiles. A problem of two
/// profiles is reported for the later one:
/// - ports and their controllers, a VLAN's MTU and its parent's;
/// - circles of controllers and parents, "cloudbr0 → eth0.100 → eth0 → cloudbr0";
/// - a VLAN on a port of a bond, and (warning) one in the same bridge as its parent;
/// - one interface with two profiles that have autoconnect and equal priority;
/// - one uuid, or one parent and VLAN id, with two profiles; one name with two (warning);
/// - one address on two interfaces, or twice in a profile (warning); networks that overlap
///   (warning);
/// - two default gateways of a family, unless each has a route_metric of its own.
///
/// Of several profiles for one interface, circles, VLANs, addresses and gateways are checked only
/// for those that NetworkManager brings up first on its own: a retired profile beside the active
/// one is not a mistake. When none has autoconnect, all are checked.
///
/// A controller or parent is named by uuid or interface, else by profile name. Profiles outside the
/// state (other profiles of the host) are assumed to be right.
CSNET_API std::vector<Finding> validate(const HostState& state);

/// The same for a request: also checks `remove` and `probes`.
CSNET_API std::vector<Finding> validate(const Request& request);

/// Finds problems of a host as it is: bridges with several uplinks (warning).
CSNET_API std::vector<Finding> validate(const Facts& facts);

/// Throws the first finding of severity error as Error (invalid), with the other errors in its
/// hint.
/// @throws Error (invalid)
CSNET_API void throw_if_invalid(std::span<const Finding> findings);

}  // namespace csnet::inline CSNET_ABI
