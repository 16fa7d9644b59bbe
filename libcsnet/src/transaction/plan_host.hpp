#pragma once

#include "nm/client.hpp"

#include <csnet/plan.hpp>

namespace csnet {

/// plan() for the present host. When all of `desired` is active and unchanged, it reads the active
/// connections only: the cost does not depend on inactive profiles.
/// @throws Error as plan() does
Plan plan_host(nm::Client& client, const HostState& desired, const PlanOptions& options);

}  // namespace csnet
