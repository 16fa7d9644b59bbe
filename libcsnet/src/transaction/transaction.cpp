#include "transaction.hpp"
#include "plan_host.hpp"
#include "progress.hpp"
#include "record.hpp"
#include "recovery.hpp"
#include "trial.hpp"

#include <csnet/error.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <exception>
#include <utility>

namespace csnet {
namespace {

std::string joined(const std::vector<Leftover>& left, std::string_view separator) {
  std::vector<std::string> texts;
  texts.reserve(left.size());
  for (const auto& one : left) texts.push_back(in_words(one));
  return fmt::format("{}", fmt::join(texts, separator));
}

std::string hint_of_left(const std::vector<Leftover>& left, const std::string& id) {
  return fmt::format("what is not as it was:\n    {}\n  csnet rollback {} tries once more",
                     joined(left, "\n    "), id);
}

TransactionError time_was_over(const std::string& id) {
  return {TransactionOutcome::rolled_back, fmt::format("transaction {}", id),
          "its time was over, and NetworkManager has rolled it back",
          "the host is as it was: apply again", Report{.id = id}};
}

TransactionError committed_incompletely(const std::string& subject, const Report& report,
                                        const std::vector<Leftover>& left) {
  return {
      TransactionOutcome::committed_incomplete,
      subject,
      joined(left, "; "),
      fmt::format("the new network is in force and on disk; csnet commit {} tries the rest again",
                  report.id),
      report,
      left};
}

Record open_record(const Journal& journal, const std::string& id) {
  const auto text = journal.read();
  if (text) {
    auto record = parse_record(*text, journal.file());
    if (record.id == id) return record;
    throw Error(ErrorKind::not_found, fmt::format("transaction {}", id),
                fmt::format("the open one is {}", record.id),
                fmt::format("csnet commit {0}, or csnet rollback {0}", record.id));
  }
  throw Error(ErrorKind::not_found, fmt::format("transaction {}", id), "is not open",
              "it was committed or rolled back already");
}

/// Ends what a process left behind that died; a trial that still waits for its commit is somebody's, and is left alone.
void settle_open_transaction(nm::Client& client, Journal& journal) {
  const auto text = journal.read();
  if (!text) return;
  const auto record = parse_record(*text, journal.file());
  if (is_alive(client, record) && record.phase == "trial") {
    const auto left = std::chrono::ceil<std::chrono::seconds>(client.left(record.checkpoint));
    throw Error(ErrorKind::conflict, fmt::format("transaction {}", record.id),
                fmt::format("is on trial, and waits {} s for its commit", left.count()),
                fmt::format("csnet commit {0}, or csnet rollback {0}", record.id));
  }
  std::vector<Leftover> left;
  ProgressLog nobody_listens({});
  recover(client, journal, record, nobody_listens, left);
  if (!left.empty()) {
    throw Error(ErrorKind::conflict, fmt::format("transaction {}", record.id),
                "was interrupted, and could not be cleaned up whole",
                hint_of_left(left, record.id));
  }
}

/// Two checkpoints would restore each other's work.
void refuse_foreign_checkpoint(nm::Client& client) {
  const auto all = client.checkpoints();
  if (all.empty()) return;
  const auto left = std::chrono::ceil<std::chrono::seconds>(client.left(all.front()));
  throw Error(
      ErrorKind::conflict, "NetworkManager",
      fmt::format("another program holds the checkpoint {}{}", all.front().path,
                  left.count() > 0 ? fmt::format(", which rolls back in {} s", left.count()) : ""),
      "let nmstate, Cockpit or whoever it is finish, then try again");
}

void check_options(const ApplyOptions& options) {
  using namespace std::chrono_literals;
  if (options.rollback_after < 1s || options.rollback_after > 1h) {
    throw Error(ErrorKind::invalid, "rollback_after",
                fmt::format("{} s is out of range (1 s to 1 h)",
                            std::chrono::duration<double>(options.rollback_after).count()),
                "the storage heartbeat lets a host be away for about 50 s: 30 is the default");
  }
  if (options.hard_limit < options.rollback_after) {
    throw Error(ErrorKind::invalid, "hard_limit", "is shorter than rollback_after",
                "it bounds the steps and the probes together");
  }
  throw_if_invalid(
      validate(HostState{.profiles = {}, .remove = {}, .probes = options.probes, .devices = {}}));
}

std::string steps_undone(const Record& record) {
  return fmt::format("the host is as it was ({0} of {0} steps undone)", record.steps.size());
}

/// Takes the trial back after `cause`, and throws what became of it.
[[noreturn]] void roll_back_and_throw(nm::Client& client, Journal& journal, const Record& record,
                                      ProgressLog& log, const std::exception_ptr& cause) {
  log.ignore_exceptions();  // a caller who throws, or a second Ctrl-C, must not stop the rollback
  std::vector<Leftover> left;
  const auto at = log.begin(ProgressPhase::rollback, ProgressAction::roll_back, "", "roll back");
  try {
    left = undo(client, journal, record);
  } catch (const Error& error) {
    left = {{.what = error.what(), .command = error.hint()}};
  }
  log.end(at, left.empty() ? "done" : "failed", joined(left, "; "));
  const auto outcome =
      left.empty() ? TransactionOutcome::rolled_back : TransactionOutcome::rollback_incomplete;
  const auto* subject = left.empty() ? "rolled back" : "rolled back incompletely";
  const Report report{record.id, false, log.steps()};
  const auto hint = [&](const std::string& of_cause) {
    const auto text = left.empty() ? steps_undone(record) : hint_of_left(left, record.id);
    return of_cause.empty() ? text : text + "\n  " + of_cause;
  };
  try {
    std::rethrow_exception(cause);
  } catch (const Error& error) {
    throw TransactionError(outcome, subject, error.what(), hint(error.hint()), report, left);
  } catch (...) {
    // The caller's own, Ctrl-C in Python: it goes on, unless the host needs a hand.
    if (left.empty()) throw;
    throw TransactionError(outcome, subject, "the change was interrupted", hint({}), report, left);
  }
}

}  // namespace

Report apply_plan(nm::Client& client, Journal& journal, const Plan& plan,
                  const ApplyOptions& options) {
  check_options(options);
  const auto refuse_if_other = [&](const Plan& again) {
    if (again.steps == plan.steps) return;
    throw Error(ErrorKind::conflict, "plan", "the host has changed since it was made",
                "make the plan again, and look at it once more");
  };
  if (plan.empty()) {
    // What is on trial looks as it is wanted, and may not last. Looking writes nothing.
    if (journal.read()) {
      const auto lock = journal.lock();
      settle_open_transaction(client, journal);
    }
    refuse_if_other(plan_host(client, plan.desired, plan.options));
    return {};
  }
  const auto lock = journal.lock();
  settle_open_transaction(client, journal);
  refuse_foreign_checkpoint(client);
  const auto before = client.read();
  refuse_if_other(csnet::plan(plan.desired, before, plan.options));

  ProgressLog log(options.on_progress);
  Trial trial(client, journal, plan, before, options, log);
  trial.probe_before();
  trial.begin();  // from here on there is something to take back
  std::vector<Leftover> left;
  try {
    trial.run();
    if (!options.commit) {
      trial.leave_open();
      return {trial.record().id, false, log.steps()};
    }
    trial.stop_listening();  // half a commit helps nobody
    const auto at = log.begin(ProgressPhase::commit, ProgressAction::commit, "", "commit");
    left = finish(client, journal, trial.record(), log);
    log.end(at, left.empty() ? "done" : "failed", joined(left, "; "));
  } catch (...) {
    trial.stop_listening();
    roll_back_and_throw(client, journal, trial.record(), log, std::current_exception());
  }
  if (left.empty()) return {trial.record().id, true, log.steps()};
  const auto& id = trial.record().id;
  throw committed_incompletely("committed incompletely", {id, true, log.steps()}, left);
}

Report commit_transaction(nm::Client& client, Journal& journal, const std::string& id) {
  const auto lock = journal.lock();
  auto record = open_record(journal, id);
  ProgressLog log({});
  std::vector<Leftover> left;
  if (is_alive(client, record)) {
    left = finish(client, journal, std::move(record), log);
  } else if (!recover(client, journal, record, log, left)) {
    if (left.empty()) throw time_was_over(id);
    throw TransactionError(TransactionOutcome::rollback_incomplete,
                           fmt::format("transaction {}", id), "its time was over",
                           hint_of_left(left, id), {id, false, log.steps()}, left);
  }
  if (left.empty()) return {id, true, log.steps()};
  throw committed_incompletely(fmt::format("transaction {} is committed incompletely", id),
                               {id, true, log.steps()}, left);
}

Report roll_back_transaction(nm::Client& client, Journal& journal, const std::string& id) {
  const auto lock = journal.lock();
  const auto record = open_record(journal, id);
  const auto left = undo(client, journal, record);
  if (left.empty()) return {id, false, {}};
  throw TransactionError(TransactionOutcome::rollback_incomplete, fmt::format("transaction {}", id),
                         "is rolled back incompletely", hint_of_left(left, id), {id, false, {}},
                         left);
}

std::optional<Transaction> open_transaction(nm::Client& client, const Journal& journal) {
  const auto text = journal.read();
  if (!text) return std::nullopt;
  const auto record = parse_record(*text, journal.file());
  const auto holder = journal.holder();
  Transaction open{.id = record.id, .holder = holder.value_or("")};
  const bool alive = is_alive(client, record);
  if (alive) open.left = client.left(record.checkpoint);
  for (const auto* uuids :
       {&record.added, &record.parked, &record.modified, &record.retired, &record.removed}) {
    open.profiles.insert(open.profiles.end(), uuids->begin(), uuids->end());
  }
  open.state = holder ? "running" : alive && record.phase == "trial" ? "trial" : "interrupted";
  return open;
}

}  // namespace csnet
