#include "canonical.hpp"
#include "decide.hpp"
#include "live.hpp"
#include "notes.hpp"

#include <csnet/error.hpp>
#include <csnet/plan.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <set>
#include <utility>

namespace csnet {
namespace {

using model::Decisions;
using model::Host;
using model::Names;

std::vector<std::string> nics(const Host& host) {
  std::vector<std::string> found;
  for (const auto& device : host.devices()) {
    if (device.type == "ethernet" || device.type == "veth") found.push_back(device.interface_name);
  }
  return found;
}

/// Interfaces that neither the host nor the plan makes.
void check_interfaces(const Decisions& decisions, const Host& host, const Names& names) {
  if (!host.knows_devices()) return;
  for (const auto& wanted : decisions.wanted) {
    if (wanted.changes.empty() || !model::autoconnects(wanted.after)) continue;
    const auto hint = [&](std::string_view instead) {
      return fmt::format("{}use one of: {}", instead, fmt::join(nics(host), ", "));
    };
    if (std::holds_alternative<EthernetProfile>(wanted.after) &&
        host.device(wanted.interface_name) == nullptr) {
      throw Error(ErrorKind::not_found, subject(wanted.after),
                  fmt::format("there is no interface '{}' on this host", wanted.interface_name),
                  hint(""));
    }
    const auto* parent = model::parent_of(wanted.after);
    if (parent == nullptr) continue;
    const auto below = names.interface_of(*parent);
    if (host.device(below) == nullptr && names.profile(*parent) == nullptr) {
      throw Error(ErrorKind::not_found, subject(wanted.after),
                  fmt::format("parent '{}' is neither on this host nor in the file", *parent),
                  hint(fmt::format("add a bond '{}', or ", *parent)));
    }
  }
}

/// What is wrong with the host as it will be, and is not already wrong with it now.
void check_result(const Decisions& decisions, const HostState& current) {
  HostState after;
  std::set<const Profile*> gone;
  for (const auto& wanted : decisions.wanted) gone.insert(wanted.before);
  for (const auto& leaving : decisions.leaving) gone.insert(leaving.profile);
  for (const auto& profile : current.profiles) {
    if (!gone.contains(&profile)) after.profiles.push_back(profile);
  }
  for (const auto& wanted : decisions.wanted) after.profiles.push_back(wanted.after);
  const auto key = [](const Finding& finding) { return finding.subject + '\n' + finding.evidence; };
  std::set<std::string> already;
  for (const auto& finding : validate(HostState{.profiles = current.profiles}))
    already.insert(key(finding));
  std::vector<Finding> problems;
  for (auto& finding : validate(after)) {
    if (!already.contains(key(finding))) problems.push_back(std::move(finding));
  }
  throw_if_invalid(problems);
}

Profile retired(const Profile& profile, const Decisions& decisions) {
  auto after = profile;
  std::visit(
      [&](auto& of) {
        of.autoconnect = false;
        // Two of one name would make `nmcli con up NAME` a matter of luck.
        const bool taken = std::ranges::any_of(decisions.wanted, [&](const model::Wanted& wanted) {
          return wanted.before == nullptr && name(wanted.after) == of.name;
        });
        if (taken) of.name += " (retired by csnet)";
      },
      after);
  return after;
}

/// The profiles' new shape, in memory: nothing of it is felt yet.
std::vector<Step> memory_steps(const Decisions& decisions) {
  std::vector<Step> steps;
  for (const auto& wanted : decisions.wanted) {
    if (wanted.changes.empty()) continue;
    steps.push_back({.action = wanted.before == nullptr ? Action::add : Action::modify,
                     .profile = wanted.after,
                     .changes = wanted.changes,
                     .why = wanted.why});
  }
  return steps;
}

/// What is left to do when all else has proven itself.
std::vector<Step> last_steps(const Decisions& decisions, bool prune) {
  std::vector<Step> steps;
  for (const auto& leaving : decisions.leaving) {
    if (leaving.is_removed || prune) {
      steps.push_back({.action = Action::remove, .profile = *leaving.profile, .why = leaving.why});
      continue;
    }
    auto after = retired(*leaving.profile, decisions);
    auto changes = model::changes(*leaving.profile, after);
    if (!model::autoconnects(*leaving.profile) && changes.empty()) continue;
    steps.push_back({.action = Action::retire,
                     .profile = std::move(after),
                     .changes = std::move(changes),
                     .why = leaving.why});
  }
  return steps;
}

}  // namespace

std::string_view to_string(Action action) noexcept {
  switch (action) {
    case Action::add:
      return "add";
    case Action::modify:
      return "modify";
    case Action::activate:
      return "activate";
    case Action::reapply:
      return "reapply";
    case Action::restart:
      return "restart";
    case Action::park:
      return "park";
    case Action::retire:
      return "retire";
    case Action::remove:
      return "remove";
  }
  return "add";
}

Plan plan(const HostState& desired, const HostState& current, const PlanOptions& options) {
  throw_if_invalid(validate(HostState{
      .profiles = {}, .remove = desired.remove, .probes = desired.probes, .devices = {}}));
  const Host host(current);
  const Host wanted(desired);
  const Names names(wanted, host);
  const auto decisions = model::decide(desired, host, names);
  check_result(decisions, current);
  check_interfaces(decisions, host, names);

  Plan plan{.desired = desired, .options = options};
  plan.desired.devices.clear();
  auto live =
      model::in_order(model::live_operations(decisions, host, names), decisions, host, names);
  plan.notes = model::notes(decisions, live, host, names, options);
  plan.steps = memory_steps(decisions);
  std::ranges::move(live, std::back_inserter(plan.steps));
  std::ranges::move(last_steps(decisions, options.prune), std::back_inserter(plan.steps));
  return plan;
}

}  // namespace csnet
