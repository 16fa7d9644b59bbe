#pragma once

#include "client.hpp"

#include <functional>
#include <span>
#include <vector>

namespace csnet::nm {

/// Resolves each profile's controller X as `nmcli con add … master X` does: X is kept when it is
/// the uuid or interface of a bridge or bond, and becomes a uuid when it is a profile's name. A
/// profile that does not mention its kind of port gets the one of X. `host` returns the host's
/// profiles; it is called only for a controller that is not among `profiles`.
/// @throws Error (invalid, not_found)
void settle_controllers(std::span<Profile> profiles,
                        const std::function<std::vector<Stored>()>& host);

}  // namespace csnet::nm
