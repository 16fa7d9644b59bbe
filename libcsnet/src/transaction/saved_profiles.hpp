#pragma once

#include "nm/client.hpp"
#include "record.hpp"

#include <csnet/host_state.hpp>
#include <csnet/step.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace csnet {

/// A profile's file, with the profile as it was.
struct SavedProfile {
  nm::Saved profile{};
  std::string content{};  ///< Of its file, byte for byte; empty without a file.
};

/// A profile that is kept without autoconnect, under a name of its own.
struct RetiredProfile {
  std::string uuid{};
  std::string name{};  ///< Afterwards.
};

/// An interface before the trial.
struct SavedInterface {
  std::string interface_name{};
  std::string uuid{};  ///< Of its active profile.
  std::string controller{};
  std::vector<std::string> addresses{};
};

/// The profiles' part of a record. A profile is its uuid, where nothing else is said.
struct SavedProfiles {
  static constexpr const char* kKind = "profiles";  ///< In the journal.

  nm::Checkpoint checkpoint{};
  std::vector<std::string> added{};
  std::vector<std::string> parked{};  ///< New profiles that are deleted in any case.
  std::vector<std::string> modified{};
  std::vector<std::string> removed{};
  std::vector<RetiredProfile> retired{};
  std::vector<std::string> restarted{};  ///< Their interfaces are made anew.
  std::vector<SavedProfile> saved{};     ///< Those modified, retired or removed, as they were.
  std::vector<SavedInterface> interfaces{};
  std::vector<std::string> new_interfaces{};  ///< Names of interfaces that the plan makes.
};

Json to_json(const SavedProfiles& profiles);
/// @throws nlohmann::json::exception when something is missing without which a profile or an interface would not be
/// restored
SavedProfiles to_saved_profiles(const Json& saved);

/// Empty when none was created. @throws as to_saved_profiles()
nm::Checkpoint checkpoint_of(const Json& saved);

/// uuids of the profiles that a record's transaction adds, changes or takes away.
std::vector<std::string> touched_profiles(const Record& record);

/// The profiles' part of a journal that csnet 0.1 wrote. @throws as to_saved_profiles()
SavedResource profiles_of_version_1(const Json& root);

/// One step of a plan that is about a profile.
struct ProfileStep {
  const Step* step = nullptr;
  const Profile* profile = nullptr;
  std::string uuid{};         ///< Also of a new profile.
  std::size_t log_index = 0;  ///< In the progress log, once the step has begun.

  [[nodiscard]] Action action() const { return step->action; }
};

/// Everything but the checkpoint. Asks NetworkManager for what the steps touch.
/// @param steps get their uuids
/// @param before the host as it is
SavedProfiles save_profiles(nm::Client& client, std::span<ProfileStep> steps, const Facts& before);

}  // namespace csnet
