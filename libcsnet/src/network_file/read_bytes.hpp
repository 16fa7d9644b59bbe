#pragma once

#include <string>

namespace csnet::network_file {

/// The bytes of a regular file or a pipe, at most one more than the largest file has.
/// @throws Error (invalid)
std::string read_bytes(const std::string& name);

/// The same of standard input.
/// @throws Error (invalid)
std::string read_standard_input();

}  // namespace csnet::network_file
