#pragma once

#include "nm/client.hpp"
#include "resource.hpp"
#include "saved_profiles.hpp"

#include <chrono>
#include <string>

/// The two ends of the profiles' part of a transaction. Each can be begun again by a later process, wherever the first
/// one died.
namespace csnet {

/// How long NetworkManager may take to start.
inline constexpr auto kDaemonComesBack = std::chrono::seconds{60};

/// Restores every profile and interface step by step, however far NetworkManager's own rollback has come. Returns what
/// could not be done.
/// @throws Error (unavailable) when NetworkManager does not come back
Left restore_profiles(nm::Client& client, const SavedProfiles& saved);

/// The differences from the saved state, each with the command that mends it.
Left profile_differences(nm::Client& client, const SavedProfiles& saved);

/// After the point of no return: retires and deletes what was replaced. One that fails does not stop the others.
Left remove_replaced(nm::Client& client, const SavedProfiles& saved, ProgressLog& log);

/// After a power failure during a commit an old profile that was not retired yet may hold an interface, or be a second
/// uplink of the bridge: takes it down, and brings the new ones up.
void bring_up_new(nm::Client& client, const SavedProfiles& saved, Left& left);

bool is_on_disk(nm::Client& client, const std::string& uuid);

}  // namespace csnet
