#include "canonical.hpp"
#include "for_people.hpp"
#include "interface_steps.hpp"
#include "match_profiles.hpp"
#include "notes.hpp"

#include <csnet/error.hpp>
#include <csnet/plan.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <set>
#include <utility>

namespace csnet::inline CSNET_ABI {
namespace {

using model::Decisions;
using model::Host;
using model::Names;

/// Interfaces that neither the host nor the plan makes.
class Existence {
 public:
  Existence(const Host& host, const Names& names) : host_(host), names_(names) {}

  void check(const Profile& wanted, const std::string& interface) const {
    if (const auto* nic = wanted.get_if<EthernetProfile>()) check_nic(*nic, interface);
    if (const auto* parent = model::parent_of(wanted); parent != nullptr && !is_there(*parent)) {
      throw Error(ErrorKind::not_found, subject(wanted),
                  fmt::format("parent '{}' is neither on this host nor in the file", *parent),
                  hint(fmt::format("add a bond '{}', or ", *parent)));
    }
    if (const auto& above = wanted.controller(); above && !is_there(*above)) {
      throw Error(ErrorKind::not_found, subject(wanted),
                  fmt::format("controller '{}' is neither on this host nor in the file", *above),
                  "add the bridge or bond");
    }
  }

 private:
  void check_nic(const EthernetProfile& nic, const std::string& interface) const {
    if (host_.device(interface) != nullptr) return;
    throw Error(ErrorKind::not_found, subject(nic),
                interface.empty() && nic.mac_address
                    ? fmt::format("no NIC of this host has the address {}, or several have it",
                                  nic.mac_address->to_string())
                    : fmt::format("there is no interface '{}' on this host", interface),
                hint(""));
  }

  [[nodiscard]] bool is_there(const std::string& reference) const {
    return host_.device(names_.interface_of(reference)) != nullptr ||
           names_.profile(reference) != nullptr;
  }

  [[nodiscard]] std::string hint(std::string_view instead) const {
    std::vector<std::string> nics;
    for (const auto& device : host_.devices()) {
      if (model::is_nic(device)) nics.push_back(device.interface_name);
    }
    return fmt::format("{}use one of: {}", instead, fmt::join(nics, ", "));
  }

  const Host& host_;
  const Names& names_;
};

void check_interfaces(const Decisions& decisions, const Host& host, const Names& names) {
  if (!host.knows_devices()) return;
  const Existence existence(host, names);
  for (const auto& wanted : decisions.wanted) {
    if (!wanted.changes.empty() && model::autoconnects(wanted.after))
      existence.check(wanted.after, wanted.interface_name);
  }
}

/// What is wrong with the host as it will be, and is not already wrong with it now.
void check_result(const Decisions& decisions, const Host& host, const HostState& current) {
  // One that is retired shall not stand in the way of what comes next: it stays as it is, and does nothing.
  const auto sleeps = [&](const Profile& profile) {
    return !model::autoconnects(profile) && host.device_of(profile) == nullptr &&
           (profile.is<VlanProfile>() || profile.controller());
  };
  HostState after;
  std::set<const Profile*> gone;
  for (const auto& wanted : decisions.wanted) gone.insert(wanted.before);
  for (const auto& leaving : decisions.leaving) gone.insert(leaving.profile);
  for (const auto& profile : current.profiles) {
    if (!gone.contains(&profile) && !sleeps(profile)) after.profiles.push_back(profile);
  }
  for (const auto& wanted : decisions.wanted) after.profiles.push_back(wanted.after);
  // The same profiles stand in other places of the two states.
  const auto without_places = [](const HostState& state) {
    auto findings = validate(state);
    for (auto& finding : findings) finding.item.clear();
    return findings;
  };
  const auto before = without_places(HostState{.profiles = current.profiles});
  const std::set<Finding> already(before.begin(), before.end());
  auto problems = without_places(after);
  std::erase_if(problems, [&](const Finding& finding) { return already.contains(finding); });
  throw_if_invalid(problems);
}

/// It does not run, and is none that NetworkManager would bring up on a wanted interface.
bool sleeps_elsewhere(const model::Leaving& leaving, const Decisions& decisions, const Host& host) {
  if (leaving.is_removed || !host.knows_devices() || host.device_of(*leaving.profile) != nullptr)
    return false;
  const auto* wanted = decisions.of_interface(leaving.interface_name);
  return wanted == nullptr || wanted->after.type() != leaving.profile->type();
}

/// A profile that sleeps elsewhere, with an address that is wanted or as another uplink, has to go when something moves.
/// Where all that is wanted is in force it may stay: who asks for what is there already need not look for such.
/// @return whether there is nothing to do
bool let_sleepers_lie(Decisions& decisions, const Host& host, const Names& names) {
  const auto is_unchanged = [](const model::Wanted& wanted) { return wanted.changes.empty(); };
  const auto is_elsewhere = [&](const model::Leaving& leaving) {
    return sleeps_elsewhere(leaving, decisions, host);
  };
  if (!std::ranges::all_of(decisions.wanted, is_unchanged) ||
      !std::ranges::all_of(decisions.leaving, is_elsewhere))
    return false;
  auto sleepers = std::exchange(decisions.leaving, {});
  if (model::live_operations(decisions, host, names).empty()) return true;
  decisions.leaving = std::move(sleepers);
  return false;
}

/// The profiles' new shape, in memory: nothing of it is felt yet.
std::vector<Step> memory_steps(const Decisions& decisions) {
  std::vector<Step> steps;
  for (const auto& wanted : decisions.wanted) {
    if (wanted.changes.empty()) continue;
    steps.push_back({.action = wanted.before == nullptr ? Action::add : Action::modify,
                     .item = wanted.after,
                     .changes = wanted.changes,
                     .why = wanted.why});
  }
  return steps;
}

/// What is left to do when all else has proven itself.
class LastSteps {
 public:
  LastSteps(const Decisions& decisions, const Host& host) {
    for (const auto& wanted : decisions.wanted) {
      names_.insert(wanted.after.name());
      if (wanted.before == nullptr) new_names_.insert(wanted.after.name());
    }
    for (const auto& profile : host.profiles()) names_.insert(profile.name());
  }

  Step of(const model::Leaving& leaving, bool prune) {
    if (leaving.is_removed || prune)
      return {.action = Action::remove, .item = *leaving.profile, .why = leaving.why};
    auto after = retired(*leaving.profile);
    auto changes = model::changes(*leaving.profile, after);
    return {.action = Action::retire,
            .item = std::move(after),
            .changes = std::move(changes),
            .why = leaving.why};
  }

 private:
  Profile retired(Profile profile) {
    profile.visit([&](auto& of) {
      of.autoconnect = false;
      // Two of one name would make `nmcli con up NAME` a matter of luck.
      if (!new_names_.contains(of.name)) return;
      int number = 1;
      const auto before = of.name;
      do of.name = model::retired_name(before, number++);
      while (!names_.insert(of.name).second);
    });
    return profile;
  }

  std::set<std::string> names_, new_names_;
};

std::vector<Step> last_steps(const Decisions& decisions, const Host& host, bool prune) {
  LastSteps last(decisions, host);
  std::vector<Step> steps;
  for (const auto& leaving : decisions.leaving) {
    auto step = last.of(leaving, prune);
    if (step.action == Action::remove || !step.changes.empty()) steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

Plan plan(const HostState& desired, const HostState& current, const PlanOptions& options) {
  throw_if_invalid(validate(HostState{
      .profiles = {}, .remove = desired.remove, .probes = desired.probes, .devices = {}}));
  // An empty list is more often a mistake than a wish, and nobody could come back to such a host.
  if (options.purge && desired.profiles.empty()) {
    throw Error(ErrorKind::invalid, "purge", "would delete every profile, and none is wanted",
                "name the profiles that shall stay, or those that shall go by remove");
  }
  const Host host(current);
  const Host wanted(desired);
  const Names names(wanted, host);
  auto decisions = model::decide(desired, host, names, options.purge);
  if (!let_sleepers_lie(decisions, host, names)) {
    check_result(decisions, host, current);
    check_interfaces(decisions, host, names);
  }

  Plan plan{.desired = desired, .options = options};
  plan.desired.devices.clear();
  auto live =
      model::in_order(model::live_operations(decisions, host, names), decisions, host, names);
  plan.notes = model::notes(decisions, live, host, names, options);
  plan.steps = memory_steps(decisions);
  std::ranges::move(live, std::back_inserter(plan.steps));
  std::ranges::move(last_steps(decisions, host, options.prune), std::back_inserter(plan.steps));
  for (auto& step : plan.steps) {
    step.why = model::for_people(std::move(step.why));
    step.interrupts = model::for_people(std::move(step.interrupts));
  }
  return plan;
}

}  // namespace csnet::inline CSNET_ABI
