#include "canonical.hpp"
#include "check_result.hpp"
#include "for_people.hpp"
#include "interface_steps.hpp"
#include "notes.hpp"
#include "retirement.hpp"

#include <csnet/error.hpp>
#include <csnet/plan.hpp>
#include <csnet/validate.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace csnet::inline CSNET_ABI {
namespace {

using model::Decisions;
using model::PlanContext;

void check_request(const Request& request, const PlanOptions& options) {
  // The profiles are checked as the host will have them, in check_result().
  throw_if_invalid(validate(Request{.remove = request.remove, .probes = request.probes}));
  // An empty list is more likely a mistake, and the host would no longer be reachable.
  if (options.purge && request.wanted.profiles.empty()) {
    throw Error(ErrorKind::invalid, "purge", "would delete every profile, and none is wanted",
                "name the profiles to keep, or list those to delete in remove");
  }
}

/// Whether the obsolete profile is inactive, and NetworkManager would not bring it up on a wanted
/// interface.
bool is_harmless(const PlanContext& context, const Decisions& decisions,
                 const model::Obsolete& obsolete) {
  if (obsolete.is_removed || !context.host.knows_devices() ||
      context.host.device_of(*obsolete.profile) != nullptr)
    return false;
  const auto* wanted = decisions.of_interface(obsolete.interface_name);
  return wanted == nullptr || wanted->after.type() != obsolete.profile->type();
}

/// An inactive profile on another interface may have a wanted address, or be a second uplink. It is
/// retired together with other changes, but is never the only reason for a plan: so Session::plan()
/// need not read such profiles to see that nothing is to be done.
bool is_as_wanted(const PlanContext& context, const Decisions& decisions,
                  const std::vector<model::Operation>& operations) {
  return operations.empty() &&
         std::ranges::all_of(decisions.wanted,
                             [](const auto& wanted) { return wanted.changes.empty(); }) &&
         std::ranges::all_of(decisions.obsolete, [&](const auto& obsolete) {
           return is_harmless(context, decisions, obsolete);
         });
}

/// The changes of profiles in NetworkManager's memory. No interface changes yet.
std::vector<Step> memory_steps(const Decisions& decisions) {
  std::vector<Step> steps;
  for (const auto& wanted : decisions.wanted) {
    if (wanted.changes.empty()) continue;
    steps.push_back({.action = wanted.before == nullptr ? Action::add : Action::modify,
                     .item = wanted.after,
                     .name = (wanted.before == nullptr ? wanted.after : *wanted.before).name(),
                     .changes = wanted.changes,
                     .why = wanted.why});
  }
  return steps;
}

/// The changes of obsolete profiles, on disk, after the probes have passed.
std::vector<Step> disk_steps(const PlanContext& context, const Decisions& decisions) {
  std::set<std::string> taken, added;
  for (const auto& profile : context.host.profiles()) taken.insert(profile.name());
  for (const auto& wanted : decisions.wanted) {
    taken.insert(wanted.after.name());
    if (wanted.before == nullptr) added.insert(wanted.after.name());
  }
  std::vector<Step> steps;
  for (const auto& obsolete : decisions.obsolete) {
    if (obsolete.is_removed || context.options.prune) {
      steps.push_back({.action = Action::remove,
                       .item = *obsolete.profile,
                       .name = obsolete.profile->name(),
                       .why = obsolete.why});
      continue;
    }
    auto retired = *obsolete.profile;
    retired.visit([&](auto& of) {
      of.autoconnect = false;
      // With two profiles of one name, `nmcli connection up NAME` takes either.
      if (added.contains(of.name)) of.name = model::name_for_retirement(of.name, taken);
    });
    auto changes = model::changes(*obsolete.profile, retired);
    if (changes.empty()) continue;
    steps.push_back({.action = Action::retire,
                     .item = std::move(retired),
                     .name = obsolete.profile->name(),
                     .changes = std::move(changes),
                     .why = obsolete.why});
  }
  return steps;
}

}  // namespace

Plan plan(const Request& request, const Facts& facts, const PlanOptions& options) {
  check_request(request, options);
  Plan plan{.request = request, .options = options};
  const PlanContext context(request, facts, options);
  const auto decisions = model::decide(context);
  auto operations = model::interface_steps(context, decisions);
  if (is_as_wanted(context, decisions, operations)) {
    plan.notes = model::notes_of_host(context, {});
    return plan;
  }

  model::check_result(context, decisions);
  model::check_interfaces(context, decisions);
  auto live = model::in_order(context, decisions, std::move(operations));
  plan.notes = model::notes(context, decisions, live);
  plan.steps = memory_steps(decisions);
  std::ranges::move(live, std::back_inserter(plan.steps));
  std::ranges::move(disk_steps(context, decisions), std::back_inserter(plan.steps));
  for (auto& step : plan.steps) {
    step.why = model::for_people(std::move(step.why));
    step.interrupts = model::for_people(std::move(step.interrupts));
  }
  return plan;
}

}  // namespace csnet::inline CSNET_ABI
