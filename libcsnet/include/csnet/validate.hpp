#pragma once

#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>

#include <span>
#include <vector>

namespace csnet {

/// Every problem of the profiles, at once and in their order; empty when there is none. Pure: asks no daemon.
///
/// Checks each profile alone, then what lies between them: ports and their controllers, a VLAN's MTU and its parent's.
/// Profiles that are not in the state (the host's others) are assumed to be right.
CSNET_API std::vector<Finding> validate(const HostState& state);

/// Throws the first finding of severity error as Error (invalid), and counts the others in its hint.
/// @throws Error (invalid)
CSNET_API void throw_if_invalid(std::span<const Finding> findings);

}  // namespace csnet
