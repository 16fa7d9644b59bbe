#include <csnet/csnet.hpp>
#include <csnet/print.hpp>
#include <csnet/session_options.hpp>
#include <csnet/transaction.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace csnet {
namespace {

/// Each test begins and ends without profiles; the host has eth0 and eth1.
class SessionTest : public testing::Test {
 protected:
  void TearDown() override {
    for (const auto& profile : session.profiles()) session.remove(profile.uuid());
  }

  static BridgeProfile bridge(const std::string& name) {
    return {.name = name, .interface_name = name, .autoconnect = false};
  }

  /// STP is on: its carrier takes 30 s.
  static void add_slow_bridge(Session& on) {
    auto port = bridge_slave("eth0", "eth0", "cloudbr0");
    port.autoconnect = false;
    on.add_all(std::vector<Profile>{bridge("cloudbr0"), port});
  }

  template <class Action>
  static Error error_of(Action action) {
    try {
      action();
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("nothing was thrown");
  }

  static std::size_t open_descriptors() {
    const std::filesystem::directory_iterator descriptors("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(descriptors), end(descriptors)));
  }

  Session session;
};

TEST_F(SessionTest, TellsTheDaemonsVersion) { EXPECT_EQ(session.version().substr(0, 2), "1."); }

TEST_F(SessionTest, FindsAProfileByUuidNameAndInterface) {
  auto profile = bridge("management");
  profile.interface_name = "cloudbr0";
  const auto id = session.add(profile);
  for (const auto& which : {id, std::string("management"), std::string("cloudbr0")}) {
    const auto found = session.find(which);
    ASSERT_TRUE(found) << which;
    EXPECT_EQ(found->uuid(), id);
  }
  EXPECT_FALSE(session.find("cloudbr1"));
}

TEST_F(SessionTest, PrefersANameToAnInterface) {
  auto first = bridge("a");
  first.interface_name = "b";
  session.add(first);
  const auto second = session.add(bridge("b"));
  EXPECT_EQ(session.find("b")->uuid(), second);
}

TEST_F(SessionTest, AsksWhichOfTwoIsMeant) {
  const auto first = session.add(bridge("twice"));
  const auto second = session.add(bridge("twice"));
  const auto error = error_of([&] { static_cast<void>(session.find("twice")); });
  EXPECT_EQ(error.kind(), ErrorKind::conflict);
  EXPECT_NE(std::string(error.what()).find(first), std::string::npos);
  EXPECT_NE(std::string(error.what()).find(second), std::string::npos);
  EXPECT_TRUE(session.find(second));
}

TEST_F(SessionTest, ModifiesOnlyWhatIsMentioned) {
  auto profile = bridge("cloudbr0");
  profile.priority = 4096;
  profile.ipv4 = Ip4Config{
      .method = "manual", .addresses = {{"192.168.100.10/24"}}, .dns = {{"192.168.100.53"}}};
  session.add(profile);
  session.modify("cloudbr0", BridgeProfile{.ipv4 = Ip4Config{.addresses = {{"192.168.100.11/24"}}},
                                           .stp = false});
  const auto found = *session.find("cloudbr0")->get_if<BridgeProfile>();
  EXPECT_EQ(found.priority, 4096U);
  EXPECT_EQ(found.stp, false);
  EXPECT_EQ(found.ipv4->addresses, (std::vector<Cidr>{"192.168.100.11/24"}));
  EXPECT_EQ(found.ipv4->dns, (std::vector<std::string>{"192.168.100.53"}));
}

TEST_F(SessionTest, RefusesABadChangeAndKeepsTheProfile) {
  session.add(bridge("cloudbr0"));
  const auto before = session.find("cloudbr0");
  EXPECT_EQ(
      error_of([&] { session.modify("cloudbr0", BridgeProfile{.forward_delay = 99}); }).kind(),
      ErrorKind::invalid);
  EXPECT_EQ(error_of([&] { session.modify("cloudbr0", VlanProfile{.id = 5}); }).kind(),
            ErrorKind::invalid);
  EXPECT_EQ(session.find("cloudbr0"), before);
}

TEST_F(SessionTest, AddsManyWithinTheBussLimits) {
  std::vector<Profile> many;
  many.reserve(300);
  for (int i = 0; i < 300; ++i) many.emplace_back(bridge(fmt::format("br{}", i)));
  const auto uuids = session.add_all(many);
  EXPECT_EQ(uuids.size(), 300U);
  EXPECT_EQ(session.profiles().size(), 300U);
}

TEST_F(SessionTest, AddsAllOrNothing) {
  const auto taken = session.add(bridge("first"));
  auto clash = bridge("third");
  clash.uuid = taken;
  const std::vector<Profile> three = {bridge("second"), clash, bridge("fourth")};
  const auto error = error_of([&] { session.add_all(three); });
  EXPECT_EQ(error.kind(), ErrorKind::conflict);
  EXPECT_EQ(error.subject(), "bridge 'third'");
  EXPECT_FALSE(session.find("second"));
  EXPECT_FALSE(session.find("fourth"));
  EXPECT_TRUE(session.find("first"));
}

TEST_F(SessionTest, NamesWhatItCouldNotRemove) {
  session.add_all(std::vector<Profile>{bridge("first"), bridge("second"), bridge("third")});
  bool is_first = true;
  Session one({.on_request = [&](const std::string& request) {
    if (request.starts_with("Delete") && std::exchange(is_first, false)) session.remove("second");
  }});
  const std::vector<std::string> all = {"first", "second", "third"};
  const auto error = error_of([&] { one.remove_all(all); });
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_EQ(error.subject(), "profile 'second'");
  EXPECT_NE(error.hint().find("2 of 3 were removed, but not: second"), std::string::npos);
  EXPECT_TRUE(session.profiles().empty());
}

TEST_F(SessionTest, NamesWhatItCouldNotPutBack) {
  const auto uuids = session.add_all(std::vector<Profile>{bridge("first"), bridge("second")});
  int updates = 0;
  Session one({.on_request = [&](const std::string& request) {
    if (!request.starts_with("Update2")) return;
    ++updates;
    if (updates == 2) session.remove("second");  // which is therefore refused
    if (updates == 3) session.remove("first");   // as it is to be put back
  }});
  const std::vector<Modification> changes = {{"first", BridgeProfile{.stp = false}},
                                             {"second", BridgeProfile{.stp = false}}};
  const auto error = error_of([&] { one.modify_all(changes); });
  EXPECT_EQ(error.subject(), "bridge 'second'");
  EXPECT_NE(error.hint().find("some of these profiles may be changed"), std::string::npos);
  EXPECT_NE(error.hint().find(uuids.front()), std::string::npos);
  EXPECT_EQ(updates, 3);
}

TEST_F(SessionTest, ChecksAllBeforeTheFirstIsSent) {
  auto bad = bridge("bad");
  bad.max_age = 1000;
  const std::vector<Profile> two = {bridge("good"), bad};
  EXPECT_EQ(error_of([&] { session.add_all(two); }).kind(), ErrorKind::invalid);
  EXPECT_FALSE(session.find("good"));
}

TEST_F(SessionTest, SettlesAControllerAsNmcliDoes) {
  auto controller = bridge("management bridge");
  controller.interface_name = "cloudbr0";
  const auto id = session.add(controller);
  VlanProfile by_name{.name = "a",
                      .interface_name = "eth0.1",
                      .autoconnect = false,
                      .controller = "management bridge",
                      .parent = "eth0",
                      .id = 1};
  VlanProfile by_interface{.name = "b",
                           .interface_name = "eth0.2",
                           .autoconnect = false,
                           .controller = "cloudbr0",
                           .parent = "eth0",
                           .id = 2};
  session.add(by_name);
  session.add(by_interface);
  EXPECT_EQ(session.find("a")->controller(), id);
  EXPECT_EQ(session.find("b")->controller(), "cloudbr0");
  EXPECT_EQ(session.find("a")->port(),
            Port(BridgePort{.priority = 32, .path_cost = 100, .hairpin_mode = false}));
}

TEST_F(SessionTest, RefusesAControllerThatHasNoPorts) {
  session.add(VlanProfile{.name = "eth0.1",
                          .interface_name = "eth0.1",
                          .autoconnect = false,
                          .parent = "eth0",
                          .id = 1});
  auto port = bridge_slave("eth1", "eth1", "eth0.1");
  EXPECT_EQ(error_of([&] { session.add(port); }).kind(), ErrorKind::invalid);
  port.controller = "nowhere";
  port.port.reset();
  EXPECT_EQ(error_of([&] { session.add(port); }).kind(), ErrorKind::not_found);
  session.add(bridge("br0"));
  EXPECT_EQ(error_of([&] { session.add(bond_slave("eth1", "eth1", "br0")); }).kind(),
            ErrorKind::invalid);
}

TEST_F(SessionTest, SaysWhatIsNotThere) {
  const auto error = error_of([&] { session.remove("cloudbr9"); });
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_EQ(error.subject(), "profile 'cloudbr9'");
  EXPECT_EQ(error_of([&] { session.activate("cloudbr9"); }).kind(), ErrorKind::not_found);
  EXPECT_EQ(error_of([&] { session.modify("cloudbr9", BridgeProfile{}); }).kind(),
            ErrorKind::not_found);
}

TEST_F(SessionTest, ActivatesABridgeWithItsPort) {
  auto cloudbr0 = bridge("cloudbr0");
  cloudbr0.stp = false;
  cloudbr0.ipv4 = Ip4Config{.method = "manual", .addresses = {{"192.168.100.10/24"}}};
  auto nic = bridge_slave("eth0", "eth0", "cloudbr0");
  nic.autoconnect = false;
  session.add_all(std::vector<Profile>{cloudbr0, nic});
  session.activate("cloudbr0");
  const auto devices = session.devices();
  const auto found = std::ranges::find(devices, "cloudbr0", &Device::interface_name);
  ASSERT_NE(found, devices.end());
  EXPECT_EQ(found->state, "activated");
  EXPECT_EQ(found->ports, (std::vector<std::string>{"eth0"}));
  EXPECT_TRUE(found->carrier);
  EXPECT_NE(std::ranges::find(found->addresses, Cidr("192.168.100.10/24")), found->addresses.end());

  session.deactivate("cloudbr0");
  const auto after = session.devices();
  EXPECT_EQ(std::ranges::find(after, "cloudbr0", &Device::interface_name), after.end());
  session.deactivate("cloudbr0");  // nothing to do
}

TEST_F(SessionTest, TakesSeveralProfilesDownOrNone) {
  const std::vector<std::string> names = {"eth0", "eth1"};
  for (const auto& name : names) {
    session.add(EthernetProfile{.name = name,
                                .interface_name = name,
                                .autoconnect = false,
                                .ipv4 = Ip4Config{.method = "disabled"},
                                .ipv6 = Ip6Config{.method = "disabled"}});
  }
  session.activate_all(names);
  const auto active = [&] {
    std::vector<std::string> found;
    for (const auto& device : session.devices()) {
      if (device.profile && device.interface_name.starts_with("eth"))
        found.push_back(device.interface_name);
    }
    return found;
  };
  EXPECT_EQ(error_of([&] {
              session.deactivate_all(std::vector<std::string>{"eth0", "eth9"});
            }).kind(),
            ErrorKind::not_found);
  EXPECT_EQ(active(), names);
  session.deactivate_all(names);
  EXPECT_EQ(active(), std::vector<std::string>{});
}

TEST_F(SessionTest, SaysSoWhenItWasMovedFrom) {
  Session one;
  Session other = std::move(one);
  EXPECT_EQ(other.version(), session.version());
  // NOLINTNEXTLINE(bugprone-use-after-move): this is the test
  const auto error = error_of([&] { static_cast<void>(one.profiles()); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid);
  EXPECT_STREQ(error.what(), "Session: it was moved from");
  EXPECT_EQ(error_of([&] { static_cast<void>(one.version()); }).kind(), ErrorKind::invalid);
  one = std::move(other);
  EXPECT_TRUE(one.profiles().empty());
}

TEST_F(SessionTest, SaysWhyAProfileDidNotComeUp) {
  session.add(EthernetProfile{.name = "eth9", .interface_name = "eth9", .autoconnect = false});
  const auto error = error_of([&] { session.activate("eth9"); });
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_EQ(error.subject(), "ethernet 'eth9'");
}

TEST_F(SessionTest, LeavesNoDescriptorBehind) {
  { const Session warm_up; }
  const auto before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    const Session one;
    EXPECT_FALSE(one.version().empty());
  }
  // GLib's own threads may be about to close one or two of the last session's.
  EXPECT_LT(open_descriptors(), before + 5);
}

TEST_F(SessionTest, CanBeInterruptedAndUsedAgain) {
  struct Interrupted {};
  bool interrupt = false;
  Session impatient({.on_wait = [&] {
    if (interrupt) throw Interrupted{};
  }});
  add_slow_bridge(impatient);
  interrupt = true;
  EXPECT_THROW(impatient.activate("cloudbr0"), Interrupted);
  interrupt = false;
  EXPECT_NO_THROW(static_cast<void>(impatient.profiles()));
}

TEST_F(SessionTest, RefusesACallFromInsideACall) {
  struct Refused {
    ErrorKind kind;
  };
  Session* outer = nullptr;
  Session session_with_hook({.on_wait = [&] {
    try {
      static_cast<void>(outer->profiles());
    } catch (const Error& error) {
      throw Refused{error.kind()};
    }
  }});
  outer = &session_with_hook;
  add_slow_bridge(session_with_hook);
  try {
    session_with_hook.activate("cloudbr0");
    FAIL() << "on_wait was not called";
  } catch (const Refused& refused) {
    EXPECT_EQ(refused.kind, ErrorKind::invalid);
  }
}

TEST_F(SessionTest, RefusesTextThatIsNotUtf8) {
  auto profile = bridge("cloudbr0");
  profile.zone = "tru\xffsted";
  EXPECT_EQ(error_of([&] { session.add(profile); }).kind(), ErrorKind::invalid);
  profile.zone = std::string("tru\0sted", 8);
  EXPECT_EQ(error_of([&] { session.add(profile); }).kind(), ErrorKind::invalid);
}

/// While another thread is busy in GLib, whose locks the child then finds taken for ever.
TEST_F(SessionTest, RefusesToWorkInAForkedChild) {
  std::atomic<bool> is_over = false;
  std::thread other([&] {
    while (!is_over) static_cast<void>(render(bridge("busy")));
  });
  int status = 0;
  for (int i = 0; i < 100 && status == 0; ++i) {
    const auto child = fork();
    if (child == 0) {
      alarm(20);  // a child that hangs is killed
      for (const auto& call : std::vector<std::function<void()>>{
               [&] { static_cast<void>(session.profiles()); },
               [&] { session.add(bridge("cloudbr0")); }, [&] { session.activate("cloudbr0"); }}) {
        try {
          call();
          _exit(1);
        } catch (const Error& error) {
          if (error.kind() != ErrorKind::unsupported) _exit(2);
        }
      }
      _exit(0);
    }
    waitpid(child, &status, 0);
  }
  is_over = true;
  other.join();
  EXPECT_EQ(status, 0);
  EXPECT_NO_THROW(static_cast<void>(session.profiles()));
}

TEST(SessionWithoutABus, SaysThatThereIsNone) {
  try {
    const Session session({.bus_address = "unix:path=/nonexistent"});
    FAIL() << "there was a bus";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    EXPECT_FALSE(error.hint().empty());
  }
}

}  // namespace
}  // namespace csnet
