#pragma once

#include <filesystem>
#include <string>

namespace csnet::host {

/// The whole content; "" when it is not there.
std::string read_file(const std::filesystem::path& file);

/// Replaces a file atomically, with mode 0600. @throws Error (unavailable, permission)
void write_file(const std::filesystem::path& file, const std::string& content);

}  // namespace csnet::host
