#pragma once

#include "client.hpp"

#include <functional>
#include <span>
#include <vector>

namespace csnet::nm {

/// Settles each profile's controller X as `nmcli con add … master X` does: X stays when it is the uuid or interface of
/// a bridge or bond, and becomes a uuid when it is a profile's name. The kind of port follows from X where the profile
/// does not say. `host` gives the host's profiles, and is asked only for a controller that is not among `profiles`.
/// @throws Error (invalid, not_found)
void settle_controllers(std::span<Profile> profiles,
                        const std::function<std::vector<Stored>()>& host);

}  // namespace csnet::nm
