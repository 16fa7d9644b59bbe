#pragma once

#include <csnet/profile.hpp>

#include <string>

namespace csnet::inline CSNET_ABI {

/// Returns the profile as the text of a keyfile of NetworkManager.
///
/// Install it as /etc/NetworkManager/system-connections/NAME.nmconnection with mode 0600, or
/// NetworkManager ignores it. A profile without a uuid gets one that is made from its type and
/// name, so that the same profile always gives the same text. The controller is written as the
/// profile names it. The keys are the old `master` and `slave-type`, which every NetworkManager
/// reads (1.42 would silently drop `controller`). Needs no daemon; thread-safe.
/// @throws Error (invalid)
CSNET_API std::string render(const Profile& profile);

}  // namespace csnet::inline CSNET_ABI
