#pragma once

#include "nm/client.hpp"
#include "resource.hpp"
#include "saved_profiles.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csnet {

/// Carries out the profiles' steps of a trial.
class ProfileTrial {
 public:
  /// @param client and attempt must outlive this
  ProfileTrial(nm::Client& client, const Attempt& attempt);

  [[nodiscard]] std::span<ProfileStep> steps() { return steps_; }
  /// The existing interfaces that the steps change, sorted.
  [[nodiscard]] std::set<std::string> touched_interfaces() const;

  /// Carries out all steps of the trial, in the plan's order.
  void run();
  /// Waits until the ports have joined, the interfaces have a carrier, LACP has a partner and the
  /// addresses are set.
  void wait_until_usable();

 private:
  [[nodiscard]] ActivateOptions wave() const;
  void keep_bridges_addresses() const;
  void hold_back_obsolete() const;
  [[nodiscard]] std::size_t begin(const ProfileStep& step) const;
  void take(std::size_t index);
  void write_in_memory(const ProfileStep& step) const;
  void start(std::size_t index);
  void park(std::size_t index);
  void wait_for_started(bool is_last);
  void announce_through(const std::set<std::string, std::less<>>& controllers) const;
  void wait_for_lacp();

  nm::Client& client_;
  const Attempt& attempt_;
  std::vector<ProfileStep> steps_;
  std::map<std::string, const Profile*, std::less<>> before_by_uuid_;
  bool interrupts_ = false;                     ///< A step has interrupted traffic by now.
  std::optional<std::size_t> started_early_{};  ///< The step that a park has started.
  std::vector<std::size_t> started_{};          ///< Steps that have started, and may not be up yet.
  std::set<std::size_t> must_start_{};          ///< Those of started_ that were not reapplied.
  std::set<std::string> bonds_to_check_{};      ///< In mode 802.3ad.
};

}  // namespace csnet
