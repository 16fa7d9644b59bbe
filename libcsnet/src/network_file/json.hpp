#pragma once

#include "problems.hpp"
#include "source.hpp"

#include <string>

namespace csnet::network_file {

/// The text as YAML. Rewrites two things of JSON that YAML does not accept: tabs between values,
/// and pairs of escapes that stand for one character.
/// @throws Stop when the file is named .json but is not JSON
std::u32string as_yaml(const Source& source, Problems& problems);

}  // namespace csnet::network_file
