#include "plan_context.hpp"

namespace csnet::model {
namespace {

std::vector<Removal> find_removals(const Request& request, const HostIndex& host) {
  std::vector<Removal> found;
  for (const auto& word : request.remove) {
    if (const auto* profile = host.references().meant_by(word)) found.push_back({profile, word});
  }
  return found;
}

}  // namespace

PlanContext::PlanContext(const Request& of, const Facts& facts, const PlanOptions& plan_options)
    : request(of),
      options(plan_options),
      host(facts),
      references(of.wanted.profiles, host),
      removals(find_removals(of, host)),
      guest_vlans(parse_guest_vlans(plan_options.guest_vlans)) {}

}  // namespace csnet::model
