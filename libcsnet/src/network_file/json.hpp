#pragma once

#include "problems.hpp"
#include "source.hpp"

#include <string>

namespace csnet::network_file {

/// The text as YAML. Of JSON, two things are written otherwise, since YAML does not take them: tabs between the values,
/// and pairs of escapes that stand for one character.
/// @throws Stop when the file's name says that it is JSON, and it is not
std::u32string as_yaml(const Source& source, Problems& problems);

}  // namespace csnet::network_file
