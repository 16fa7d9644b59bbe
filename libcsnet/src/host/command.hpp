#pragma once

#include "wait.hpp"

#include <optional>
#include <string>

namespace csnet::host {

/// Runs `/bin/sh -c LINE` until it ends with 0; nothing when it did, else why not: "exit status 3: ping: connect:
/// Network is unreachable". What it started and left behind is killed.
std::optional<std::string> why_command_fails(const std::string& line, const Wait& wait);

}  // namespace csnet::host
