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

/// A plan at work, as the engine shows it to the resources.
struct Attempt {
  const Plan& plan;
  const Facts& before;  ///< The host as the plan found it.
  const ApplyOptions& options;
  ProgressLog& log;
  /// Keeps every dead man's switch from firing and hears the caller. A resource that waits calls it every 100 ms.
  /// @throws whatever ends the trial
  std::function<void()> tick;
  /// Until hard_limit, at least 1 ms.
  std::function<std::chrono::milliseconds()> time_left;
};

/// When the engine tries a resource's steps.
enum class Stage {
  network,  ///< Before the probes of the plan and the caller.
  service,  ///< After them; wait_until_usable() is the stage's own probe.
};

/// One kind of thing that a transaction changes: the profiles, and others beside them.
///
/// Every promise of a transaction is kept for each resource alone, since NetworkManager's checkpoint covers profiles and
/// nothing else: a trial leaves nothing that survives a power cut, a dead csnet is noticed without csnet, and any later
/// process finishes or undoes from the journal what an earlier one began.
///
/// `saved` is what save() returned, by way of the journal: perhaps in another process. A function that takes it may be
/// called any number of times, also when the same call has died half-way, and finds out on its own what is left to do.
class Resource {
 public:
  Resource() = default;
  virtual ~Resource() = default;
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;

  /// "profiles": the resource's name in the journal. It never changes.
  [[nodiscard]] virtual std::string_view kind() const = 0;
  [[nodiscard]] virtual Stage stage() const { return Stage::network; }

  // The trial, in this order, within one process

  /// @throws Error (conflict) when another program is about to change or restore the same
  virtual void check_free() {}
  /// How the host is before the first change: all that finish() and undo() will need. Changes nothing.
  virtual Json save(const Attempt& attempt) = 0;
  /// Arms the dead man's switch: without another keep_alive() within `time`, the resource's trial ends without csnet.
  /// Adds to `saved` what identifies the switch.
  virtual void begin(Json& /*saved*/, std::chrono::seconds /*time*/) {}
  virtual void keep_alive(const Json& /*saved*/, std::chrono::seconds /*time*/) {}
  /// Carries out the plan's steps of this kind, up to what has to be done at the end. Nothing reaches the disk.
  virtual void try_steps(const Attempt& attempt, const Json& saved) = 0;
  virtual void wait_until_usable(const Attempt& /*attempt*/) {}

  // The end of a transaction, in any process

  /// @throws Json::exception when `saved` is not what save() returns: without it the host cannot be restored
  virtual void check(const Json& saved) const = 0;
  /// Until the dead man's switch fires: 0 when it has fired. A resource that has none cannot lose the trial.
  [[nodiscard]] virtual std::chrono::milliseconds time_left(const Json& /*saved*/) {
    return std::chrono::milliseconds::max();
  }
  /// Writes to disk what was tried. @throws Error; the engine then undoes all
  virtual void make_last(const Json& saved, ProgressLog& log) = 0;
  /// Whether make_last() has done all that it does, and nobody took it back.
  [[nodiscard]] virtual bool is_last(const Json& saved) = 0;
  /// Removes the dead man's switch. That of the first resource is the transaction's point of no return: should csnet die
  /// before it has removed the others, they fire, and a later finish() makes up for it.
  virtual void disarm(const Json& /*saved*/, ProgressLog& /*log*/) {}
  /// After the point of no return: whatever is left to do, such as removing what was replaced.
  /// @param interrupted the process that began the commit has died, and a switch may have fired: what was tried has to
  /// be brought up anew
  virtual Left finish(const Json& /*saved*/, bool /*interrupted*/, ProgressLog& /*log*/) {
    return {};
  }
  /// Makes the host what save() saw. Returns what it could not do.
  /// @throws Error (unavailable) when nothing can be done now
  virtual Left undo(const Json& saved) = 0;
  /// The differences from what save() saw. Waits up to `time` for changes that are under way.
  virtual Left differences(const Json& saved, std::chrono::milliseconds time) = 0;
};

using Resources = std::vector<std::unique_ptr<Resource>>;

}  // namespace csnet
