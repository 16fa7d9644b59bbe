#include "plan_host.hpp"

#include <csnet/error.hpp>

namespace csnet {

Plan plan_host(nm::Client& client, const HostState& desired, const PlanOptions& options) {
  // What purge and remove are about is anywhere.
  if (!options.purge && desired.remove.empty()) {
    if (const auto running = client.read_running(desired)) {
      try {
        auto plan = csnet::plan(desired, *running, options);
        if (plan.empty()) return plan;
      } catch (const Error&) {
        // What is wrong, the whole host says better.
      }
    }
  }
  return csnet::plan(desired, client.read(), options);
}

}  // namespace csnet
