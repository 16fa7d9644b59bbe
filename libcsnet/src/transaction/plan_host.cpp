#include "plan_host.hpp"

#include <csnet/error.hpp>

namespace csnet {

Plan plan_host(nm::Client& client, const HostState& desired, const PlanOptions& options) {
  // purge and remove may concern any profile.
  if (!options.purge && desired.remove.empty()) {
    if (const auto running = client.read_running(desired)) {
      try {
        auto plan = csnet::plan(desired, *running, options);
        if (plan.empty()) return plan;
      } catch (const Error&) {
        // plan() explains the error better with the whole host.
      }
    }
  }
  return csnet::plan(desired, client.read(), options);
}

}  // namespace csnet
