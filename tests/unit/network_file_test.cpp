#include "network_file/findings.hpp"
#include "network_file/near.hpp"
#include "network_file/nodes.hpp"
#include "network_file/reader.hpp"

#include <csnet/management_network.hpp>
#include <csnet/network_file.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <sys/stat.h>

namespace csnet {
namespace {

namespace fs = std::filesystem;

const fs::path files = CSNET_NETWORK_FILES;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> all_in(const char* folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(files / folder)) {
    if (entry.path().extension() != ".txt") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

/// The error that this text causes; the test fails when there is none.
std::optional<FileError> error_of(const std::string& text, const std::string& name = "<text>") {
  try {
    loads(text, name);
  } catch (const FileError& error) {
    return error;
  }
  ADD_FAILURE() << name << " was read";
  return std::nullopt;
}

std::string message_of(const fs::path& path) {
  try {
    load(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_EQ(dynamic_cast<const FileError*>(&error), nullptr);
    return error.message();
  }
  return "it was read";
}

TEST(NetworkFile, IsReadAsTheRecipeThatItHolds) {
  const ManagementNetwork wanted{.uplinks = {"eth0"},
                                 .vlan = 100,
                                 .addresses = {"192.168.100.10/24"},
                                 .gateway = "192.168.100.1",
                                 .dns = {"192.168.100.53"},
                                 .mtu = 1500,
                                 .stp = false,
                                 .servers = {"192.168.100.2"}};
  EXPECT_EQ(load(files / "good/design.yaml"), wanted.desired());
}

TEST(NetworkFile, ThatIsGoodGivesTheSameStateUnderAnyName) {
  const auto good = all_in("good");
  ASSERT_GE(good.size(), 8U);
  for (const auto& path : good) {
    const auto request = load(path);
    EXPECT_NE(request, Request{}) << path;
    EXPECT_EQ(loads(content_of(path)), request) << path;
  }
}

TEST(NetworkFile, ThatIsBadIsRefusedInTheWordsOfItsGoldenFile) {
  const auto bad = all_in("bad");
  ASSERT_GE(bad.size(), 60U);
  for (const auto& path : bad) {
    const auto error = error_of(content_of(path), path.filename());
    if (!error) continue;
    const std::string hint = error->hint().empty() ? "" : "  hint: " + error->hint() + "\n";
    EXPECT_EQ(std::string(error->what()) + "\n" + hint, content_of(path.string() + ".txt"));
    EXPECT_EQ(error->kind(), ErrorKind::invalid);
    EXPECT_EQ(error->subject(), path.filename());
    EXPECT_EQ(error->message(), error->what());
    EXPECT_FALSE(error->problems().empty());
    EXPECT_TRUE(std::ranges::is_sorted(error->problems()));
  }
}

using Where = std::tuple<std::size_t, std::size_t, std::string>;

std::vector<Where> places_of(const FileError& error) {
  std::vector<Where> found;
  for (const auto& each : error.problems()) found.emplace_back(each.line, each.column, each.path);
  return found;
}

/// The places of the findings about a file, with every finding in another language.
std::optional<std::vector<Where>> places_in_other_words(const std::string& text,
                                                        const std::string& name) {
  using namespace network_file;
  const auto source = source_of(name, text);
  Problems problems(source);
  Reader reader(problems);
  const Document document(source, problems);
  const auto contents = reader.contents(document.root());
  if (!problems.empty()) return std::nullopt;
  auto judged = judge(contents);
  for (auto* findings : {&judged.errors.of_management, &judged.errors.of_request}) {
    for (auto& finding : *findings) {
      std::ranges::reverse(finding.subject);
      std::ranges::reverse(finding.message);
      finding.hint = "«»";
    }
  }
  add_errors(contents, judged, reader.places(), problems);
  return places_of(problems.error());
}

TEST(NetworkFile, HasPlacesThatDoNotDependOnTheWordsOfFindings) {
  int judged = 0;
  for (const auto& path : all_in("bad")) {
    const auto text = content_of(path);
    const auto error = error_of(text, path.filename());
    try {
      const auto found = places_in_other_words(text, path.filename());
      if (!found || !error) continue;
      EXPECT_EQ(*found, places_of(*error)) << path;
      ++judged;
    } catch (const network_file::Stop&) {  // not well-formed
    } catch (const FileError&) {           // not text
    }
  }
  EXPECT_GE(judged, 20);
}

TEST(NetworkFile, CountsColumnsInCharacters) {
  const auto error = error_of("profiles: [{type: ethernet, name: 日本, nam: x}]\n");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->problems().front(),
            (Problem{1, 39, "profiles[0].nam", "an ethernet profile has no such key",
                     "did you mean 'name'?"}));
  EXPECT_NE(std::string(error->what()).find("\n" + std::string(40, ' ') + "^"), std::string::npos)
      << error->what();  // each of the name's three characters takes two columns
}

TEST(NetworkFile, IsJsonWhereItsNameSaysSo) {
  EXPECT_EQ(loads("{\"remove\":\t[\"\\ud83d\\ude00\"]}", "a.json").remove.front(), "😀");
  const std::vector<std::tuple<std::string, std::size_t, std::string>> bad = {
      {"{\"a\" 1}", 6, "Expecting ':' delimiter"},
      {"{\"a\": 1 2}", 9, "Expecting ',' delimiter"},
      {"[1,]", 4, "Expecting value"},
      {"\"a", 1, "Unterminated string starting at"},
      {"\"a\\x\"", 3, "Invalid \\escape"},
      {"\"\\u12g4\"", 3, "Invalid \\uXXXX escape"},
      {"-", 1, "Expecting value"},
      {"{} {}", 4, "Extra data"},
      {"[-Infinity]", 2, "-Infinity is not JSON"},
  };
  for (const auto& [text, column, message] : bad) {
    const auto error = error_of(text, "a.json");
    ASSERT_TRUE(error);
    const auto& problem = error->problems().front();
    EXPECT_EQ(problem.message, "this is not JSON: " + message) << text;
    EXPECT_EQ(std::tuple(problem.line, problem.column), std::tuple(1, column)) << text;
  }
}

TEST(NetworkFile, HasLimits) {
  EXPECT_EQ(error_of(std::string(17, '['))->problems().front().message,
            "nested deeper than 16 levels");
  EXPECT_EQ(error_of("- a\n- &a [" + std::string(1, ' ') + "b]\n" +
                     [] {
                       std::string aliases;
                       for (int at = 0; at < 5001; ++at) aliases += "- *a\n";
                       return aliases;
                     }())
                ->problems()
                .front()
                .message,
            "aliases stand for more than 10000 values");
  std::string many = "[";
  for (int at = 0; at < 50'000; ++at) many += "a,";
  EXPECT_EQ(error_of(many + "]")->problems().front().message, "more than 50000 values");
  EXPECT_EQ(loads("remove: [a]\n" + std::string(largest_network_file - 12, '#')).remove.size(), 1U);
  EXPECT_THROW(loads(std::string(largest_network_file + 1, '#')), Error);
  EXPECT_EQ(error_of("a: 1\n")->problems().size(), 1U);
  std::string mistakes;
  for (int at = 0; at < 100; ++at) mistakes += "k" + std::to_string(at) + ": 1\n";
  EXPECT_EQ(error_of(mistakes)->problems().size(), 25U);
}

TEST(NetworkFile, ThatCannotBeReadIsRefusedWithTheReason) {
  EXPECT_EQ(message_of("/nonexistent/a.yaml"), "there is no such file");
  EXPECT_EQ(message_of("/"), "is a directory");
  EXPECT_EQ(message_of("/dev/zero"), "is a device, not a file");
  EXPECT_EQ(message_of(files / "good/design.yaml/x"), "cannot be read: Not a directory");
  EXPECT_EQ(message_of(fs::path(std::string("a\0b", 3))),
            "cannot be read: its name holds a null character");
}

TEST(NetworkFile, IsReadFromAPipeThatNobodyWritesTo) {
  const auto path = fs::path(testing::TempDir()) / "network_file_test.fifo";
  fs::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  try {
    load(path);
    ADD_FAILURE() << "it was read";
  } catch (const FileError& error) {
    EXPECT_EQ(error.problems().front().message, "the file is empty");
  }
  fs::remove(path);
}

TEST(FileKeys, AreInTheFilesOwnWords) {
  const auto management = file_keys("ManagementNetwork");
  EXPECT_EQ(management.front().name, "uplink");
  const auto vlan = std::ranges::find(management, "vlan", &FileKey::name);
  ASSERT_NE(vlan, management.end());
  EXPECT_EQ(vlan->note, "the VLAN's number; left out: untagged (step 2)");
  EXPECT_EQ(vlan->type, "int");
  EXPECT_EQ(std::tuple(vlan->range.min, vlan->range.max), std::tuple(1, 4094));
  EXPECT_EQ(std::ranges::find(management, "bond_mode", &FileKey::name), management.end());
  const auto file = file_keys("Request");
  EXPECT_EQ(file.front().name, "management");
  EXPECT_EQ(std::ranges::find(file, "devices", &FileKey::name), file.end());
  EXPECT_THROW(file_keys("Device"), Error);
}

TEST(Near, IsWhatAWordMostLikelyMeans) {
  constexpr auto known = std::to_array<std::string_view>({"remove", "probes", "profiles"});
  EXPECT_EQ(network_file::near("remov", known), "remove");
  EXPECT_EQ(network_file::near("profile", known), "profiles");
  EXPECT_EQ(network_file::near("vlan", known), "");
  EXPECT_EQ(network_file::near("", known), "");
}

}  // namespace
}  // namespace csnet
