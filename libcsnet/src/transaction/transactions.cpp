#include "transactions.hpp"

#include "outcomes.hpp"
#include "plan_host.hpp"
#include "profile_resource.hpp"
#include "progress.hpp"
#include "record.hpp"
#include "trial.hpp"

#include <csnet/error.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <exception>
#include <span>
#include <utility>

namespace csnet {
namespace {

constexpr auto kCommitTime = std::chrono::seconds{60};
constexpr auto kUndoTime = std::chrono::seconds{120};
constexpr auto kHostComesBack = std::chrono::seconds{30};
constexpr auto kLastLook = std::chrono::seconds{10};  ///< After the second repair.

void check_options(const ApplyOptions& options) {
  using namespace std::chrono_literals;
  if (options.rollback_after < 1s || options.rollback_after > 1h) {
    throw Error(ErrorKind::invalid, "rollback_after",
                fmt::format("{} s is out of range (1 s to 1 h)",
                            std::chrono::duration<double>(options.rollback_after).count()),
                "the storage heartbeat tolerates an outage of about 50 s; the default is 30 s");
  }
  if (options.hard_limit < options.rollback_after) {
    throw Error(ErrorKind::invalid, "hard_limit", "is shorter than rollback_after",
                "it bounds the steps and the probes together");
  }
  throw_if_invalid(validate(Request{.probes = options.probes}));
}

/// Runs one part of a transaction's end. A failure must not stop the others.
template <class Part>
void attempt(Left& left, std::string_view kind, Part&& part) {
  try {
    part();
  } catch (const Error& error) {
    left.push_back({.what = fmt::format("{}: {}", kind, error.what()), .command = error.hint()});
  }
}

}  // namespace

Resources all_resources(nm::Client& client) {
  Resources all;
  all.push_back(std::make_unique<ProfileResource>(client));
  return all;
}

Resource& Transactions::resource(const SavedResource& saved) const {
  const auto found = std::ranges::find(resources_, saved.kind, &Resource::kind);
  if (found != resources_.end()) return **found;
  throw journal_of_newer(journal_.file(),
                         fmt::format("holds '{}', which this csnet does not know", saved.kind));
}

std::optional<Record> Transactions::read_record() const {
  const auto text = journal_.read();
  if (!text) return std::nullopt;
  auto record = parse_record(*text, journal_.file());
  for (const auto& one : record.resources) {
    try {
      resource(one).check(one.saved);
    } catch (const Json::exception& error) {
      throw journal_damaged(journal_.file(), fmt::format("{}: {}", one.kind, error.what()));
    }
  }
  return record;
}

Record Transactions::open_record(const std::string& id) const {
  auto record = read_record();
  if (!record) {
    throw Error(ErrorKind::not_found, fmt::format("transaction {}", id), "is not open",
                "it was committed or rolled back already");
  }
  if (record->id == id) return *std::move(record);
  throw Error(ErrorKind::not_found, fmt::format("transaction {}", id),
              fmt::format("the open one is {}", record->id),
              fmt::format("csnet commit {0}, or csnet rollback {0}", record->id));
}

std::chrono::milliseconds Transactions::time_left(const Record& record) const {
  auto least = std::chrono::milliseconds::max();
  for (const auto& one : record.resources)
    least = std::min(least, resource(one).time_left(one.saved));
  return least;
}

void Transactions::keep_alive(const Record& record, std::chrono::seconds time) const {
  for (const auto& one : record.resources) resource(one).keep_alive(one.saved, time);
}

/// Ends a transaction whose process was killed. A trial that waits for its commit belongs to its
/// caller, and is not touched.
void Transactions::settle() {
  const auto record = read_record();
  if (!record) return;
  const auto time = time_left(*record);
  if (time.count() > 0 && record->phase == RecordPhase::trial) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(time);
    throw Error(ErrorKind::conflict, fmt::format("transaction {}", record->id),
                fmt::format("is on trial, with {} s left for its commit", left.count()),
                fmt::format("csnet commit {0}, or csnet rollback {0}", record->id));
  }
  ProgressLog nobody_listens({});
  const auto recovery = recover(*record, nobody_listens);
  if (!recovery.left.empty()) {
    throw Error(ErrorKind::conflict, fmt::format("transaction {}", record->id),
                "was interrupted, and could not be cleaned up completely",
                hint_of_left(recovery.left, record->id));
  }
}

/// Undoes all resources, also when one of them fails.
Left Transactions::undo_once(const Record& record) const {
  Left left;
  std::exception_ptr failed;
  for (auto one = record.resources.rbegin(); one != record.resources.rend(); ++one) {
    try {
      auto more = resource(*one).undo(one->saved);
      std::ranges::move(more, std::back_inserter(left));
    } catch (const Error&) {
      if (!failed) failed = std::current_exception();
    }
  }
  if (failed) std::rethrow_exception(failed);
  return left;
}

Left Transactions::differences(const Record& record, std::chrono::milliseconds time) const {
  Left differ;
  for (const auto& one : record.resources) {
    auto more = resource(one).differences(one.saved, time);
    std::ranges::move(more, std::back_inserter(differ));
  }
  return differ;
}

void Transactions::disarm_what_is_armed(const Record& record, Left& left) const {
  ProgressLog nobody_listens({});
  for (const auto& one : record.resources) {
    attempt(left, one.kind, [&] {
      auto& of = resource(one);
      const auto time = of.time_left(one.saved);
      if (time.count() > 0 && time != std::chrono::milliseconds::max())
        of.disarm(one.saved, nobody_listens);
    });
  }
}

/// Undoes everything, whichever switches have fired. The others remain armed until the end, in case
/// this process is killed, too. Erases the journal when the host is as it was.
Left Transactions::undo(const Record& record) {
  Left left;
  Left differ;
  // A change that NetworkManager has not finished can spoil a repair: repeat that once.
  for (const bool is_last : {false, true}) {
    try {
      if (time_left(record).count() > 0) keep_alive(record, kUndoTime);
    } catch (const Error&) {
      // The switch cannot be renewed, for example when NetworkManager was just killed: it fires,
      // and the repair works without it.
    }
    left = undo_once(record);
    differ = differences(record, is_last ? kLastLook : kHostComesBack);
    if (differ.empty()) break;
  }
  disarm_what_is_armed(record, left);
  if (differ.empty()) {
    journal_.erase();
    return {};
  }
  std::ranges::move(differ, std::back_inserter(left));
  return left;
}

/// Writes everything to disk. Throws until the first switch is removed; the caller then undoes all.
/// After that it returns what it could not do.
Left Transactions::finish(Record record, ProgressLog& log) {
  keep_alive(record, kCommitTime);
  record.phase = RecordPhase::commit;
  journal_.write(to_json(record));
  for (const auto& one : record.resources) resource(one).make_last(one.saved, log);
  Left left;
  const auto& first = record.resources.front();
  resource(first).disarm(first.saved, log);  // the point of no return
  log.ignore_exceptions();
  for (const auto& one : std::span(record.resources).subspan(1))
    attempt(left, one.kind, [&] { resource(one).disarm(one.saved, log); });
  for (const auto& one : record.resources) {
    attempt(left, one.kind, [&] {
      auto more = resource(one).finish(one.saved, false, log);
      std::ranges::move(more, std::back_inserter(left));
    });
  }
  if (left.empty()) journal_.erase();
  return left;
}

/// Ends a transaction whose switches have fired: finishes a commit that has written everything, and
/// undoes any other.
Transactions::Recovery Transactions::recover(const Record& record, ProgressLog& log) {
  const auto is_last = [&](const SavedResource& one) { return resource(one).is_last(one.saved); };
  if (record.phase != RecordPhase::commit || !std::ranges::all_of(record.resources, is_last))
    return {.is_committed = false, .left = undo(record)};
  log.ignore_exceptions();
  Left left;
  for (const auto& one : record.resources) {
    attempt(left, one.kind, [&] {
      auto more = resource(one).finish(one.saved, true, log);
      std::ranges::move(more, std::back_inserter(left));
    });
  }
  if (left.empty()) journal_.erase();
  return {.is_committed = true, .left = std::move(left)};
}

/// Undoes the trial after `cause`, and throws the outcome.
void Transactions::roll_back_and_throw(const Record& record, ProgressLog& log,
                                       const std::exception_ptr& cause) {
  log.ignore_exceptions();  // an exception of the caller must not stop the rollback
  Left left;
  const auto at = log.begin(ProgressPhase::rollback, ProgressAction::roll_back, "");
  try {
    left = undo(record);
  } catch (const Error& error) {
    left = {{.what = error.what(), .command = error.hint()}};
  }
  log.end(at, progress_outcome(left), joined(left, "; "));
  const auto outcome =
      left.empty() ? TransactionOutcome::rolled_back : TransactionOutcome::rollback_incomplete;
  const auto* subject = left.empty() ? "rolled back" : "rolled back incompletely";
  const TransactionEnd end{outcome, {record.id, false, log.steps()}, left};
  const auto hint = [&](const std::string& of_cause) {
    const auto text = left.empty() ? steps_undone(record) : hint_of_left(left, record.id);
    return of_cause.empty() ? text : text + "\n  " + of_cause;
  };
  try {
    std::rethrow_exception(cause);
  } catch (const Error& error) {
    throw TransactionError(end, subject, error.what(), hint(error.hint()));
  } catch (...) {
    // The caller's own exception, such as Python's for Ctrl-C. Pass it on, unless the operator must
    // know of leftovers.
    if (left.empty()) throw;
    throw TransactionError(end, subject, "the change was interrupted", hint({}));
  }
}

Report Transactions::apply(const Plan& plan, const ApplyOptions& options) {
  check_options(options);
  const auto refuse_if_other = [&](const Plan& again) {
    if (again.steps == plan.steps) return;
    throw Error(ErrorKind::conflict, "plan", "the host has changed since it was made",
                "make the plan again, and review it");
  };
  if (plan.empty()) {
    // A change on trial may look as wanted without being permanent. read() writes nothing.
    if (journal_.read()) {
      const auto lock = journal_.lock();
      settle();
    }
    refuse_if_other(plan_host(client_, plan.request, plan.options));
    return {};
  }
  const auto lock = journal_.lock();
  settle();
  for (const auto& resource : resources_) resource->check_free();
  const auto before = client_.read();
  refuse_if_other(csnet::plan(plan.request, before, plan.options));

  ProgressLog log(options.on_progress);
  Trial trial(client_, resources_, {plan, before, options, log});
  trial.probe_before();
  // From here on there is something to undo.
  trial.begin([&](const Record& record) { journal_.write(to_json(record)); });
  Left left;
  try {
    trial.run();
    if (!options.commit) {
      trial.leave_open();
      return {trial.record().id, false, log.steps()};
    }
    trial.stop_listening();  // a commit must not be interrupted
    const auto at = log.begin(ProgressPhase::commit, ProgressAction::commit, "");
    left = finish(trial.record(), log);
    log.end(at, progress_outcome(left), joined(left, "; "));
  } catch (...) {
    trial.stop_listening();
    roll_back_and_throw(trial.record(), log, std::current_exception());
  }
  const Report report{trial.record().id, true, log.steps()};
  if (left.empty()) return report;
  throw committed_incompletely("committed incompletely", report, left);
}

Report Transactions::commit(const std::string& id) {
  const auto lock = journal_.lock();
  auto record = open_record(id);
  ProgressLog log({});
  Recovery recovery{.is_committed = true};
  if (time_left(record).count() > 0) {
    recovery.left = finish(std::move(record), log);
  } else {
    recovery = recover(record, log);
  }
  const Report report{id, recovery.is_committed, log.steps()};
  if (recovery.is_committed && recovery.left.empty()) return report;
  if (recovery.is_committed)
    throw committed_incompletely(fmt::format("transaction {} is committed incompletely", id),
                                 report, recovery.left);
  if (recovery.left.empty()) throw time_was_over(id);
  throw rolled_back_incompletely(id, "its time was over", report, recovery.left);
}

Report Transactions::rollback(const std::string& id) {
  const auto lock = journal_.lock();
  const auto left = undo(open_record(id));
  const Report report{id, false, {}};
  if (left.empty()) return report;
  throw rolled_back_incompletely(id, "is rolled back incompletely", report, left);
}

std::optional<Report> Transactions::recover() {
  if (!journal_.read()) return std::nullopt;
  const auto lock = journal_.lock();
  const auto record = read_record();
  if (!record || (record->phase == RecordPhase::trial && time_left(*record).count() > 0))
    return std::nullopt;
  ProgressLog log({});
  const auto recovery = recover(*record, log);
  const Report report{record->id, recovery.is_committed, log.steps()};
  if (recovery.left.empty()) return report;
  if (recovery.is_committed)
    throw committed_incompletely(
        fmt::format("transaction {} is committed incompletely", record->id), report, recovery.left);
  throw rolled_back_incompletely(record->id, "was interrupted", report, recovery.left);
}

std::optional<Transaction> Transactions::open() {
  const auto record = read_record();
  if (!record) return std::nullopt;
  const auto holder = journal_.holder();
  Transaction open{.id = record->id, .holder = holder.value_or("")};
  const auto time = time_left(*record);
  if (time != std::chrono::milliseconds::max()) open.left = time;
  open.profiles = touched_profiles(*record);
  open.state = holder ? TransactionState::running
               : time.count() > 0 && record->phase == RecordPhase::trial
                   ? TransactionState::trial
                   : TransactionState::interrupted;
  return open;
}

}  // namespace csnet
