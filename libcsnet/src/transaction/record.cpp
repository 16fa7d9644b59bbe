#include "record.hpp"

#include "saved_profiles.hpp"

#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace csnet {
namespace {

/// The version of the journal's format. csnet must not end a transaction whose journal it cannot
/// read.
constexpr int kVersion = 2;
constexpr auto* kSubject = "transaction journal";
constexpr std::string_view kTrial = "trial";
constexpr std::string_view kCommit = "commit";

RecordPhase read_phase(const Json& root, const std::filesystem::path& file) {
  const auto phase = root.at("phase").get<std::string>();
  if (phase == kTrial) return RecordPhase::trial;
  if (phase == kCommit) return RecordPhase::commit;
  throw journal_of_newer(
      file, fmt::format("is in the phase '{}', which this csnet does not know", phase));
}

std::vector<SavedResource> read_resources(const Json& root) {
  std::vector<SavedResource> all;
  for (const auto& one : root.at("resources"))
    all.push_back({one.at("kind").get<std::string>(), one.at("saved")});
  return all;
}

}  // namespace

Error journal_of_newer(const std::filesystem::path& file, const std::string& what) {
  return {
      ErrorKind::unsupported, kSubject, fmt::format("{} {}", file.native(), what),
      "another version of csnet wrote it, and can end the transaction: csnet rollback. Keep the "
      "file: only it tells how the host was"};
}

Error journal_damaged(const std::filesystem::path& file, const std::string& how) {
  return {ErrorKind::unavailable, kSubject, fmt::format("{} is damaged: {}", file.native(), how),
          fmt::format("a transaction was open, and only this file tells how the host was. Look at "
                      "the host (nmcli connection), then move the file away: mv {0} {0}.damaged",
                      file.native())};
}

std::string to_json(const Record& record) {
  auto resources = Json::array();
  for (const auto& one : record.resources)
    resources.push_back({{"kind", one.kind}, {"saved", one.saved}});
  const Json root = {{"csnet", kVersion},
                     {"id", record.id},
                     {"phase", record.phase == RecordPhase::trial ? kTrial : kCommit},
                     {"resources", std::move(resources)},
                     {"steps", record.steps}};
  return root.dump(1, ' ', false, Json::error_handler_t::replace);
}

Record parse_record(const std::string& json, const std::filesystem::path& file) {
  try {
    const auto root = Json::parse(json);
    const auto version = root.value("csnet", 1);
    if (version != 1 && version != kVersion)
      throw journal_of_newer(
          file, fmt::format("has version {}, and this csnet reads 1 and {}", version, kVersion));
    Record record{.id = root.at("id").get<std::string>(), .phase = read_phase(root, file)};
    if (record.id.empty()) throw journal_damaged(file, "it has no id");
    record.steps = root.value("steps", std::vector<std::string>{});
    record.resources =
        version == 1 ? std::vector{profiles_of_version_1(root)} : read_resources(root);
    if (record.resources.empty()) throw journal_damaged(file, "it holds nothing to restore");
    return record;
  } catch (const Json::exception& error) {
    throw journal_damaged(file, error.what());
  }
}

}  // namespace csnet
