#pragma once

#include <csnet/error.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace csnet {

using Json = nlohmann::json;

/// How far a transaction has come.
enum class RecordPhase {
  trial,   ///< Nothing is on disk.
  commit,  ///< The resources are being written to disk, all or not: that decides the outcome.
};

/// One resource's part of a record: enough for any later process to finish or undo it.
struct SavedResource {
  std::string kind{};  ///< Resource::kind()
  Json saved{};        ///< Resource::save(); only that resource reads it.
};

/// The content of the journal.
struct Record {
  std::string id{};
  RecordPhase phase = RecordPhase::trial;
  std::vector<SavedResource> resources{};  ///< In the engine's order.
  std::vector<std::string> steps{};        ///< In words, for people who read the journal.
};

std::string to_json(const Record& record);

/// Reads version 2, and csnet 0.1's version 1, which had profiles only.
/// @param file its path, for messages
/// @throws Error (unsupported) when a newer csnet wrote it; Error (unavailable) when it is damaged
Record parse_record(const std::string& json, const std::filesystem::path& file);

/// The error for a newer csnet's journal. @param what "has version 3"
Error journal_of_newer(const std::filesystem::path& file, const std::string& what);
/// The error for a damaged journal. @param how "it has no id"
Error journal_damaged(const std::filesystem::path& file, const std::string& how);

}  // namespace csnet
