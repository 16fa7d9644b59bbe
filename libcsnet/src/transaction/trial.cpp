#include "trial.hpp"

#include "host/run_probe.hpp"

#include <csnet/error.hpp>
#include <csnet/print.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace csnet {
namespace {

using namespace std::chrono_literals;

constexpr auto kProbeBefore = std::chrono::seconds{3};

std::string subject_of(const Probe& probe) {
  return fmt::format("{} {}", to_string(probe.type), probe.target);
}

std::string name_of(const Probe& probe) {
  switch (probe.type) {
    case ProbeType::arp:
      return fmt::format("{} (ARP)", probe.target);
    case ProbeType::command:
      return fmt::format("'{}'", probe.target);
    case ProbeType::tcp:
      break;
  }
  return probe.target;
}

ProgressOutcome outcome_of(bool passes) {
  return passes ? ProgressOutcome::done : ProgressOutcome::failed;
}

std::chrono::seconds whole_seconds(std::chrono::milliseconds time) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(time), std::chrono::seconds{1});
}

double in_seconds(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

/// "is VLAN 100 trunked to eth0?" about the last VLAN that the plan adds or changes; empty when
/// there is none.
std::string trunk_hint(const Plan& plan) {
  std::string hint;
  for (const auto& step : plan.steps) {
    const auto* profile = std::get_if<Profile>(&step.item);
    if (profile == nullptr || phase_of(step.action) != Phase::memory) continue;
    const auto* vlan = profile->get_if<VlanProfile>();
    if (vlan != nullptr && vlan->id && vlan->parent)
      hint = fmt::format("is VLAN {} trunked to {}?", *vlan->id, *vlan->parent);
  }
  return hint;
}

}  // namespace

Trial::Trial(nm::Client& client, Resources& resources, const TrialInput& input)
    : client_(client),
      resources_(resources),
      options_(input.options),
      log_(input.log),
      limit_(Clock::now() + input.options.hard_limit),
      attempt_{input, [this] { tick(); }, [this] { return time_left(); }},
      probes_(input.plan.request.probes) {
  probes_.insert(probes_.end(), options_.probes.begin(), options_.probes.end());
  callers_on_wait_ = client_.set_on_wait([this] { tick(); });
}

Trial::~Trial() { client_.set_on_wait(std::move(callers_on_wait_)); }

void Trial::stop_listening() { client_.set_on_wait({}); }

void Trial::tick() {
  if (std::exchange(ticking_, true)) return;  // keep_alive() waits, too, and calls tick()
  struct Reset {
    bool& flag;
    ~Reset() { flag = false; }
  } reset{ticking_};
  if (callers_on_wait_) callers_on_wait_();
  if (options_.stop.stop_requested())
    throw TransactionError({.outcome = TransactionOutcome::rolled_back}, "apply",
                           "was stopped by its caller");
  if (Clock::now() > limit_) {
    throw Error(
        ErrorKind::timeout, "apply",
        fmt::format("did not finish within {} s (hard_limit)", in_seconds(options_.hard_limit)));
  }
  // Renew so often that no switch fires between two requests, however short its time is.
  const std::chrono::milliseconds between =
      std::min<std::chrono::milliseconds>(1s, options_.rollback_after / 4);
  if (has_begun_ && Clock::now() - last_extension_ > between) {
    last_extension_ = Clock::now();
    keep_alive();
  }
}

void Trial::keep_alive() {
  for (std::size_t i = 0; i < resources_.size(); ++i)
    resources_[i]->keep_alive(record_.resources[i].saved, whole_seconds(options_.rollback_after));
}

std::chrono::milliseconds Trial::time_left() const {
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(limit_ - Clock::now()),
                  1ms);
}

void Trial::probe_before() {
  const auto until = Clock::now() + kProbeBefore;  // for all together; each is tried at least once
  for (const auto& probe : probes_) {
    const auto at = log_.begin(ProgressPhase::before, ProgressAction::probe, subject_of(probe));
    const auto why = host::why_unreachable(probe, false, {until, attempt_.tick});
    passed_before_.push_back(!why);
    log_.end(at, outcome_of(!why), why.value_or(""));
  }
  for (const auto& check : options_.checks) {
    const auto at = log_.begin(ProgressPhase::before, ProgressAction::check, check.name);
    passed_before_.push_back(check.passes());
    log_.end(at, outcome_of(passed_before_.back()));
  }
}

void Trial::begin(const std::function<void(const Record&)>& write) {
  record_ = {.id = nm::Client::new_uuid().substr(0, 8)};
  for (const auto& step : attempt_.plan.steps) record_.steps.push_back(to_text(step));
  for (const auto& resource : resources_)
    record_.resources.push_back({std::string(resource->kind()), resource->save(attempt_)});
  std::size_t armed = 0;
  try {
    for (; armed < resources_.size(); ++armed)
      resources_[armed]->begin(record_.resources[armed].saved,
                               whole_seconds(options_.rollback_after));
    last_extension_ = Clock::now();
    write(record_);
  } catch (...) {
    ProgressLog nobody_listens({});
    while (armed-- > 0) {
      try {
        resources_[armed]->disarm(record_.resources[armed].saved, nobody_listens);
      } catch (const Error&) {
        // The switch fires later, and finds nothing to undo. The caller must get the first error.
      }
    }
    throw;
  }
  has_begun_ = true;
}

void Trial::run() {
  run(Stage::network);
  probe_after();
  run(Stage::service);
}

void Trial::run(Stage stage) {
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    if (resources_[i]->stage() != stage) continue;
    resources_[i]->try_steps(attempt_, record_.resources[i].saved);
    resources_[i]->wait_until_usable(attempt_);
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
  const auto at = log_.begin(ProgressPhase::after, ProgressAction::probe, subject_of(probe));
  if (!is_needed) {
    log_.end(at, ProgressOutcome::skipped, "it did not pass before either");
    return;
  }
  const auto why = host::why_unreachable(probe, true, {until, attempt_.tick});
  log_.end(at, outcome_of(!why), why.value_or(""));
  if (!why) return;
  throw Error(ErrorKind::timeout, name_of(probe),
              fmt::format("did not answer within {} s after the change{} ({})",
                          in_seconds(options_.rollback_after),
                          probe.required ? "" : ", but did before it", *why),
              trunk_hint(attempt_.plan));
}

void Trial::check_after(const Check& check, bool is_needed, Clock::time_point until) {
  const auto at = log_.begin(ProgressPhase::after, ProgressAction::check, check.name);
  if (!is_needed) {
    log_.end(at, ProgressOutcome::skipped, "it did not pass before either");
    return;
  }
  bool passes = check.passes();
  // Try again at each signal of NetworkManager, and every 500 ms: the cause of a failure may pass.
  while (!passes && Clock::now() < until) {
    client_.wait_until(std::min(until, Clock::now() + 500ms), [] { return false; });
    passes = check.passes();
  }
  log_.end(at, outcome_of(passes));
  if (passes) return;
  throw Error(ErrorKind::timeout, fmt::format("check '{}'", check.name),
              fmt::format("did not pass within {} s after the change",
                          in_seconds(options_.rollback_after)));
}

void Trial::leave_open() {
  keep_alive();
  has_begun_ = false;
}

}  // namespace csnet
