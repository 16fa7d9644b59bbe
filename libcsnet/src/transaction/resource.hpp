#pragma once

#include "progress.hpp"
#include "record.hpp"

#include <csnet/plan.hpp>
#include <csnet/transaction.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace csnet {

using Left = std::vector<Leftover>;

/// A plan to apply.
struct TrialInput {
  const Plan& plan;
  const Facts& before;  ///< The host as the plan found it.
  const ApplyOptions& options;
  ProgressLog& log;
};

/// A plan that is being applied, as the resources see it.
struct Attempt : TrialInput {
  /// Renews every dead man's switch, and calls the caller's on_wait. A resource that waits calls it
  /// every 100 ms.
  /// @throws the exception that ends the trial
  std::function<void()> tick;
  /// The time until hard_limit, at least 1 ms.
  std::function<std::chrono::milliseconds()> time_left;
};

/// When the engine tries a resource's steps.
enum class Stage {
  network,  ///< Before the probes of the plan and the caller.
  service,  ///< After them; wait_until_usable() is this stage's probe.
};

/// One kind of thing that a transaction changes, such as the profiles.
///
/// Each resource keeps all promises of a transaction on its own, since NetworkManager's checkpoint
/// covers profiles only: a trial leaves nothing that survives a power failure, the trial ends
/// without csnet when csnet's process is killed, and any later process can finish or undo it from
/// the journal.
///
/// `saved` is the value that save() returned, read from the journal, perhaps by another process. A
/// function that takes it may be called any number of times, also after a process was killed during
/// the same call, and finds the remaining work on its own.
class Resource {
 public:
  Resource() = default;
  virtual ~Resource() = default;
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;

  /// "profiles": the resource's name in the journal. It never changes.
  [[nodiscard]] virtual std::string_view kind() const = 0;
  [[nodiscard]] virtual Stage stage() const { return Stage::network; }

  // The trial: called in this order, within one process.

  /// Checks that no other program is about to change or restore the same.
  /// @throws Error (conflict)
  virtual void check_free() {}
  /// Returns the state before the first change, with all that finish() and undo() will need.
  /// Changes nothing.
  virtual Json save(const Attempt& attempt) = 0;
  /// Arms the dead man's switch: without a keep_alive() within `time`, the resource's trial ends
  /// without csnet. Adds the switch's identity to `saved`.
  virtual void begin(Json& /*saved*/, std::chrono::seconds /*time*/) {}
  virtual void keep_alive(const Json& /*saved*/, std::chrono::seconds /*time*/) {}
  /// Carries out the plan's steps of this kind, apart from those of the commit. Writes nothing to
  /// disk.
  virtual void try_steps(const Attempt& attempt, const Json& saved) = 0;
  virtual void wait_until_usable(const Attempt& /*attempt*/) {}

  // The end of a transaction, in any process.

  /// Checks that `saved` is complete: otherwise the host cannot be restored.
  /// @throws Json::exception when it is not a value that save() returns
  virtual void check(const Json& saved) const = 0;
  /// The time until the dead man's switch fires; 0 when it has fired. A resource without a switch
  /// cannot lose its trial.
  [[nodiscard]] virtual std::chrono::milliseconds time_left(const Json& /*saved*/) {
    return std::chrono::milliseconds::max();
  }
  /// Writes the trial's changes to disk. @throws Error; the engine then undoes all
  virtual void make_last(const Json& saved, ProgressLog& log) = 0;
  /// Whether all that make_last() writes is on disk.
  [[nodiscard]] virtual bool is_last(const Json& saved) = 0;
  /// Removes the dead man's switch. For the first resource this is the transaction's point of no
  /// return: if csnet's process is killed before it has removed the others, they fire, and a later
  /// finish() brings their changes up again.
  virtual void disarm(const Json& /*saved*/, ProgressLog& /*log*/) {}
  /// Does the rest after the point of no return, such as removing replaced profiles. Returns what
  /// it could not do.
  /// @param interrupted the process that began the commit was killed, and a switch may have fired:
  /// the trial's changes have to be brought up again
  virtual Left finish(const Json& /*saved*/, bool /*interrupted*/, ProgressLog& /*log*/) {
    return {};
  }
  /// Restores the state that save() returned. Returns what it could not do.
  /// @throws Error (unavailable) when nothing can be done now
  virtual Left undo(const Json& saved) = 0;
  /// The differences from the state that save() returned. Waits up to `time` for changes that are
  /// under way.
  virtual Left differences(const Json& saved, std::chrono::milliseconds time) = 0;
};

using Resources = std::vector<std::unique_ptr<Resource>>;

}  // namespace csnet
