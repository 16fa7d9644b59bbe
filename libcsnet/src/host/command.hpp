#pragma once

#include "wait.hpp"

#include <optional>
#include <string>

namespace csnet::host {

/// Runs `/bin/sh -c LINE` until it exits with 0. Returns nothing when it did, else why it did not:
/// "exit status 3: ping: connect: Network is unreachable". Kills all processes that it leaves
/// behind.
std::optional<std::string> why_command_fails(const std::string& line, const Wait& wait);

}  // namespace csnet::host
