#pragma once

#include "model/values/for_people.hpp"

#include <csnet/transaction.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace csnet {

/// The parts of a transaction so far. Reports each to the caller as it begins and ends.
class ProgressLog {
 public:
  explicit ProgressLog(std::function<void(const Progress&)> tell) : tell_(std::move(tell)) {}

  /// Returns the index for end().
  std::size_t begin(ProgressPhase phase, ProgressAction action, std::string subject) {
    steps_.push_back(
        {.phase = phase, .action = action, .subject = std::move(subject), .start = since_start()});
    tell(steps_.back());
    return steps_.size() - 1;
  }
  /// @param detail why it failed or was skipped
  void end(std::size_t index, ProgressOutcome outcome, std::string detail = {}) {
    auto& step = steps_[index];
    step.outcome = outcome;
    step.detail = model::for_people(std::move(detail));
    step.duration = since_start() - step.start;
    tell(step);
  }
  [[nodiscard]] const std::vector<Progress>& steps() const { return steps_; }

  /// From the point of no return on, an exception of the caller comes too late.
  void ignore_exceptions() { ignores_exceptions_ = true; }

 private:
  void tell(const Progress& step) const {
    if (!tell_) return;
    try {
      tell_(step);
    } catch (...) {
      if (!ignores_exceptions_) throw;
    }
  }

  [[nodiscard]] std::chrono::milliseconds since_start() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start_);
  }

  std::function<void(const Progress&)> tell_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<Progress> steps_;
  bool ignores_exceptions_ = false;
};

}  // namespace csnet
