#pragma once

#include <string>

namespace csnet::network_file {

/// Reads a regular file or a pipe, at most one byte more than the largest network file.
/// @throws Error (invalid)
std::string read_bytes(const std::string& name);

/// Reads standard input, like read_bytes().
/// @throws Error (invalid)
std::string read_standard_input();

}  // namespace csnet::network_file
