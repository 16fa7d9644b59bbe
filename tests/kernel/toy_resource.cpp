// A resource that csnet does not have: an address on the loopback interface, and a file that contains it. The kernel
// holds its dead man's switch, the address' lifetime. The program applies a network together with it, like
// Session::apply(), and prints its progress for death.py; no source of csnet knows the toy.
//
//   toy_resource apply WANTED ROLLBACK_AFTER UNTIL STAGE    WANTED: the ManagementNetwork, as JSON; see death.py
//   toy_resource commit|rollback|recover STAGE              of the open transaction
#include "dbus/bus.hpp"
#include "host/files.hpp"
#include "nm/client.hpp"
#include "transaction/profile_resource.hpp"
#include "transaction/transactions.hpp"

#include <csnet/csnet.hpp>

#include <fmt/format.h>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

namespace csnet {
namespace {

constexpr const char* kAddress = "10.77.0.1/32";
constexpr const char* kFile = "/var/lib/toy";
constexpr const char* kContent = "10.77.0.1/32\n";

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0)  // NOLINT(concurrency-mt-unsafe): one thread
    throw Error(ErrorKind::unavailable, "toy", fmt::format("failed: {}", command), command);
}

bool succeeds(const std::string& command) {
  return std::system(command.c_str()) == 0;  // NOLINT(concurrency-mt-unsafe): one thread
}

bool is_there() {
  return succeeds(fmt::format("ip -o addr show dev lo to {} | grep -q .", kAddress));
}

void set_address(const std::string& lifetime) {
  run(fmt::format("ip addr replace {0} dev lo valid_lft {1} preferred_lft {1}", kAddress,
                  lifetime));
}

void remove_address() {
  if (is_there()) run(fmt::format("ip addr del {} dev lo", kAddress));
}

class Toy : public Resource {
 public:
  explicit Toy(Stage stage) : stage_(stage) {}

  [[nodiscard]] std::string_view kind() const override { return "toy"; }
  [[nodiscard]] Stage stage() const override { return stage_; }

  Json save(const Attempt& /*attempt*/) override {
    return {{"was_there", is_there()}, {"content", host::read_file(kFile)}};
  }

  void keep_alive(const Json& /*saved*/, std::chrono::seconds time) override {
    if (is_there()) set_address(fmt::to_string(time.count()));
  }

  void try_steps(const Attempt& attempt, const Json& /*saved*/) override {
    attempt.tick();
    const auto at = attempt.log.begin(ProgressPhase::trial, ProgressAction::add, "toy");
    const auto time =
        std::chrono::ceil<std::chrono::seconds>(attempt.options.rollback_after).count();
    set_address(fmt::to_string(time));
    attempt.log.end(at, ProgressOutcome::done);
  }

  void check(const Json& saved) const override {
    saved.at("was_there").get<bool>();
    saved.at("content").get<std::string>();
  }

  std::chrono::milliseconds time_left(const Json& /*saved*/) override {
    return is_there() ? std::chrono::milliseconds::max() : std::chrono::milliseconds{};
  }

  void make_last(const Json& /*saved*/, ProgressLog& log) override {
    const auto at = log.begin(ProgressPhase::commit, ProgressAction::write, "toy");
    host::write_file(kFile, kContent);
    log.end(at, ProgressOutcome::done);
  }

  bool is_last(const Json& /*saved*/) override { return host::read_file(kFile) == kContent; }

  void disarm(const Json& /*saved*/, ProgressLog& log) override {
    const auto at = log.begin(ProgressPhase::commit, ProgressAction::modify, "toy");
    set_address("forever");
    log.end(at, ProgressOutcome::done);
  }

  Left finish(const Json& saved, bool interrupted, ProgressLog& log) override {
    if (interrupted) disarm(saved, log);
    return {};
  }

  Left undo(const Json& saved) override {
    if (saved.at("was_there").get<bool>()) {
      set_address("forever");
    } else {
      remove_address();
    }
    if (const auto content = saved.at("content").get<std::string>(); !content.empty()) {
      host::write_file(kFile, content);
    } else {
      std::filesystem::remove(kFile);
    }
    return {};
  }

  Left differences(const Json& saved, std::chrono::milliseconds /*time*/) override {
    Left differ;
    if (is_there() != saved.at("was_there").get<bool>())
      differ.push_back(
          {"the toy's address is not as it was", fmt::format("ip addr show {}", "lo")});
    if (host::read_file(kFile) != saved.at("content").get<std::string>())
      differ.push_back({"the toy's file is not as it was", fmt::format("cat {}", kFile)});
    return differ;
  }

 private:
  Stage stage_;
};

void say(const std::string& what, std::string_view outcome, const std::string& detail) {
  std::cout << Json{what, outcome, detail}.dump() << std::endl;
}

ManagementNetwork wanted(const Json& json) {
  ManagementNetwork network{.uplinks = json.at("uplinks").get<std::vector<std::string>>(),
                            .servers = {}};
  if (json.contains("vlan") && !json.at("vlan").is_null())
    network.vlan = json.at("vlan").get<std::uint16_t>();
  for (const auto& address : json.at("addresses"))
    network.addresses.emplace_back(address.get<std::string>());
  for (const auto& server : json.at("servers"))
    network.servers.emplace_back(server.get<std::string>());
  network.stp = json.at("stp").get<bool>();
  return network;
}

void apply(Transactions& transactions, nm::Client& client, char** arguments) {
  int number = 0;
  const int until = std::stoi(arguments[2]);
  const auto tell = [&](const Progress& progress) {
    say(fmt::format("{} {}", to_string(progress.action), progress.subject),
        to_string(progress.outcome), progress.detail);
    std::string line;
    if (number++ == until) std::getline(std::cin, line);
  };
  const auto desired = wanted(Json::parse(arguments[0])).desired();
  const std::chrono::milliseconds time{static_cast<int>(1000 * std::stod(arguments[1]))};
  const auto report = transactions.apply(plan(desired, client.read()),
                                         {.rollback_after = time, .on_progress = tell});
  say("end", report.committed ? "committed" : "open", report.id);
}

std::string end(Transactions& transactions, const std::string& how) {
  const auto open = transactions.open();
  if (!open) return "nothing is open";
  if (how == "commit") transactions.commit(open->id);
  if (how == "rollback") transactions.rollback(open->id);
  if (how == "recover" && !transactions.recover()) return "waits for its commit";
  return "done";
}

int run(int count, char** arguments) {
  const std::string command = count > 1 ? arguments[1] : "";
  const auto stage =
      std::string(arguments[count - 1]) == "service" ? Stage::service : Stage::network;
  dbus::Bus bus{dbus::Options{}};
  nm::Client client(bus);
  auto resources = all_resources(client);
  resources.push_back(std::make_unique<Toy>(stage));
  Transactions transactions(client, Journal("/var/lib/csnet"), std::move(resources));
  const bool applies = command == "apply" && count == 6;
  try {
    if (applies) {
      apply(transactions, client, arguments + 2);
    } else {
      std::cout << end(transactions, command) << '\n';
    }
  } catch (const TransactionError& error) {
    const auto text = fmt::format("{} | {}", error.what(), error.hint());
    if (applies) {
      say("end", to_string(error.outcome()), text);
    } else {
      std::cout << to_string(error.outcome()) << ": " << text << '\n';
    }
  } catch (const Error& error) {
    const auto text = fmt::format("{} | {}", error.what(), error.hint());
    if (!applies) throw;
    say("end", to_string(error.kind()), text);
  }
  return 0;
}

}  // namespace
}  // namespace csnet

int main(int count, char** arguments) try {
  return csnet::run(count, arguments);
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
