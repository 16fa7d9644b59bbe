#include "plan_host.hpp"

#include <csnet/error.hpp>

namespace csnet {

Plan plan_host(nm::Client& client, const Request& request, const PlanOptions& options) {
  // What purge and remove are about is anywhere.
  if (!options.purge && request.remove.empty()) {
    if (const auto running = client.read_running(request.wanted)) {
      try {
        auto plan = csnet::plan(request, *running, options);
        if (plan.empty()) return plan;
      } catch (const Error&) {
        // What is wrong, the whole host says better.
      }
    }
  }
  return csnet::plan(request, client.read(), options);
}

}  // namespace csnet
