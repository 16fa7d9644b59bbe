#pragma once

#include "decisions.hpp"

#include <vector>

namespace csnet::model {

/// Matches each wanted profile with the host's profile that it adopts: by uuid, or else by
/// interface and type, the active one first. Fills all of Wanted but `changes`, in the order of the
/// desired state.
/// @throws Error (conflict) when a wanted uuid belongs to a profile of another type
/// @throws Error (invalid) when two wanted profiles match the same one
/// @throws Error (not_found) when the type of a port is unknown because its controller is
std::vector<Wanted> match_profiles(const PlanContext& context);

}  // namespace csnet::model
