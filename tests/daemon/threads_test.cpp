#include <csnet/csnet.hpp>
#include <csnet/session_options.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace csnet {
namespace {

BridgeProfile bridge(int thread, int number) {
  const auto name = fmt::format("t{}n{}", thread, number);
  return {.name = name, .interface_name = name, .autoconnect = false};
}

TEST(Threads, WorkWithSessionsOfTheirOwn) {
  constexpr int threads = 8;
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> running;
    running.reserve(threads);
    for (int thread = 0; thread < threads; ++thread) {
      running.emplace_back([thread, &done] {
        Session session;
        for (int number = 0; number < 5; ++number) session.add(bridge(thread, number));
        for (int number = 0; number < 5; ++number) {
          const auto name = fmt::format("t{}n{}", thread, number);
          session.modify(name, BridgeProfile{.priority = 4096});
          if (session.find(name)->get_if<BridgeProfile>()->priority == 4096U) ++done;
          session.remove(name);
        }
      });
    }
  }
  EXPECT_EQ(done, threads * 5);
}

TEST(Threads, ActivateAndPlanWhileOthersDo) {
  constexpr int threads = 4;
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> running;
    running.reserve(threads);
    for (int thread = 0; thread < threads; ++thread) {
      running.emplace_back([thread, &done] {
        Session session;
        auto wanted = bridge(thread, 0);
        wanted.stp = false;
        wanted.ipv4 = Ip4Config{.method = "disabled"};
        wanted.ipv6 = Ip6Config{.method = "disabled"};
        const auto uuid = session.add(wanted);
        for (int number = 0; number < 5; ++number) {
          session.activate(uuid, {.related = number % 2 == 0});
          if (session.plan({.wanted = {{wanted}}}).empty()) ++done;
          session.deactivate(uuid);
        }
        session.remove(uuid);
      });
    }
  }
  EXPECT_EQ(done, threads * 5);
}

TEST(Threads, MayShareASession) {
  Session session;
  {
    std::vector<std::jthread> running;
    running.reserve(4);
    for (int thread = 0; thread < 4; ++thread) {
      running.emplace_back([thread, &session] {
        for (int number = 0; number < 5; ++number) session.add(bridge(thread, number));
      });
    }
  }
  EXPECT_EQ(session.profiles().size(), 20U);
  for (const auto& profile : session.profiles()) session.remove(profile.uuid());
}

TEST(Threads, MayHandASessionOver) {
  Session session;
  std::jthread([&session] { session.add(bridge(0, 0)); }).join();
  EXPECT_TRUE(session.find("t0n0"));
  session.remove("t0n0");
}

}  // namespace
}  // namespace csnet
