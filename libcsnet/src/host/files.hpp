#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace csnet::host {

/// The whole content; "" when it is not there.
std::string read_file(const std::filesystem::path& file);

/// Replaces a file atomically, with mode 0600, and returns when it is on the disk: 0, or the errno. What a crash leaves
/// of it, FILE.next, the next call throws away; after an error it is gone.
int replace_file(const std::filesystem::path& file, std::string_view content);

/// The same. @throws Error (unavailable, permission)
void write_file(const std::filesystem::path& file, std::string_view content);

/// Until what happened to the names in a directory is on the disk: 0, or the errno.
int sync_directory(const std::filesystem::path& directory);

}  // namespace csnet::host
