#include "record.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace csnet {
namespace nm {
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Saved, uuid, subject, settings, file)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Checkpoint, path, owner)
}  // namespace nm

// With defaults: the journal may be that of an older csnet, which was upgraded while a transaction was open.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Before, interface_name, uuid, controller, addresses)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Record, id, phase, checkpoint, added, parked,
                                                modified, removed, retired, retired_as, saved,
                                                files, before, restarted, new_interfaces, steps)

namespace {

/// Of the journal's form. A csnet that cannot finish or undo what another one wrote must not try.
constexpr int kVersion = 1;
constexpr auto* kSubject = "transaction journal";

Error of_newer(const std::string& what, const std::filesystem::path& file) {
  return {ErrorKind::unsupported, kSubject, fmt::format("{} {}", file.native(), what),
          "another csnet wrote it, and can end the transaction: csnet rollback. Keep the file: "
          "nothing else tells how the host was"};
}

}  // namespace

std::string to_json(const Record& record) {
  nlohmann::json root = record;
  root["csnet"] = kVersion;
  return root.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Record parse_record(const std::string& json, const std::filesystem::path& file) {
  const auto damaged = [&](const std::string& how) {
    return Error(
        ErrorKind::unavailable, kSubject, fmt::format("{} is damaged: {}", file.native(), how),
        fmt::format("a transaction was open, and only this file tells how the host was. Look at "
                    "the host (nmcli connection), then move the file away: mv {0} {0}.damaged",
                    file.native()));
  };
  try {
    const auto root = nlohmann::json::parse(json);
    if (const auto version = root.value("csnet", 1); version != kVersion)
      throw of_newer(fmt::format("has version {}, and this csnet reads {}", version, kVersion),
                     file);
    auto record = root.get<Record>();
    if (record.phase != "trial" && record.phase != "commit")
      throw of_newer(
          fmt::format("is in the phase '{}', which this csnet does not know", record.phase), file);
    if (record.id.empty()) throw damaged("it has no id");
    // Each csnet wrote these. Without them there would seem to be nothing to restore.
    for (const auto* key : {"phase", "added", "modified", "saved", "files", "before"}) {
      if (!root.contains(key)) throw damaged(fmt::format("it lacks {}", key));
    }
    if (record.files.size() != record.saved.size())
      throw damaged("saved and files differ in length");
    if (record.retired_as.size() != record.retired.size())
      throw damaged("retired and retired_as differ in length");
    return record;
  } catch (const nlohmann::json::exception& error) {
    throw damaged(error.what());
  }
}

}  // namespace csnet
