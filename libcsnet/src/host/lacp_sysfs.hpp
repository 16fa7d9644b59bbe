#pragma once

#include "wait.hpp"

#include <csnet/facts.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace csnet::host {

/// why_no_lacp() with another directory for /sys/class/net: for tests on kernels without bonds.
std::optional<std::string> why_no_lacp(const std::filesystem::path& class_net,
                                       const std::string& bond, const Wait& wait);

/// A port's state, from its bonding_slave directory; nothing when its bond has no LACP.
std::optional<LacpState> lacp_state(const std::filesystem::path& bonding_slave);

}  // namespace csnet::host
