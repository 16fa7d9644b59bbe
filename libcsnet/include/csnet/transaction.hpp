#pragma once

#include <csnet/api.hpp>
#include <csnet/probe.hpp>

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace csnet {

/// How a step, a probe or the whole ended.
struct Progress {
  std::string
      what{};  ///< "activate vlan 'eth0.100'", "probe tcp 192.168.100.2:8250", "commit", "roll back"
  std::string outcome{};              ///< "" when it begins; then done, failed, undone or skipped
  std::string detail{};               ///< Why it failed or was skipped.
  std::chrono::milliseconds start{};  ///< Since apply() began.
  std::chrono::milliseconds duration{};  ///< 0 when it begins.

  bool operator==(const Progress&) const = default;
};

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

/// What apply(), commit() and rollback() did.
struct Report {
  std::string id{};        ///< The transaction's; empty when there was nothing to do.
  bool committed = false;  ///< False also while the trial goes on.
  std::vector<Progress> steps{};

  bool operator==(const Report&) const = default;
};

/// A transaction that is not over.
struct Transaction {
  std::string id{};
  /// trial: waits for commit() or rollback(). running: another process is at it. interrupted: whoever was at it died;
  /// commit() or rollback() ends it, and so does the next apply().
  std::string state{};
  std::string holder{};  ///< "pid 4711 (csnet apply network.yaml), since 2026-11-24 03:12:45"
  std::chrono::milliseconds
      left{};  ///< Until NetworkManager rolls back by itself; 0 when it will not.
  std::vector<std::string> profiles{};  ///< uuids of those that it adds, changes or takes away.

  bool operator==(const Transaction&) const = default;
};

}  // namespace csnet
