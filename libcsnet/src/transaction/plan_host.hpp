#pragma once

#include "nm/client.hpp"

#include <csnet/plan.hpp>

namespace csnet {

/// plan() for the present host. When all of `request` is active and unchanged on a host with many
/// profiles, it reads the active connections only: the cost does not depend on inactive profiles.
/// @throws Error as plan() does
Plan plan_host(nm::Client& client, const Request& request, const PlanOptions& options);

}  // namespace csnet
