#pragma once

#include "wait.hpp"

#include <csnet/probe.hpp>

#include <optional>
#include <string>

namespace csnet::host {

/// Tries until the probe passes or the wait is over. Returns nothing when it passed, else why it
/// did not: "connection refused", "no answer within 3 s", "'cloudbr0' has no IPv4 address".
/// `from_interface`: tcp and arp go out of the probe's interface, from its own address; otherwise
/// the kernel's routes decide.
/// @throws Error (invalid) for a probe that validate() would refuse; exceptions of the wait's tick
std::optional<std::string> why_unreachable(const Probe& probe, bool from_interface,
                                           const Wait& wait);

}  // namespace csnet::host
