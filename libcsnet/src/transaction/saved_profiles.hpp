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

/// A profile as it was, with the content of its file.
struct SavedProfile {
  nm::Saved profile{};
  std::string content{};  ///< Of its file, byte for byte; empty without a file.
};

/// A profile that is kept without autoconnect, under another name.
struct RetiredProfile {
  std::string uuid{};
  std::string name{};  ///< The new name.
};

/// An interface before the trial.
struct SavedInterface {
  std::string interface_name{};
  std::string uuid{};  ///< Of its active profile.
  std::string controller{};
  std::vector<std::string> addresses{};
};

/// The profiles' part of a record. Lists of strings are uuids if not stated otherwise.
struct SavedProfiles {
  static constexpr const char* kKind = "profiles";  ///< In the journal.

  nm::Checkpoint checkpoint{};
  std::vector<std::string> added{};
  std::vector<std::string> parked{};  ///< The parks' profiles, which are deleted at the end.
  std::vector<std::string> modified{};
  std::vector<std::string> removed{};
  std::vector<RetiredProfile> retired{};
  std::vector<std::string> restarted{};  ///< Their interfaces are created anew.
  std::vector<SavedProfile> saved{};     ///< Those modified, retired or removed, as they were.
  std::vector<SavedInterface> interfaces{};
  std::vector<std::string> new_interfaces{};  ///< Names of interfaces that the plan creates.
};

Json to_json(const SavedProfiles& profiles);
/// @throws nlohmann::json::exception when a part is missing without which a profile or an interface
/// could not be restored
SavedProfiles to_saved_profiles(const Json& saved);

/// The record's checkpoint; empty when none was created. @throws like to_saved_profiles()
nm::Checkpoint checkpoint_of(const Json& saved);

/// The uuids of the profiles that a record's transaction adds, changes, retires or deletes.
std::vector<std::string> touched_profiles(const Record& record);

/// The profiles' part of csnet 0.1's journal. @throws like to_saved_profiles()
SavedResource profiles_of_version_1(const Json& root);

/// One step of a plan that is about a profile.
struct ProfileStep {
  const Step* step = nullptr;
  const Profile* profile = nullptr;
  std::string uuid{};         ///< A new profile has one, too.
  std::size_t log_index = 0;  ///< In the progress log, once the step has begun.

  [[nodiscard]] Action action() const { return step->action; }
};

/// Saves everything but the checkpoint. Asks NetworkManager for the profiles that the steps change.
/// @param steps get their uuids
/// @param before the present host
SavedProfiles save_profiles(nm::Client& client, std::span<ProfileStep> steps,
                            const HostState& before);

}  // namespace csnet
