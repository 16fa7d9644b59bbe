#include "profile_trial.hpp"

#include "host/arp.hpp"
#include "host/bridge_address.hpp"
#include "host/lacp.hpp"
#include "model/values/known_words.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace csnet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kWave = std::chrono::seconds{90};  ///< STP alone takes 30 s.

ProgressAction progress_action(Action action) {
  switch (action) {
    case Action::add:
      return ProgressAction::add;
    case Action::modify:
      return ProgressAction::modify;
    case Action::activate:
      return ProgressAction::activate;
    case Action::reapply:
      return ProgressAction::reapply;
    case Action::restart:
      return ProgressAction::restart;
    case Action::park:
      return ProgressAction::park;
    case Action::retire:
      return ProgressAction::retire;
    case Action::remove:
      return ProgressAction::remove;
  }
  return ProgressAction::add;
}

bool uses_lacp(const Profile& profile) {
  const auto* bond = profile.get_if<BondProfile>();
  return bond != nullptr && model::is_lacp(*bond);
}

bool has_stp(const Profile& profile) {
  const auto* bridge = profile.get_if<BridgeProfile>();
  return bridge != nullptr && bridge->stp.value_or(true);
}

Profile with_uuid(Profile profile, const std::string& uuid) {
  profile.visit([&](auto& of) { of.uuid = uuid; });
  return profile;
}

}  // namespace

ProfileTrial::ProfileTrial(nm::Client& client, const Attempt& attempt)
    : client_(client), attempt_(attempt) {
  for (const auto& step : attempt.plan.steps) {
    if (const auto* profile = std::get_if<Profile>(&step.item))
      steps_.push_back({.step = &step, .profile = profile});
  }
  for (const auto& profile : attempt.before.current.profiles)
    before_by_uuid_.emplace(profile.uuid(), &profile);
}

std::set<std::string> ProfileTrial::touched_interfaces() const {
  std::set<std::string, std::less<>> there;
  for (const auto& device : attempt_.before.devices) there.insert(device.interface_name);
  std::set<std::string> touched;
  for (const auto& step : steps_) {
    if (there.contains(step.profile->interface_name()))
      touched.insert(step.profile->interface_name());
  }
  return touched;
}

/// Before traffic is interrupted there is time; afterwards as much as the probes have, or STP
/// needs.
ActivateOptions ProfileTrial::wave() const {
  const bool waits_for_stp = std::ranges::any_of(attempt_.plan.request.wanted.profiles, has_stp) ||
                             std::ranges::any_of(attempt_.before.current.profiles, has_stp);
  const std::chrono::milliseconds most = interrupts_ && !waits_for_stp
                                             ? attempt_.options.rollback_after
                                             : std::chrono::milliseconds{kWave};
  return {.timeout = std::min(most, attempt_.time_left())};
}

/// Only bridges whose ports change.
void ProfileTrial::keep_bridges_addresses() const {
  std::set<std::string, std::less<>> concerned;
  std::set<std::string, std::less<>> controllers;
  for (const auto& step : steps_) {
    concerned.insert(step.profile->interface_name());
    if (step.profile->controller()) controllers.insert(*step.profile->controller());
  }
  for (const auto& device : attempt_.before.devices) {
    if (device.type != "bridge") continue;
    const bool changes = controllers.contains(device.interface_name) ||
                         std::ranges::any_of(device.ports, [&](const std::string& port) {
                           return concerned.contains(port);
                         });
    if (changes) host::keep_address(device.interface_name);
  }
}

/// An inactive profile that the commit retires or deletes must not come up during the trial, such as
/// an old uplink when NetworkManager finds its bridge again: that would be a loop. An active one
/// is parked instead: NetworkManager's own rollback needs it with its autoconnect.
void ProfileTrial::hold_back_obsolete() const {
  std::set<std::string, std::less<>> active;
  for (const auto& device : attempt_.before.devices) active.insert(device.profile.value_or(""));
  for (const auto& step : steps_) {
    const auto before = before_by_uuid_.find(step.uuid);
    if (phase_of(step.action()) != Phase::disk || before == before_by_uuid_.end() ||
        active.contains(step.uuid))
      continue;
    auto held = *before->second;
    held.visit([](auto& of) { of.autoconnect = false; });
    // NetworkManager remembers that its own profile was deleted only when nothing has changed it.
    if (held != *before->second && !client_.is_generated(step.uuid))
      client_.change_in_memory(step.uuid, *before->second, held);
  }
}

void ProfileTrial::run() {
  keep_bridges_addresses();
  hold_back_obsolete();
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (phase_of(steps_[i].action()) != Phase::disk) take(i);
  }
}

void ProfileTrial::wait_until_usable() { wait_for_started(true); }

std::size_t ProfileTrial::begin(const ProfileStep& step) const {
  return attempt_.log.begin(ProgressPhase::trial, progress_action(step.action()),
                            subject(*step.profile));
}

void ProfileTrial::take(std::size_t index) {
  attempt_.tick();
  auto& step = steps_[index];
  if (phase_of(step.action()) == Phase::memory) {
    const auto at = begin(step);
    write_in_memory(step);
    attempt_.log.end(at, ProgressOutcome::done);
    return;
  }
  // The new interfaces must carry traffic before an old one is touched.
  if (step.step->interrupts_traffic) {
    wait_for_started(false);
    interrupts_ = true;
  }
  step.log_index = begin(step);
  start(index);
}

void ProfileTrial::write_in_memory(const ProfileStep& step) const {
  if (step.action() == Action::add) {
    client_.add_in_memory(with_uuid(*step.profile, step.uuid));
  } else {
    client_.change_in_memory(step.uuid, *before_by_uuid_.at(step.uuid), *step.profile);
  }
}

void ProfileTrial::start(std::size_t index) {
  const auto& step = steps_[index];
  switch (step.action()) {
    case Action::park:
      client_.add_in_memory(with_uuid(*step.profile, step.uuid));
      park(index);
      attempt_.log.end(step.log_index, ProgressOutcome::done);
      return;
    case Action::restart:
      client_.delete_interface_of(step.uuid);
      must_start_.insert(index);
      break;
    case Action::reapply:
      if (!client_.reapply(step.profile->interface_name())) {
        // NetworkManager must activate it anew, and its ports, too, which would otherwise stay
        // down.
        const std::array which = {step.uuid};
        client_.activate(which, wave());
      }
      break;
    case Action::activate:
      if (started_early_ != index) must_start_.insert(index);
      break;
    case Action::add:
    case Action::modify:
    case Action::retire:
    case Action::remove:
      return;
  }
  if (uses_lacp(*step.profile)) bonds_to_check_.insert(step.profile->interface_name());
  started_.push_back(index);
}

/// Also starts the next step when that is the uplink that replaces this one.
void ProfileTrial::park(std::size_t index) {
  const auto& step = steps_[index];
  const bool follows = index + 1 < steps_.size() && steps_[index + 1].step->follows_at_once;
  client_.park(step.uuid, step.profile->interface_name(), wave(),
               follows ? steps_[index + 1].uuid : std::string{});
  if (follows) started_early_ = index + 1;
}

/// Starts and awaits all pending steps at once. A controller whose ports come later is started now,
/// and awaited with them.
void ProfileTrial::wait_for_started(bool is_last) {
  if (started_.empty()) return;
  std::set<std::string, std::less<>> expected;
  for (std::size_t i = started_.back() + 1; !is_last && i < steps_.size(); ++i) {
    const auto& step = steps_[i];
    const bool comes_up = step.action() == Action::activate || step.action() == Action::restart;
    if (comes_up && step.profile->controller()) expected.insert(*step.profile->controller());
  }
  std::vector<nm::Start> starts;
  std::vector<std::size_t> later;
  std::set<std::string, std::less<>> has_port;
  for (const auto index : started_) {
    if (steps_[index].profile->controller()) has_port.insert(*steps_[index].profile->controller());
  }
  for (const auto index : started_) {
    const auto& interface = steps_[index].profile->interface_name();
    const bool is_awaited = !expected.contains(interface) || has_port.contains(interface);
    starts.push_back({.uuid = steps_[index].uuid,
                      .must_start = must_start_.contains(index),
                      .is_awaited = is_awaited});
    if (!is_awaited) later.push_back(index);
  }
  client_.activate_exactly(starts, wave());
  must_start_.clear();
  for (const auto index : started_) {
    if (std::ranges::find(later, index) == later.end())
      attempt_.log.end(steps_[index].log_index, ProgressOutcome::done);
  }
  announce_through(has_port);
  started_ = std::move(later);
  wait_for_lacp();
}

/// A bridge that keeps its MAC address announces nothing on its own, and the switch would send to
/// the old uplink until it sees a frame of the host on the new one.
void ProfileTrial::announce_through(const std::set<std::string, std::less<>>& controllers) const {
  if (controllers.empty()) return;
  for (const auto& device : client_.devices()) {
    if (device.type != "bridge" || !controllers.contains(device.interface_name)) continue;
    for (const auto& address : device.addresses)
      host::announce(address.address(), device.interface_name);
  }
}

void ProfileTrial::wait_for_lacp() {
  for (auto bond = bonds_to_check_.begin(); bond != bonds_to_check_.end();) {
    const bool is_pending = std::ranges::any_of(started_, [&](std::size_t index) {
      return steps_[index].profile->interface_name() == *bond;
    });
    if (is_pending) {
      ++bond;
      continue;
    }
    const auto& rollback_after = attempt_.options.rollback_after;
    const auto at = attempt_.log.begin(ProgressPhase::trial, ProgressAction::wait_for_lacp, *bond);
    const auto why = host::why_no_lacp(
        *bond, {Clock::now() + std::min(rollback_after, attempt_.time_left()), attempt_.tick});
    attempt_.log.end(at, why ? ProgressOutcome::failed : ProgressOutcome::done, why.value_or(""));
    if (why) {
      throw Error(ErrorKind::timeout, fmt::format("bond '{}'", *bond),
                  fmt::format("{} within {} s", *why,
                              std::chrono::duration<double>(rollback_after).count()),
                  "are the switch's ports a LACP bundle (a port-channel in mode active)? A new "
                  "bond takes 8 s for LACP alone");
    }
    bond = bonds_to_check_.erase(bond);
  }
}

}  // namespace csnet
