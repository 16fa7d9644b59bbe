#pragma once

#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>

#include <span>
#include <vector>

namespace csnet::inline CSNET_ABI {

/// Every problem of the state, at once and in the profiles' order, then those of `remove` and of the probes; empty when
/// there is none. Pure: asks no daemon.
///
/// Checks each profile alone, then what lies between them; what is wrong between two is said of the later one:
/// - ports and their controllers, a VLAN's MTU and its parent's;
/// - circles of controllers and parents, "cloudbr0 → eth0.100 → eth0 → cloudbr0";
/// - a VLAN on a port of a bond, and (warning) one in the same bridge as its parent;
/// - one interface with two profiles that come up by themselves with equal priority;
/// - one uuid, or one parent and VLAN id, with two profiles; one name with two (warning);
/// - one address on two interfaces, or twice in a profile (warning); networks that overlap (warning);
/// - two default gateways of a family, unless each has a route_metric of its own.
///
/// Of several profiles of one interface, only those that come up first by themselves have circles, VLANs, addresses and
/// gateways: a retired profile beside the real one is no mistake. Where none comes up by itself, all have.
///
/// A controller or parent is named by uuid or interface, else by profile name. Profiles that are not in the state (the
/// host's others) are assumed to be right. `devices` are not looked at.
CSNET_API std::vector<Finding> validate(const HostState& state);

/// The same for a request: also of `remove` and `probes`.
CSNET_API std::vector<Finding> validate(const Request& request);

/// Throws the first finding of severity error as Error (invalid), and counts the others in its hint.
/// @throws Error (invalid)
CSNET_API void throw_if_invalid(std::span<const Finding> findings);

}  // namespace csnet::inline CSNET_ABI
