#include "plan_context.hpp"

namespace csnet::model {
namespace {

std::vector<Removal> find_removals(const HostState& desired, const HostIndex& host) {
  std::vector<Removal> found;
  for (const auto& word : desired.remove) {
    if (const auto* profile = host.references().meant_by(word)) found.push_back({profile, word});
  }
  return found;
}

}  // namespace

PlanContext::PlanContext(const HostState& wanted, const HostState& current,
                         const PlanOptions& plan_options)
    : desired(wanted),
      options(plan_options),
      host(current),
      references(wanted.profiles, host),
      removals(find_removals(wanted, host)),
      guest_vlans(parse_guest_vlans(plan_options.guest_vlans)) {}

}  // namespace csnet::model
