#pragma once

#include <csnet/profile.hpp>

#include <string>

namespace csnet::inline CSNET_ABI {

/// The profile as NetworkManager's keyfile text: what /etc/NetworkManager/system-connections/NAME.nmconnection holds.
/// Needs no daemon. Install it with mode 0600, or NetworkManager ignores it.
///
/// A profile without a uuid gets one made from its type and name, so that the same profile always gives the same text.
/// A controller is written as it is named; the keys are the old `master`/`slave-type`, which every NetworkManager
/// reads (1.42 would silently drop `controller`). Thread-safe.
/// @throws Error (invalid)
CSNET_API std::string render(const Profile& profile);

}  // namespace csnet::inline CSNET_ABI
