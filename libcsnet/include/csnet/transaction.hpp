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

/// The phases of a transaction.
enum class ProgressPhase {
  before,    ///< The probes and checks, before anything is touched.
  trial,     ///< The steps, and the waits that belong to them.
  after,     ///< The probes and checks, after the steps.
  commit,    ///< The profiles are written to disk, and the checkpoint is destroyed.
  rollback,  ///< The host is restored.
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
  commit,           ///< The whole commit; it ends after all of its parts.
  roll_back,        ///< The whole rollback.
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

/// One part of a transaction, reported when it begins and again when it ends.
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

/// "activate vlan 'eth0.100'", "probe tcp 192.168.100.2:8250, before", "roll back": without outcome
/// and times.
CSNET_API std::string to_text(const Progress& progress);

/// A probe that the caller implements. It runs in the caller's thread, and should end within a
/// second or two.
struct Check {
  std::string name{};
  std::function<bool()> passes{};
  bool required = false;
};

/// Options of Session::apply().
struct ApplyOptions {
  /// The time limit of the probes after the steps; csnet then rolls everything back. 1 s to 1 h.
  ///
  /// NetworkManager rolls back on its own when it has not heard from csnet for this time.
  std::chrono::milliseconds rollback_after = std::chrono::seconds{30};
  /// The time limit of the steps; csnet then rolls them back.
  std::chrono::milliseconds hard_limit = std::chrono::minutes{5};
  /// False: apply() returns during the trial; commit() commits it within `rollback_after`.
  bool commit = true;
  std::vector<Probe> probes{};  ///< In addition to those of the plan.
  std::vector<Check> checks{};
  /// Called in the caller's thread when a step or probe begins, and when it ends. An exception from
  /// it causes a rollback.
  std::function<void(const Progress&)> on_progress{};
  /// Checked while apply() waits: a requested stop causes a rollback.
  std::stop_token stop{};
};

/// The result of apply(), commit(), rollback() and recover().
struct Report {
  std::string id{};        ///< The transaction's id; empty when there was nothing to do.
  bool committed = false;  ///< Also false during the trial.
  std::vector<Progress> steps{};

  bool operator==(const Report&) const = default;
};

/// Returns the report for people: whether the transaction is committed, and a line for each part.
CSNET_API std::string to_text(const Report& report);

/// The outcomes of a transaction that did not end as intended.
enum class TransactionOutcome {
  rolled_back,           ///< The host is as it was before.
  rollback_incomplete,   ///< left() lists what could not be restored; rollback(id) tries again.
  committed_incomplete,  ///< The new network is active and on disk; left() lists the rest.
};

/// "rolled_back", "rollback_incomplete", …: the enumerator's own name.
CSNET_API std::string_view to_string(TransactionOutcome outcome) noexcept;

/// One thing that a transaction could not do.
struct Leftover {
  std::string what{};     ///< "eth0 is without its profile"
  std::string command{};  ///< The command that does it, "nmcli connection up 3cf66f01-…"; or empty.

  bool operator==(const Leftover&) const = default;
};

/// "eth0 is without its profile (by hand: nmcli connection up 3cf66f01-…)"
CSNET_API std::string to_text(const Leftover& left);

/// How a transaction ended that did not end as intended.
struct TransactionEnd {
  TransactionOutcome outcome{};
  Report report{};               ///< The parts of the transaction until then.
  std::vector<Leftover> left{};  ///< The things that are left to do; empty for rolled_back.
};

/// A transaction was begun and did not end as intended.
///
/// apply(), commit(), rollback() and recover() throw it. Its kind is rolled_back for the outcome of
/// that name, and incomplete for the others. The hint has the things of left() as text for people.
class CSNET_API TransactionError : public Error {
 public:
  TransactionError(TransactionEnd end, std::string subject, std::string message,
                   std::string hint = {});

  [[nodiscard]] TransactionOutcome outcome() const noexcept { return end_->outcome; }
  [[nodiscard]] const Report& report() const noexcept { return end_->report; }
  [[nodiscard]] const std::vector<Leftover>& left() const noexcept { return end_->left; }

 private:
  // Shared: an exception is copied, and its copy must not throw.
  std::shared_ptr<const TransactionEnd> end_;
};

/// The states of an open transaction.
enum class TransactionState {
  trial,    ///< It waits for commit() or rollback().
  running,  ///< Another process is working on it.
  /// The process that was working on it has died: recover(), commit(), rollback() or an apply()
  /// ends it.
  interrupted,
};

/// "trial", "running", …: the enumerator's own name.
CSNET_API std::string_view to_string(TransactionState state) noexcept;

/// An open transaction.
struct Transaction {
  std::string id{};
  TransactionState state = TransactionState::trial;
  std::string holder{};  ///< "pid 4711 (csnet apply network.yaml), since 2026-11-24 03:12:45"
  /// Until NetworkManager rolls back on its own; 0 when it will not.
  std::chrono::milliseconds left{};
  /// The uuids of the profiles that it adds, changes or deletes.
  std::vector<std::string> profiles{};

  bool operator==(const Transaction&) const = default;
};

}  // namespace csnet::inline CSNET_ABI
