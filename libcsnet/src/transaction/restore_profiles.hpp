#pragma once

#include "nm/client.hpp"
#include "resource.hpp"
#include "saved_profiles.hpp"

#include <chrono>
#include <string>

/// Ends the profiles' part of a transaction, by commit or rollback. A later process can begin each
/// again, wherever the first one was killed.
namespace csnet {

/// How long NetworkManager may take to start.
inline constexpr auto kDaemonComesBack = std::chrono::seconds{60};

/// Restores every profile and interface, however far NetworkManager's own rollback has come.
/// Returns what it could not do.
/// @throws Error (unavailable) when NetworkManager does not start
Left restore_profiles(nm::Client& client, const SavedProfiles& saved);

/// The differences from the saved state, each with the command that removes it.
Left profile_differences(nm::Client& client, const SavedProfiles& saved);

/// After the point of no return: retires and deletes the replaced profiles. A failure does not stop
/// the others.
Left remove_replaced(nm::Client& client, const SavedProfiles& saved, ProgressLog& log);

/// Takes retired profiles down, and brings the new ones up. After a power failure during a commit,
/// an old profile that was not retired yet may be active, even as a second uplink of the bridge.
void bring_up_new(nm::Client& client, const SavedProfiles& saved, Left& left);

bool is_on_disk(nm::Client& client, const std::string& uuid);

}  // namespace csnet
