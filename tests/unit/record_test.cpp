#include "transaction/record.hpp"
#include "transaction/saved_profiles.hpp"

#include <csnet/error.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>

namespace csnet {
namespace {

const std::filesystem::path kFile = "/var/lib/csnet/transaction.json";

SavedProfiles some_profiles() {
  return {.checkpoint = {.path = "/org/freedesktop/NetworkManager/Checkpoint/1", .owner = ":1.7"},
          .added = {"u-1"},
          .retired = {{.uuid = "u-2", .name = "eth0 (retired by csnet)"}},
          .saved = {{.profile = {.uuid = "u-2",
                                 .subject = "ethernet 'eth0'",
                                 .settings = "{}",
                                 .file = "/etc/x"},
                     .content = "[connection]"}},
          .interfaces = {{.interface_name = "eth0",
                          .uuid = "u-2",
                          .controller = "",
                          .addresses = {"10.0.0.1/8"}}}};
}

Record some_record() {
  return {.id = "1a2b3c4d",
          .phase = RecordPhase::commit,
          .resources = {{.kind = SavedProfiles::kKind, .saved = to_json(some_profiles())}},
          .steps = {"add vlan 'eth0.100'"}};
}

/// The text that csnet 0.1 wrote.
Json version_1() {
  return Json::parse(R"json({
    "csnet": 1, "id": "1a2b3c4d", "phase": "commit",
    "checkpoint": {"path": "/org/freedesktop/NetworkManager/Checkpoint/1", "owner": ":1.7"},
    "added": ["u-1"], "parked": [], "modified": [], "removed": [],
    "retired": ["u-2"], "retired_as": ["eth0 (retired by csnet)"],
    "saved": [{"uuid": "u-2", "subject": "ethernet 'eth0'", "settings": "{}", "file": "/etc/x"}],
    "files": ["[connection]"],
    "before": [{"interface_name": "eth0", "uuid": "u-2", "controller": "", "addresses": ["10.0.0.1/8"]}],
    "restarted": [], "new_interfaces": [], "steps": ["add vlan 'eth0.100'"]})json");
}

Error refusal(const std::string& json) {
  try {
    static_cast<void>(parse_record(json, kFile));
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "was read: " << json;
  return {ErrorKind::bug, "", ""};
}

TEST(Record, IsReadAsItWasWritten) {
  const auto json = to_json(some_record());
  EXPECT_EQ(Json::parse(json).at("csnet"), 2);
  EXPECT_EQ(to_json(parse_record(json, kFile)), json);
}

TEST(Record, OfVersion1IsTheSameRecord) {
  EXPECT_EQ(to_json(parse_record(version_1().dump(), kFile)), to_json(some_record()));
}

TEST(Record, OfAnOlderCsnetLacksVersionAndLaterKeys) {
  auto root = version_1();
  for (const auto* key : {"csnet", "restarted", "new_interfaces", "parked", "removed"})
    root.erase(key);
  EXPECT_EQ(to_json(parse_record(root.dump(), kFile)), to_json(some_record()));
}

TEST(Record, WithoutWhatRestoresTheHostIsDamagedAndNotTakenForNothingToDo) {
  for (const auto* key : {"phase", "added", "modified", "saved", "files", "before", "retired_as"}) {
    auto root = version_1();
    root.erase(key);
    EXPECT_EQ(refusal(root.dump()).kind(), ErrorKind::unavailable) << key;
  }
  for (const auto* key : {"phase", "resources"}) {
    auto root = Json::parse(to_json(some_record()));
    root.erase(key);
    EXPECT_EQ(refusal(root.dump()).kind(), ErrorKind::unavailable) << key;
  }
  auto empty = some_record();
  empty.resources.clear();
  EXPECT_EQ(refusal(to_json(empty)).kind(), ErrorKind::unavailable);
}

TEST(Record, OfProfilesLacksNothingThatRestoresThem) {
  for (const auto* key : {"added", "modified", "retired", "saved", "interfaces"}) {
    auto saved = to_json(some_profiles());
    saved.erase(key);
    EXPECT_THROW(static_cast<void>(to_saved_profiles(saved)), Json::exception) << key;
  }
}

TEST(Record, OfAnotherVersionOrPhaseIsKeptForWhoeverWroteIt) {
  for (const auto& [key, value] :
       std::map<std::string, Json>{{"csnet", 3}, {"csnet", 0}, {"phase", "service"}}) {
    auto root = Json::parse(to_json(some_record()));
    root[key] = value;
    const auto error = refusal(root.dump());
    EXPECT_EQ(error.kind(), ErrorKind::unsupported) << error.what();
    EXPECT_NE(error.message().find(kFile.native()), std::string::npos) << error.what();
    EXPECT_NE(error.hint().find("Keep the file"), std::string::npos) << error.hint();
  }
}

TEST(Record, ThatIsDamagedIsRefusedWhereverItEndsAndNobodyIsToldToDeleteIt) {
  for (const auto& json : {to_json(some_record()), version_1().dump()}) {
    for (std::size_t size = 0; size + 1 < json.size(); ++size) {
      const auto error = refusal(json.substr(0, size));
      ASSERT_EQ(error.kind(), ErrorKind::unavailable) << size;
      ASSERT_EQ(error.hint().find("delete"), std::string::npos) << error.hint();
      ASSERT_NE(error.hint().find("mv /var/lib/csnet/transaction.json"), std::string::npos);
    }
  }
  for (const auto* wrong :
       {"[]", "1", "null", "{}", R"({"id": 7})", R"({"id": "a", "csnet": "one"})",
        R"({"id": "a", "retired": ["u-2"]})", R"({"id": "a"})", R"({"id": "a", "before": [7]})",
        R"({"csnet": 2, "id": "a", "phase": "trial", "resources": [7]})",
        R"({"csnet": 2, "id": "a", "phase": "trial", "resources": {}})"}) {
    EXPECT_EQ(refusal(wrong).kind(), ErrorKind::unavailable) << wrong;
  }
}

}  // namespace
}  // namespace csnet
