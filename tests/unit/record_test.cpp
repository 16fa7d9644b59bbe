#include "transaction/record.hpp"

#include <csnet/error.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace csnet {
namespace {

const std::filesystem::path kFile = "/var/lib/csnet/transaction.json";

Record some_record() {
  return {
      .id = "1a2b3c4d",
      .phase = "commit",
      .checkpoint = {.path = "/org/freedesktop/NetworkManager/Checkpoint/1", .owner = ":1.7"},
      .added = {"u-1"},
      .retired = {"u-2"},
      .retired_as = {"eth0 (retired by csnet)"},
      .saved = {{.uuid = "u-2", .subject = "ethernet 'eth0'", .settings = "{}", .file = "/etc/x"}},
      .files = {"[connection]"},
      .before = {{.interface_name = "eth0",
                  .uuid = "u-2",
                  .controller = "",
                  .addresses = {"10.0.0.1/8"}}},
      .steps = {"add vlan 'eth0.100'"}};
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
  EXPECT_EQ(nlohmann::json::parse(json).at("csnet"), 1);
  EXPECT_EQ(to_json(parse_record(json, kFile)), json);
}

TEST(Record, OfAnOlderCsnetLacksVersionAndLaterKeys) {
  auto root = nlohmann::json::parse(to_json(some_record()));
  for (const auto* key : {"csnet", "restarted", "new_interfaces", "parked", "removed"})
    root.erase(key);
  const auto record = parse_record(root.dump(), kFile);
  EXPECT_EQ(record.added, std::vector<std::string>{"u-1"});
  EXPECT_TRUE(record.restarted.empty());
}

TEST(Record, WithoutWhatRestoresTheHostIsDamagedAndNotTakenForNothingToDo) {
  for (const auto* key : {"phase", "added", "modified", "saved", "files", "before", "retired_as"}) {
    auto root = nlohmann::json::parse(to_json(some_record()));
    root.erase(key);
    EXPECT_EQ(refusal(root.dump()).kind(), ErrorKind::unavailable) << key;
  }
}

TEST(Record, OfAnotherVersionOrPhaseIsKeptForWhoeverWroteIt) {
  for (const auto& [key, value] :
       std::map<std::string, nlohmann::json>{{"csnet", 2}, {"csnet", 0}, {"phase", "service"}}) {
    auto root = nlohmann::json::parse(to_json(some_record()));
    root[key] = value;
    const auto error = refusal(root.dump());
    EXPECT_EQ(error.kind(), ErrorKind::unsupported) << error.what();
    EXPECT_NE(error.message().find(kFile.native()), std::string::npos) << error.what();
    EXPECT_NE(error.hint().find("Keep the file"), std::string::npos) << error.hint();
  }
}

TEST(Record, ThatIsDamagedIsRefusedWhereverItEndsAndNobodyIsToldToDeleteIt) {
  const auto json = to_json(some_record());
  for (std::size_t size = 0; size + 1 < json.size(); ++size) {
    const auto error = refusal(json.substr(0, size));
    ASSERT_EQ(error.kind(), ErrorKind::unavailable) << size;
    ASSERT_EQ(error.hint().find("delete"), std::string::npos) << error.hint();
    ASSERT_NE(error.hint().find("mv /var/lib/csnet/transaction.json"), std::string::npos);
  }
  for (const auto* wrong :
       {"[]", "1", "null", "{}", R"({"id": 7})", R"({"id": "a", "csnet": "one"})",
        R"({"id": "a", "retired": ["u-2"]})", R"({"id": "a"})", R"({"id": "a", "before": [7]})"}) {
    EXPECT_EQ(refusal(wrong).kind(), ErrorKind::unavailable) << wrong;
  }
}

}  // namespace
}  // namespace csnet
