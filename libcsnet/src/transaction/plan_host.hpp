#pragma once

#include "nm/client.hpp"

#include <csnet/plan.hpp>

namespace csnet {

/// plan() of the host as it is now. Where all that is wanted is in force, no more of the host is read than shows it,
/// however many profiles it has.
/// @throws Error as plan() does
Plan plan_host(nm::Client& client, const Request& request, const PlanOptions& options);

}  // namespace csnet
