#pragma once

#include "wait.hpp"

#include <optional>
#include <string>

namespace csnet::host {

/// Waits until a bond in mode 802.3ad can carry traffic: at least one of its ports and that port's
/// partner are in sync, collect and distribute. Until then frames get lost although the bond has a
/// carrier. Returns nothing when it can, else why not: "no LACP partner answers on eth0, eth1".
std::optional<std::string> why_no_lacp(const std::string& bond, const Wait& wait);

}  // namespace csnet::host
