#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace csnet::host {

/// The whole content; "" when the file cannot be read.
std::string read_file(const std::filesystem::path& file);

/// Replaces a file atomically, with mode 0600. Returns when it is on disk: 0, or the errno. A crash
/// may leave FILE.next behind, which the next call replaces; an error does not.
int replace_file(const std::filesystem::path& file, std::string_view content);

/// Like replace_file(). @throws Error (unavailable, permission)
void write_file(const std::filesystem::path& file, std::string_view content);

/// Returns when the changes of names in a directory are on disk: 0, or the errno.
int sync_directory(const std::filesystem::path& directory);

}  // namespace csnet::host
