#pragma once

#include "journal.hpp"
#include "nm/client.hpp"
#include "progress.hpp"
#include "record.hpp"

#include <csnet/plan.hpp>
#include <csnet/transaction.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace csnet {

/// A plan at work, up to the moment where it has proven itself. What it throws leaves the host half-way: the caller
/// takes it back by its record.
class Trial {
 public:
  /// @param all must outlive this; `before` is the host as the plan found it
  Trial(nm::Client& client, Journal& journal, const Plan& plan, const HostState& before,
        const ApplyOptions& options, ProgressLog& log);
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  /// Changes nothing: finds out what must pass again afterwards.
  void probe_before();
  /// Checkpoint, then journal: from here on somebody else can take it back.
  void begin();
  /// The steps, the waiting and the probes.
  void run();
  /// Gives the caller's time to whoever commits.
  void leave_open();
  /// Neither Ctrl-C nor a stop is heard any more.
  void stop_listening();

  [[nodiscard]] const Record& record() const { return record_; }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] ActivateOptions wave() const;
  void keep_bridges_addresses() const;
  /// Tells the caller that a step begins; returns the index for the log.
  std::size_t begin(const Step& step);
  void take(const Step& step, std::size_t index);
  void park(const Step& step, std::size_t index);
  void start(const Step& step, std::size_t index);
  void wait_for_started(bool is_last);
  void announce_through(const std::set<std::string, std::less<>>& controllers) const;
  void wait_for_lacp();
  void probe_after();
  void probe_after(const Probe& probe, bool is_needed, Clock::time_point until);
  void check_after(const Check& check, bool is_needed, Clock::time_point until);
  /// Each about 100 ms while anything waits: keeps the checkpoint alive, hears the caller, minds the limit.
  void tick();
  [[nodiscard]] std::chrono::milliseconds time_left() const;
  [[nodiscard]] const std::string& uuid_at(std::size_t index) const { return uuids_[index]; }

  nm::Client& client_;
  Journal& journal_;
  const Plan& plan_;
  const HostState& before_;
  const ApplyOptions& options_;
  ProgressLog& log_;
  std::function<void()> callers_on_wait_;
  Clock::time_point limit_;
  Clock::time_point last_extension_{};
  bool ticking_ = false;
  bool has_begun_ = false;
  bool interrupts_ = false;                     ///< Somebody's traffic has stopped by now.
  std::optional<std::size_t> started_early_{};  ///< the step that a park has begun
  Record record_;
  std::vector<std::string> uuids_;  ///< of each step's profile
  std::map<std::string, const Profile*, std::less<>> before_by_uuid_;
  std::vector<Probe> probes_;
  std::vector<bool> passed_before_;         ///< each probe, then each check
  std::vector<std::size_t> started_{};      ///< steps that are not waited for yet
  std::vector<std::size_t> log_index_{};    ///< of each step
  std::set<std::size_t> must_start_{};      ///< those of started_ that were not reapplied
  std::set<std::string> bonds_to_check_{};  ///< in mode 802.3ad
};

}  // namespace csnet
