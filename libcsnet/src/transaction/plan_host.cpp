#include "plan_host.hpp"

#include <csnet/error.hpp>

namespace csnet {

Plan plan_host(nm::Client& client, const Request& request, const PlanOptions& options) {
  // purge and remove may concern any profile.
  if (!options.purge && request.remove.empty() && !client.is_small_host()) {
    if (const auto running = client.read_running(request.wanted)) {
      try {
        auto plan = csnet::plan(request, *running, options);
        if (plan.empty()) return plan;
      } catch (const Error&) {
        // plan() explains the error better with the whole host.
      }
    }
  }
  return csnet::plan(request, client.read(), options);
}

}  // namespace csnet
