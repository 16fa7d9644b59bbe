#include "trial.hpp"

#include "host/arp.hpp"
#include "host/bridge_address.hpp"
#include "host/files.hpp"
#include "host/lacp.hpp"
#include "host/run_probe.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace csnet {
namespace {

using namespace std::chrono_literals;

constexpr auto kProbeBefore = std::chrono::seconds{3};
constexpr auto kWave = std::chrono::seconds{90};  ///< STP alone takes 30 s

bool is_in_memory(Action action) { return action == Action::add || action == Action::modify; }
std::string subject_of(const Probe& probe) {
  return fmt::format("{} {}", probe.type, probe.target);
}

std::string in_words(const Probe& probe) { return fmt::format("probe {}", subject_of(probe)); }

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

std::string name_of(const Probe& probe) {
  if (probe.type == "arp") return fmt::format("{} (ARP)", probe.target);
  return probe.type == "command" ? fmt::format("'{}'", probe.target) : probe.target;
}

bool uses_lacp(const Profile& profile) {
  const auto* bond = profile.get_if<BondProfile>();
  return bond != nullptr && bond->mode && (*bond->mode == "802.3ad" || *bond->mode == "4");
}

Profile with_uuid(Profile profile, const std::string& uuid) {
  profile.visit([&](auto& of) { of.uuid = uuid; });
  return profile;
}

std::chrono::seconds whole_seconds(std::chrono::milliseconds time) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(time), std::chrono::seconds{1});
}

}  // namespace

Trial::Trial(nm::Client& client, Journal& journal, const Plan& plan, const HostState& before,
             const ApplyOptions& options, ProgressLog& log)
    : client_(client),
      journal_(journal),
      plan_(plan),
      before_(before),
      options_(options),
      log_(log),
      limit_(Clock::now() + options.hard_limit),
      probes_(plan.desired.probes),
      log_index_(plan.steps.size()) {
  probes_.insert(probes_.end(), options.probes.begin(), options.probes.end());
  for (const auto& profile : before.profiles) before_by_uuid_.emplace(profile.uuid(), &profile);
  callers_on_wait_ = client_.set_on_wait([this] { tick(); });
}

Trial::~Trial() { client_.set_on_wait(std::move(callers_on_wait_)); }

void Trial::stop_listening() { client_.set_on_wait({}); }

void Trial::tick() {
  if (std::exchange(ticking_, true)) return;  // extending waits, too
  struct Reset {
    bool& flag;
    ~Reset() { flag = false; }
  } reset{ticking_};
  if (callers_on_wait_) callers_on_wait_();
  if (options_.stop.stop_requested())
    throw TransactionError(TransactionOutcome::rolled_back, "apply", "was stopped by its caller",
                           {});
  if (Clock::now() > limit_) {
    throw Error(ErrorKind::timeout, "apply",
                fmt::format("was not done after {} s (hard_limit)",
                            std::chrono::duration<double>(options_.hard_limit).count()));
  }
  // NetworkManager's timer shall not run out between two of csnet's words, however short it is.
  const std::chrono::milliseconds between =
      std::min<std::chrono::milliseconds>(1s, options_.rollback_after / 4);
  if (has_begun_ && Clock::now() - last_extension_ > between) {
    last_extension_ = Clock::now();
    client_.extend(record_.checkpoint, whole_seconds(options_.rollback_after));
  }
}

std::chrono::milliseconds Trial::time_left() const {
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(limit_ - Clock::now()),
                  1ms);
}

void Trial::probe_before() {
  const auto until = Clock::now() + kProbeBefore;  // for all of them; each is tried once at least
  for (const auto& probe : probes_) {
    const auto at = log_.begin(ProgressPhase::before, ProgressAction::probe, subject_of(probe),
                               in_words(probe) + ", before");
    const auto why = host::why_unreachable(probe, false, {until, [this] { tick(); }});
    passed_before_.push_back(!why);
    log_.end(at, why ? "failed" : "done", why.value_or(""));
  }
  for (const auto& check : options_.checks) {
    const auto at = log_.begin(ProgressPhase::before, ProgressAction::check, check.name,
                               fmt::format("check {}, before", check.name));
    passed_before_.push_back(check.passes());
    log_.end(at, passed_before_.back() ? "done" : "failed");
  }
}

void Trial::begin() {
  record_ = make_record(client_, plan_, before_, uuids_);
  // What NetworkManager's own rollback restores: no taps of VMs, which have no profile, and nothing of others'.
  std::set<std::string> interfaces;
  for (const auto& before : record_.before) interfaces.insert(before.interface_name);
  std::set<std::string, std::less<>> there;
  for (const auto& device : before_.devices) there.insert(device.interface_name);
  for (const auto& step : plan_.steps) {
    if (there.contains(step.profile.interface_name()))
      interfaces.insert(step.profile.interface_name());
  }
  const std::vector<std::string> names(interfaces.begin(), interfaces.end());
  record_.checkpoint = client_.create_checkpoint(names, whole_seconds(options_.rollback_after));
  last_extension_ = Clock::now();
  try {
    journal_.write(to_json(record_));
  } catch (...) {
    client_.destroy(record_.checkpoint);
    throw;
  }
  has_begun_ = true;
}

/// As long as nobody's traffic has stopped there is time; afterwards as much as the probes have, or as STP takes.
ActivateOptions Trial::wave() const {
  const auto has_stp = [](const Profile& profile) {
    const auto* bridge = profile.get_if<BridgeProfile>();
    return bridge != nullptr && bridge->stp.value_or(true);
  };
  const bool waits_for_stp = std::ranges::any_of(plan_.desired.profiles, has_stp) ||
                             std::ranges::any_of(before_.profiles, has_stp);
  const std::chrono::milliseconds most =
      interrupts_ && !waits_for_stp ? options_.rollback_after : std::chrono::milliseconds{kWave};
  return {.timeout = std::min(most, time_left())};
}

/// Of those whose ports change.
void Trial::keep_bridges_addresses() const {
  std::set<std::string, std::less<>> concerned;
  std::set<std::string, std::less<>> controllers;
  for (const auto& step : plan_.steps) {
    concerned.insert(step.profile.interface_name());
    if (step.profile.controller()) controllers.insert(*step.profile.controller());
  }
  for (const auto& device : before_.devices) {
    if (device.type != "bridge") continue;
    const bool changes = controllers.contains(device.interface_name) ||
                         std::ranges::any_of(device.ports, [&](const std::string& port) {
                           return concerned.contains(port);
                         });
    if (changes) host::keep_address(device.interface_name);
  }
}

void Trial::run() {
  keep_bridges_addresses();
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    if (!is_at_the_end(plan_.steps[i].action)) take(plan_.steps[i], i);
  }
  wait_for_started(true);
  probe_after();
}

std::size_t Trial::begin(const Step& step) {
  return log_.begin(ProgressPhase::trial, progress_action(step.action), subject(step.profile),
                    in_words(step));
}

void Trial::take(const Step& step, std::size_t index) {
  tick();
  if (is_in_memory(step.action)) {
    const auto at = begin(step);
    if (step.action == Action::add) {
      client_.add_in_memory(with_uuid(step.profile, uuid_at(index)));
    } else {
      client_.change_in_memory(uuid_at(index), *before_by_uuid_.at(uuid_at(index)), step.profile);
    }
    log_.end(at, "done");
    return;
  }
  // What is new must carry before what is old is touched.
  if (step.interrupts_traffic) {
    wait_for_started(false);
    interrupts_ = true;
  }
  log_index_[index] = begin(step);
  start(step, index);
}

/// The uplink that takes the place may be the next step.
void Trial::park(const Step& step, std::size_t index) {
  const bool follows = index + 1 < plan_.steps.size() && plan_.steps[index + 1].follows_at_once;
  client_.park(uuid_at(index), step.profile.interface_name(), wave(),
               follows ? uuid_at(index + 1) : std::string{});
  if (follows) started_early_ = index + 1;
}

void Trial::start(const Step& step, std::size_t index) {
  switch (step.action) {
    case Action::park:
      client_.add_in_memory(with_uuid(step.profile, uuid_at(index)));
      park(step, index);
      log_.end(log_index_[index], "done");
      return;
    case Action::restart:
      client_.deactivate(uuid_at(index));
      must_start_.insert(index);
      break;
    case Action::reapply:
      if (!client_.reapply(step.profile.interface_name())) {
        // Anew, then, and its ports with it, which would be left behind.
        const std::array which = {uuid_at(index)};
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
  if (uses_lacp(step.profile)) bonds_to_check_.insert(step.profile.interface_name());
  started_.push_back(index);
}

/// One wait for many. A controller whose ports come later is started now and waited for with them.
void Trial::wait_for_started(bool is_last) {
  if (started_.empty()) return;
  std::set<std::string, std::less<>> expected;
  for (std::size_t i = started_.back() + 1; !is_last && i < plan_.steps.size(); ++i) {
    const auto& step = plan_.steps[i];
    const bool comes_up = step.action == Action::activate || step.action == Action::restart;
    if (comes_up && step.profile.controller()) expected.insert(*step.profile.controller());
  }
  std::vector<nm::Start> starts;
  std::vector<std::size_t> later;
  std::set<std::string, std::less<>> has_port;
  for (const auto index : started_) {
    if (plan_.steps[index].profile.controller())
      has_port.insert(*plan_.steps[index].profile.controller());
  }
  for (const auto index : started_) {
    const auto& interface = plan_.steps[index].profile.interface_name();
    const bool is_awaited = !expected.contains(interface) || has_port.contains(interface);
    starts.push_back({.uuid = uuid_at(index),
                      .must_start = must_start_.contains(index),
                      .is_awaited = is_awaited});
    if (!is_awaited) later.push_back(index);
  }
  client_.activate_exactly(starts, wave());
  must_start_.clear();
  for (const auto index : started_) {
    if (std::ranges::find(later, index) == later.end()) log_.end(log_index_[index], "done");
  }
  announce_through(has_port);
  started_ = std::move(later);
  wait_for_lacp();
}

/// A bridge that keeps its address has nothing new to tell, and the switch goes on sending to the old uplink until it
/// hears of the host through the new one.
void Trial::announce_through(const std::set<std::string, std::less<>>& controllers) const {
  if (controllers.empty()) return;
  for (const auto& device : client_.devices()) {
    if (device.type != "bridge" || !controllers.contains(device.interface_name)) continue;
    for (const auto& address : device.addresses)
      host::announce(address.address(), device.interface_name);
  }
}

void Trial::wait_for_lacp() {
  for (auto bond = bonds_to_check_.begin(); bond != bonds_to_check_.end();) {
    const bool is_pending = std::ranges::any_of(started_, [&](std::size_t index) {
      return plan_.steps[index].profile.interface_name() == *bond;
    });
    if (is_pending) {
      ++bond;
      continue;
    }
    const auto at = log_.begin(ProgressPhase::trial, ProgressAction::wait_for_lacp, *bond,
                               fmt::format("LACP on {}", *bond));
    const auto why = host::why_no_lacp(
        *bond, {Clock::now() + std::min(options_.rollback_after, time_left()), [this] { tick(); }});
    log_.end(at, why ? "failed" : "done", why.value_or(""));
    if (why) {
      throw Error(ErrorKind::timeout, fmt::format("bond '{}'", *bond),
                  fmt::format("{} within {} s", *why,
                              std::chrono::duration<double>(options_.rollback_after).count()),
                  "are the switch's ports a LACP bundle (a port-channel in mode active)? A new "
                  "bond takes 8 s "
                  "for LACP alone");
    }
    bond = bonds_to_check_.erase(bond);
  }
}

void Trial::probe_after() {
  const auto until = Clock::now() + std::min(options_.rollback_after, time_left());
  for (std::size_t i = 0; i < probes_.size(); ++i)
    probe_after(probes_[i], probes_[i].required || passed_before_[i], until);
  for (std::size_t i = 0; i < options_.checks.size(); ++i)
    check_after(options_.checks[i],
                options_.checks[i].required || passed_before_[probes_.size() + i], until);
}

void Trial::probe_after(const Probe& probe, bool is_needed, Clock::time_point until) {
  const auto at =
      log_.begin(ProgressPhase::after, ProgressAction::probe, subject_of(probe), in_words(probe));
  if (!is_needed) {
    log_.end(at, "skipped", "it did not pass before either");
    return;
  }
  const auto why = host::why_unreachable(probe, true, {until, [this] { tick(); }});
  log_.end(at, why ? "failed" : "done", why.value_or(""));
  if (!why) return;
  std::string hint;
  for (const auto& step : plan_.steps) {
    const auto* vlan = step.profile.get_if<VlanProfile>();
    if (vlan != nullptr && vlan->id && vlan->parent && is_in_memory(step.action))
      hint = fmt::format("is VLAN {} trunked to {}?", *vlan->id, *vlan->parent);
  }
  throw Error(ErrorKind::timeout, name_of(probe),
              fmt::format("did not answer within {} s after the change{} ({})",
                          std::chrono::duration<double>(options_.rollback_after).count(),
                          probe.required ? "" : ", and did before it", *why),
              hint);
}

void Trial::check_after(const Check& check, bool is_needed, Clock::time_point until) {
  const auto at = log_.begin(ProgressPhase::after, ProgressAction::check, check.name,
                             fmt::format("check {}", check.name));
  if (!is_needed) {
    log_.end(at, "skipped", "it did not pass before either");
    return;
  }
  bool passes = check.passes();
  // NetworkManager's next word, or the clock: whatever made it fail may pass.
  while (!passes && Clock::now() < until) {
    client_.wait_until(std::min(until, Clock::now() + 500ms), [] { return false; });
    passes = check.passes();
  }
  log_.end(at, passes ? "done" : "failed");
  if (passes) return;
  throw Error(ErrorKind::timeout, fmt::format("check '{}'", check.name),
              fmt::format("did not pass within {} s after the change",
                          std::chrono::duration<double>(options_.rollback_after).count()));
}

void Trial::leave_open() {
  client_.extend(record_.checkpoint, whole_seconds(options_.rollback_after));
  has_begun_ = false;
}

}  // namespace csnet
