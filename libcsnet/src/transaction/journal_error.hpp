#pragma once

#include <csnet/error.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace csnet {

inline constexpr const char* kJournalFile = "transaction.json";
inline constexpr const char* kLockFile = "lock";

/// "transaction journal '/var/lib/csnet'"
std::string journal_subject(const std::filesystem::path& directory);

/// The error for a failed system call.
/// @param what "cannot write transaction.json"
Error journal_error(const std::filesystem::path& directory, std::string_view what, int error);

/// Creates the directory (0700), and returns when it is on disk.
void make_journal_directory(const std::filesystem::path& directory);

}  // namespace csnet
