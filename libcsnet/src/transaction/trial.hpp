#pragma once

#include "nm/client.hpp"
#include "resource.hpp"

#include <chrono>
#include <functional>
#include <span>
#include <vector>

namespace csnet {

/// Applies a plan until its probes have passed. A call that throws leaves the change unfinished;
/// the caller undoes it by the record.
class Trial {
 public:
  /// @param all must outlive this, and so must everything that `input` refers to
  Trial(nm::Client& client, Resources& resources, const TrialInput& input);
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  /// Finds out which probes pass now and must pass again afterwards. Changes nothing.
  void probe_before();
  /// Saves each resource, arms its switch, then writes the journal: from then on another process
  /// can undo the trial.
  /// @param write gets the record; when it throws, the switches are removed
  void begin(const std::function<void(const Record&)>& write);
  /// Carries out the steps, the waits and the probes of both stages.
  void run();
  /// Renews the switches, so that the whole of rollback_after remains for the commit.
  void leave_open();
  /// From now on the trial ignores Ctrl-C and a stop.
  void stop_listening();

  [[nodiscard]] const Record& record() const { return record_; }

 private:
  using Clock = std::chrono::steady_clock;

  void run(Stage stage);
  void probe_after();
  void probe_after(const Probe& probe, bool is_needed, Clock::time_point until);
  void check_after(const Check& check, bool is_needed, Clock::time_point until);
  /// Runs about every 100 ms during waits: renews the switches, calls the caller's on_wait, and
  /// checks the limit.
  void tick();
  void keep_alive();
  [[nodiscard]] std::chrono::milliseconds time_left() const;

  nm::Client& client_;
  Resources& resources_;
  const ApplyOptions& options_;
  ProgressLog& log_;
  std::function<void()> callers_on_wait_;
  Clock::time_point limit_;
  Clock::time_point last_extension_{};
  bool ticking_ = false;
  bool has_begun_ = false;
  Attempt attempt_;
  Record record_;
  std::vector<Probe> probes_;
  std::vector<bool> passed_before_;  ///< Each probe, then each check.
};

}  // namespace csnet
