#pragma once

#include <csnet/api.hpp>
#include <csnet/error.hpp>
#include <csnet/probe.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace csnet::inline CSNET_ABI {

/// When in a transaction something happens.
enum class ProgressPhase {
  before,    ///< The probes and checks, before anything is touched.
  trial,     ///< The steps, and what is waited for with them.
  after,     ///< The probes and checks, after the steps.
  commit,    ///< The change is made to last.
  rollback,  ///< The host becomes what it was.
};

/// "before", "trial", …: the enumerator's own name.
CSNET_API std::string_view to_string(ProgressPhase phase) noexcept;

/// The parts of a transaction. The first eight are the actions of a plan's steps.
enum class ProgressAction {
  add,
  modify,
  activate,
  reapply,
  restart,
  park,
  retire,
  remove,
  probe,            ///< A Probe; `subject` is "tcp 192.168.100.2:8250".
  check,            ///< A Check of the caller's; `subject` is its name.
  wait_for_lacp,    ///< `subject` is the bond's interface.
  write,            ///< A profile of the trial is written to disk.
  drop_checkpoint,  ///< NetworkManager's checkpoint is destroyed: the point of no return.
  commit,           ///< The whole; it ends when all of it has ended.
  roll_back,        ///< The whole.
};

/// "add", "modify", …: the enumerator's own name.
CSNET_API std::string_view to_string(ProgressAction action) noexcept;

/// How a part of a transaction ended.
enum class ProgressOutcome {
  begun,  ///< It has not ended yet.
  done,
  failed,
  skipped,
};

/// "begun", "done", …: the enumerator's own name.
CSNET_API std::string_view to_string(ProgressOutcome outcome) noexcept;

/// One part of a transaction, told when it begins and when it ends.
struct Progress {
  ProgressPhase phase = ProgressPhase::trial;
  ProgressAction action = ProgressAction::add;
  std::string subject{};  ///< "vlan 'eth0.100'"; empty for the whole.
  ProgressOutcome outcome = ProgressOutcome::begun;
  std::string detail{};                  ///< Why it failed or was skipped.
  std::chrono::milliseconds start{};     ///< Since apply() began.
  std::chrono::milliseconds duration{};  ///< 0 when it begins.

  bool operator==(const Progress&) const = default;
};

/// "activate vlan 'eth0.100'", "probe tcp 192.168.100.2:8250, before", "roll back": without outcome and times.
CSNET_API std::string to_text(const Progress& progress);

/// A probe of the caller's own, run in the caller's thread; it should end within a second or two.
struct Check {
  std::string name{};
  std::function<bool()> passes{};
  bool required = false;
};

struct ApplyOptions {
  /// How long the probes may take to pass once the steps are done; then everything is rolled back. It is also the
  /// time after which NetworkManager rolls back by itself when it hears no more from csnet, 1 s to 1 h.
  std::chrono::milliseconds rollback_after = std::chrono::seconds{30};
  /// When the steps are not done by then they are rolled back, whatever they wait for.
  std::chrono::milliseconds hard_limit = std::chrono::minutes{5};
  /// False: the trial goes on when apply() returns; commit() within `rollback_after` makes it last.
  bool commit = true;
  std::vector<Probe> probes{};  ///< Beside those of the plan.
  std::vector<Check> checks{};
  /// Called in the caller's thread when a step or probe begins, and when it ends. What it throws rolls back.
  std::function<void(const Progress&)> on_progress{};
  /// Asked while apply() waits: a stop rolls back.
  std::stop_token stop{};
};

/// The result of apply(), commit(), rollback() and recover().
struct Report {
  std::string id{};        ///< The transaction's; empty when there was nothing to do.
  bool committed = false;  ///< False also while the trial goes on.
  std::vector<Progress> steps{};

  bool operator==(const Report&) const = default;
};

/// For people: what became of the transaction, and then a line for each part of it.
CSNET_API std::string to_text(const Report& report);

/// How a transaction ended that did not end as it was to.
enum class TransactionOutcome {
  rolled_back,          ///< The host is as it was before.
  rollback_incomplete,  ///< Something is not as it was: see left(). rollback(id) tries once more.
  committed_incomplete,  ///< The new network is in force and on disk, and something is left to do: see left().
};

/// "rolled_back", "rollback_incomplete", …: the enumerator's own name.
CSNET_API std::string_view to_string(TransactionOutcome outcome) noexcept;

/// One thing that a transaction could not do.
struct Leftover {
  std::string what{};     ///< "eth0 is without its profile"
  std::string command{};  ///< What does it by hand, "nmcli connection up 3cf66f01-…".

  bool operator==(const Leftover&) const = default;
};

/// "eth0 is without its profile (by hand: nmcli connection up 3cf66f01-…)"
CSNET_API std::string to_text(const Leftover& left);

/// apply(), commit() and rollback() throw it when a transaction was begun and did not end as it was to. Its kind is
/// rolled_back for the outcome of that name, and incomplete for the others. The hint has for people what left() has.
class CSNET_API TransactionError : public Error {
 public:
  TransactionError(TransactionOutcome outcome, std::string subject, std::string message,
                   std::string hint, Report report = {}, std::vector<Leftover> left = {});

  [[nodiscard]] TransactionOutcome outcome() const noexcept { return outcome_; }
  /// Everything that was done until then.
  [[nodiscard]] const Report& report() const noexcept { return *report_; }
  /// The things that are left to do; empty when the outcome is rolled_back.
  [[nodiscard]] const std::vector<Leftover>& left() const noexcept { return *left_; }

 private:
  TransactionOutcome outcome_;
  // Shared: an exception is copied, and its copy must not throw.
  std::shared_ptr<const Report> report_;
  std::shared_ptr<const std::vector<Leftover>> left_;
};

/// How an open transaction stands.
enum class TransactionState {
  trial,        ///< It waits for commit() or rollback().
  running,      ///< Another process is at work on it.
  interrupted,  ///< The process that was at work on it has died: recover(), commit(), rollback() or an apply() ends it.
};

/// "trial", "running", …: the enumerator's own name.
CSNET_API std::string_view to_string(TransactionState state) noexcept;

/// An open transaction.
struct Transaction {
  std::string id{};
  TransactionState state = TransactionState::trial;
  std::string holder{};  ///< "pid 4711 (csnet apply network.yaml), since 2026-11-24 03:12:45"
  std::chrono::milliseconds
      left{};  ///< Until NetworkManager rolls back by itself; 0 when it will not.
  std::vector<std::string> profiles{};  ///< uuids of those that it adds, changes or takes away.

  bool operator==(const Transaction&) const = default;
};

}  // namespace csnet::inline CSNET_ABI
