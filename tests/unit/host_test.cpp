#include "host_test.hpp"

#include "host/lacp.hpp"
#include "host/lacp_sysfs.hpp"
#include "host/run_probe.hpp"
#include "host/text.hpp"

#include <fmt/format.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <thread>
#include <utility>
#include <vector>

namespace csnet::host {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

Wait within(std::chrono::milliseconds time, std::function<void()> tick = {}) {
  return {steady_clock::now() + time, std::move(tick)};
}

bool has_children() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

// --- tcp

class Listener {
 public:
  explicit Listener(int family = AF_INET, bool any = false)
      : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in6 ipv6{};
    sockaddr_in ipv4{};
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_addr = in6addr_loopback;
    ipv4.sin_family = AF_INET;
    ipv4.sin_addr.s_addr = htonl(any ? INADDR_ANY : INADDR_LOOPBACK);
    const bool is_ipv6 = family == AF_INET6;
    auto* address =
        is_ipv6 ? reinterpret_cast<sockaddr*>(&ipv6) : reinterpret_cast<sockaddr*>(&ipv4);
    socklen_t size = is_ipv6 ? sizeof ipv6 : sizeof ipv4;
    is_bound = bind(socket_.get(), address, size) == 0;
    getsockname(socket_.get(), address, &size);
    probe = Probe{.type = ProbeType::tcp,
                  .target = is_ipv6 ? fmt::format("[::1]:{}", ntohs(ipv6.sin6_port))
                                    : fmt::format("127.0.0.1:{}", ntohs(ipv4.sin_port))};
  }
  void listen(int backlog = 5) const { ASSERT_EQ(::listen(socket_.get(), backlog), 0); }

  bool is_bound = false;
  Probe probe;

 private:
  Descriptor socket_;
};

TEST(Tcp, PassesWhenTheConnectionIsAccepted) {
  const Listener listener;
  listener.listen();
  EXPECT_EQ(why_unreachable(listener.probe, false, within(2s)), std::nullopt);
  // The probe is tried once even when its time is over.
  EXPECT_EQ(why_unreachable(listener.probe, false, within(-1s)), std::nullopt);
}

TEST(Tcp, PassesOverIpv6) {
  const Listener listener(AF_INET6);
  if (!listener.is_bound) GTEST_SKIP() << "no IPv6 on the loopback";
  listener.listen();
  EXPECT_EQ(why_unreachable(listener.probe, false, within(2s)), std::nullopt);
}

TEST(Tcp, TriesUntilTheWaitIsOver) {
  const Listener listener;
  const auto begin = steady_clock::now();
  int ticks = 0;
  EXPECT_EQ(why_unreachable(listener.probe, false, within(450ms, [&] { ++ticks; })),
            "connection refused");
  const auto took = steady_clock::now() - begin;
  EXPECT_GE(took, 450ms);
  EXPECT_LT(took, 5s);
  EXPECT_GE(ticks, 2);
}

TEST(Tcp, PassesWhenItComesUpLater) {
  const Listener listener;
  std::atomic<int> ticks = 0;
  std::thread server([&] {
    for (int seen = 0; seen < 3; seen = ticks) ticks.wait(seen);
    listener.listen();
  });
  EXPECT_EQ(why_unreachable(listener.probe, false,
                            within(20s,
                                   [&] {
                                     ++ticks;
                                     ticks.notify_all();
                                   })),
            std::nullopt);
  ticks = 3;  // the server's thread must end in any case
  ticks.notify_all();
  server.join();
}

TEST(Tcp, TellsSilenceFromRefusal) {
  const Listener listener;
  listener.listen(0);
  // The server does not accept: when the queue is full, the kernel drops further connections.
  std::vector<Descriptor> clients;
  const auto port = static_cast<std::uint16_t>(std::stoi(listener.probe.target.substr(10)));
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static_cast<void>(
        connect(clients.back().get(), reinterpret_cast<sockaddr*>(&address), sizeof address));
  }
  EXPECT_EQ(why_unreachable(listener.probe, false, within(300ms)), "no answer within 0.3 s");
}

TEST(Tcp, EndsWithWhatTickThrows) {
  const Listener listener;
  const auto descriptors = count_descriptors();
  EXPECT_THROW(why_unreachable(listener.probe, false,
                               within(20s, [] { throw std::out_of_range("enough"); })),
               std::out_of_range);
  EXPECT_EQ(count_descriptors(), descriptors);
}

TEST(Tcp, GoesOutOfTheInterface) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  Listener listener;
  listener.listen();
  listener.probe.interface_name = "lo";
  EXPECT_EQ(why_unreachable(listener.probe, true, within(2s)), std::nullopt);
  listener.probe.interface_name = "csnet-none";
  EXPECT_EQ(why_unreachable(listener.probe, true, within(0s)),
            "there is no interface 'csnet-none'");
  EXPECT_EQ(why_unreachable(listener.probe, false, within(2s)), std::nullopt);
}

TEST(Tcp, WaitsForTheInterfacesAddress) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  const auto child = start_child([] {
    if (unshare(CLONE_NEWNET) != 0) return;  // as in a container; GoesOutOfTheInterface still runs
    Listener listener(AF_INET, true);
    listener.listen();
    listener.probe.interface_name = "lo";
    EXPECT_EQ(why_unreachable(listener.probe, true, within(0s)), "'lo' has no IPv4 address");
    const auto bring_up = [] {
      const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      ifreq lo{.ifr_ifrn = {"lo"}, .ifr_ifru = {}};
      lo.ifr_flags = IFF_UP | IFF_RUNNING;
      ASSERT_EQ(ioctl(socket.get(), SIOCSIFFLAGS, &lo), 0);
    };
    EXPECT_EQ(why_unreachable(listener.probe, true, within(20s, bring_up)), std::nullopt);
  });
  EXPECT_EQ(end_of(child), 0);
}

/// Before a change nothing brings a route: the first attempt is the only one, whatever time is left.
TEST(Tcp, DoesNotWaitForARouteBeforeTheChange) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  const auto child = start_child([] {
    if (unshare(CLONE_NEWNET) != 0) return;
    int ticks = 0;
    const Probe probe{.type = ProbeType::tcp, .target = "192.0.2.1:8250"};
    const auto one_attempt = within(1h, [&] { ++ticks; });
    EXPECT_EQ(why_unreachable(probe, false, one_attempt), "network is unreachable");
    EXPECT_EQ(ticks, 0);
    EXPECT_EQ(why_unreachable(probe, true, within(300ms, [&] { ++ticks; })),
              "network is unreachable");
    EXPECT_GT(ticks, 0);
  });
  EXPECT_EQ(end_of(child), 0);
}

// --- arp

/// Sends the ARP reply of 192.0.2.`sender` to 192.0.2.`asker`.
void reply_from(std::uint8_t sender, std::uint8_t asker) {
  ether_arp packet{};
  packet.arp_hrd = htons(ARPHRD_ETHER);
  packet.arp_pro = htons(ETH_P_IP);
  packet.arp_hln = ETH_ALEN;
  packet.arp_pln = 4;
  packet.arp_op = htons(ARPOP_REPLY);
  const std::array<std::uint8_t, 4> network{192, 0, 2, 0};
  std::copy(network.begin(), network.end(), std::begin(packet.arp_spa));
  std::copy(network.begin(), network.end(), std::begin(packet.arp_tpa));
  packet.arp_spa[3] = sender;
  packet.arp_tpa[3] = asker;
  sockaddr_ll everyone{};
  everyone.sll_family = AF_PACKET;
  everyone.sll_protocol = htons(ETH_P_ARP);
  everyone.sll_ifindex = static_cast<int>(if_nametoindex("far"));
  everyone.sll_halen = ETH_ALEN;
  std::fill_n(std::begin(everyone.sll_addr), ETH_ALEN, std::uint8_t{0xff});
  const Descriptor socket(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(sendto(socket.get(), &packet, sizeof packet, 0,
                   reinterpret_cast<const sockaddr*>(&everyone), sizeof everyone),
            static_cast<ssize_t>(sizeof packet));
}

TEST(Arp, AsksTheNeighbour) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  if (std::system("ip -V >/dev/null 2>&1") != 0) GTEST_SKIP() << "needs ip(8)";
  const auto child = start_child([] {
    if (unshare(CLONE_NEWNET) != 0) return;
    // Both ends are in one namespace, where the kernel answers ARP only when it is told to.
    const char* script = R"(set -e
ip link add name near type veth peer name far
for link in near far; do echo 1 >/proc/sys/net/ipv4/conf/$link/accept_local; done
ip address add 192.0.2.1/24 dev near
ip address add 192.0.2.2/32 dev far
ip link set near up
ip link set far up)";
    ASSERT_EQ(why_unreachable({.type = ProbeType::command, .target = script}, false, within(0s)),
              std::nullopt);
    Probe probe{.type = ProbeType::arp, .target = "192.0.2.2"};
    EXPECT_EQ(why_unreachable(probe, false, within(10s)), std::nullopt);
    probe.interface_name = "near";
    EXPECT_EQ(why_unreachable(probe, true, within(10s)), std::nullopt);
    probe.target = "192.0.2.3";
    const auto to_others = [] {
      reply_from(4, 1);
      reply_from(3, 5);
    };
    EXPECT_EQ(why_unreachable(probe, true, within(700ms, to_others)), "no answer within 0.7 s");
    EXPECT_EQ(why_unreachable(probe, true, within(10s, [] { reply_from(3, 1); })), std::nullopt);
    probe.target = "198.51.100.1";
    EXPECT_EQ(why_unreachable(probe, false, within(0s)),
              "no interface has an address in the network of 198.51.100.1");
    probe.interface_name = "lo";
    EXPECT_EQ(why_unreachable(probe, true, within(0s)), "'lo' has no IPv4 address");
  });
  EXPECT_EQ(end_of(child), 0);
}

// --- command

Probe command(std::string line) { return {.type = ProbeType::command, .target = std::move(line)}; }

TEST(Command, PassesWhenItEndsWithZero) {
  const auto descriptors = count_descriptors();
  EXPECT_EQ(why_unreachable(command("read line; test -z \"$line\""), false, within(5s)),
            std::nullopt);
  // More output than a pipe's buffer: the command must not block until a reader takes it.
  EXPECT_EQ(why_unreachable(command("head -c 200000 /dev/zero"), false, within(20s)), std::nullopt);
  EXPECT_EQ(count_descriptors(), descriptors);
  EXPECT_FALSE(has_children());
}

TEST(Command, TellsHowItEndedAndWhatItSaid) {
  const auto why = [](const char* line) {
    return why_unreachable(command(line), false, within(0s)).value_or("passed");
  };
  EXPECT_EQ(why("echo out; echo 'no  route' >&2; exit 3"), "exit status 3: out no route");
  EXPECT_EQ(why("kill -9 $$"), "killed by signal 9");
  EXPECT_EQ(why("printf 'a\\377b\\033'; false"), "exit status 1: a?b?");
  EXPECT_EQ(why("head -c 9999 /dev/zero | tr '\\0' x; false"),
            fmt::format("exit status 1: {:x>300}…", ""));
  EXPECT_FALSE(has_children());
}

TEST(Command, RunsAgainUntilItPasses) {
  const Directory directory;
  const auto file = (directory.path / "runs").string();
  EXPECT_EQ(why_unreachable(command(fmt::format("echo >>{0}; test $(wc -l <{0}) = 2", file)), false,
                            within(20s)),
            std::nullopt);
}

/// A command that ignores all signals, with a child that keeps the pipe's writing end open.
Probe endless(const Pipe& pipe) {
  return command(fmt::format("trap '' TERM INT HUP; sleep 1000 & exec {}>&-; echo; wait; wait",
                             pipe.reader.get()));
}

void expect_all_dead(Pipe& pipe) {
  EXPECT_FALSE(has_children());
  pipe.writer.reset();
  pollfd end{.fd = pipe.reader.get(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&end, 1, 5000), 1) << "its child still runs";
}

TEST(Command, IsKilledWithItsChildrenWhenTheWaitIsOver) {
  Pipe pipe;
  EXPECT_EQ(why_unreachable(endless(pipe), false, within(300ms)), "did not end within 0.3 s");
  expect_all_dead(pipe);
}

TEST(Command, IsKilledWithItsChildrenWhenTickThrows) {
  Pipe pipe;
  EXPECT_THROW(
      why_unreachable(endless(pipe), false, within(20s, [] { throw std::out_of_range("enough"); })),
      std::out_of_range);
  expect_all_dead(pipe);
}

TEST(Command, IsKilledWithItsChildrenWhenItIsDone) {
  Pipe pipe;
  EXPECT_EQ(why_unreachable(command("sleep 1000 &"), false, within(5s)), std::nullopt);
  expect_all_dead(pipe);
}

// --- targets

TEST(Probes, RefuseWhatTheyCannotBe) {
  for (const auto& [type, target] :
       std::initializer_list<std::pair<ProbeType, const char*>>{{ProbeType::tcp, ""},
                                                                {ProbeType::tcp, "192.0.2.1"},
                                                                {ProbeType::tcp, "192.0.2.1:"},
                                                                {ProbeType::tcp, "192.0.2.1:0"},
                                                                {ProbeType::tcp, "192.0.2.1:65536"},
                                                                {ProbeType::tcp, "192.0.2.1:80x"},
                                                                {ProbeType::tcp, "host:80"},
                                                                {ProbeType::tcp, "[192.0.2.1]:80"},
                                                                {ProbeType::tcp, "fd00::2:80"},
                                                                {ProbeType::tcp, "[fd00::2:80"},
                                                                {ProbeType::arp, ""},
                                                                {ProbeType::arp, "192.0.2.1/24"},
                                                                {ProbeType::arp, "fd00::2"},
                                                                {ProbeType::command, " "}}) {
    const Probe probe{.type = type, .target = target};
    const auto error =
        error_of(ErrorKind::invalid, [&] { why_unreachable(probe, false, within(5s)); });
    EXPECT_EQ(error.subject(), fmt::format("probe '{} {}'", to_string(type), target));
    EXPECT_NE(error.hint(), "") << error.what();
  }
}

// --- lacp

class FakeBond {
 public:
  explicit FakeBond(const std::string& mode) {
    write("bond0/bonding/mode", mode);
    write("bond0/bonding/slaves", "eth0 eth1");
  }
  void set(const std::string& port, const char* actor, const char* partner) const {
    write(port + "/bonding_slave/ad_actor_oper_port_state", actor);
    write(port + "/bonding_slave/ad_partner_oper_port_state", partner);
  }
  [[nodiscard]] std::string why(const Wait& wait = within(0s)) const {
    return why_no_lacp(directory_.path, "bond0", wait).value_or("ready");
  }

 private:
  void write(const std::string& name, const std::string& text) const {
    const auto file = directory_.path / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text << '\n';
  }
  Directory directory_;
};

TEST(Lacp, IsNothingToWaitForInOtherModes) {
  EXPECT_EQ(FakeBond("active-backup 1").why(within(20s)), "ready");
  EXPECT_EQ(why_no_lacp("csnet-none", within(20s)), "there is no bond 'csnet-none'");
}

TEST(Lacp, IsReadyWhenOnePortAndItsPartnerAre) {
  const FakeBond bond("802.3ad 4");
  EXPECT_EQ(bond.why(), "no LACP partner answers on eth0, eth1");
  bond.set("eth0", "N/A", "N/A");
  bond.set("eth1", "69", "1");  // as after the port's timeout: defaulted
  EXPECT_EQ(bond.why(), "no LACP partner answers on eth0, eth1");
  bond.set("eth1", "13", "61");  // in sync, and neither collects nor distributes
  EXPECT_EQ(bond.why(), "LACP is not in sync on eth1 (state 0x0d, the partner's 0x3d)");
  bond.set("eth1", "61", "5");
  EXPECT_EQ(bond.why(), "LACP is not in sync on eth1 (state 0x3d, the partner's 0x05)");
  EXPECT_EQ(bond.why(within(20s, [&] { bond.set("eth1", "61", "61"); })), "ready");
}

TEST(Text, IsOneLineThatPythonCanRead) {
  EXPECT_EQ(one_line("  a \n\t b ", 10), "a b");
  EXPECT_EQ(one_line("für 网络 €😀", 99), "für 网络 €😀");
  EXPECT_EQ(one_line("\xff|\xc3|\xc0\x80|\xed\xa0\x80|\x9b|\xc2\x9b|\xe2\x82", 99),
            "?|?|??|???|?|??|??");
  EXPECT_EQ(one_line("abü", 3), "ab…");
}

}  // namespace
}  // namespace csnet::host
