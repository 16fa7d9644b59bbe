#include "host_test.hpp"

#include "host/links.hpp"

#include <sched.h>
#include <algorithm>
#include <fstream>
#include <functional>

namespace csnet::host {
namespace {

/// In a network namespace of its own, after the script has made interfaces there.
void in_namespace(const char* script, const std::function<void()>& check) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  if (std::system("ip -V >/dev/null 2>&1") != 0) GTEST_SKIP() << "needs ip(8)";
  const auto child = start_child([&] {
    if (unshare(CLONE_NEWNET) != 0) return;
    ASSERT_EQ(std::system(script), 0);
    check();
  });
  EXPECT_EQ(end_of(child), 0);
}

Link link_of(const std::vector<Link>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Link::interface_name);
  if (found != all.end()) return *found;
  ADD_FAILURE() << "no " << name;
  return {};
}

void put(const std::filesystem::path& file, const char* text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text << '\n';
}

TEST(Links, SayWhatTheKernelSays) {
  const char* script =
      "set -e; ip link add br0 address 52:54:00:00:00:01 type bridge stp_state 1\n"
      "ip link add port address 52:54:00:00:00:02 mtu 1400 type veth peer name far\n"
      "ip link set port master br0 up; ip link set br0 up\n"
      "ip address add 192.0.2.1/24 dev br0; ip address add 192.0.2.2/25 dev br0 label br0:1\n"
      "ip address add 2001:db8::1/64 dev br0 nodad";
  in_namespace(script, [] {
    const auto all = links("/nonexistent");
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Link::interface_name));
    const auto bridge = link_of(all, "br0");
    EXPECT_EQ(bridge.kind, "bridge");
    EXPECT_EQ(bridge.stp, true);
    EXPECT_EQ(bridge.driver, "bridge");
    EXPECT_EQ(bridge.mac_address, MacAddress("52:54:00:00:00:01"));
    EXPECT_TRUE(bridge.up);
    for (const auto* address : {"192.0.2.1/24", "192.0.2.2/25", "2001:db8::1/64"})
      EXPECT_NE(std::ranges::find(bridge.addresses, Cidr(address)), bridge.addresses.end())
          << address;
    const auto port = link_of(all, "port");
    EXPECT_EQ(port.kind, "veth");
    EXPECT_EQ(port.controller, "br0");
    EXPECT_EQ(port.parent, "");
    EXPECT_EQ(port.mtu, 1400);
    EXPECT_EQ(port.port_state, "disabled");  // its other end is down
    EXPECT_EQ(port.stp, std::nullopt);
    EXPECT_EQ(port.speed, 10000);  // a veth always reports it
    EXPECT_EQ(port.duplex, "full");
    EXPECT_TRUE(port.up);
    EXPECT_FALSE(port.carrier);
    EXPECT_FALSE(link_of(all, "far").up);
    EXPECT_EQ(link_of(all, "lo").kind, "loopback");
    EXPECT_EQ(link_of(all, "lo").index, 1);
  });
}

TEST(Links, ListMoreThanOneMessageHolds) {
  in_namespace("for i in $(seq 150); do ip link add v$i type veth peer name w$i; done",
               [] { EXPECT_EQ(links().size(), 301); });
}

TEST(Links, SayOfBondsWhatSysfsSays) {
  const Directory sysfs;
  put(sysfs.path / "bond0/bonding/mode", "802.3ad 4");
  put(sysfs.path / "bond0/bonding/ad_partner_mac", "52:54:00:00:01:00");
  put(sysfs.path / "bond0/bonding/primary", "");
  put(sysfs.path / "bond0/bonding/slaves", "eth0 eth1");
  const auto port = sysfs.path / "eth0/bonding_slave";
  put(port / "mii_status", "up");
  put(port / "ad_aggregator_id", "3");
  put(port / "ad_actor_oper_port_state", "63");
  put(port / "ad_partner_oper_port_state", "63");
  put(sysfs.path / "eth1/bonding_slave/ad_actor_oper_port_state", "77");
  put(sysfs.path / "eth1/bonding_slave/ad_partner_oper_port_state", "1");
  const char* script =
      "ip link add bond0 type bridge; ip link add eth0 type veth peer name eth1; ip link add br0 "
      "type bridge";
  in_namespace(script, [&] {
    const auto all = links(sysfs.path);
    const std::map<std::string, std::string> bond = {
        {"mode", "802.3ad"}, {"ad_partner_mac", "52:54:00:00:01:00"}, {"primary", ""}};
    EXPECT_EQ(link_of(all, "bond0").bond, bond);
    EXPECT_EQ(link_of(all, "eth0").mii_status, "up");
    EXPECT_EQ(link_of(all, "eth0").aggregator, 3);
    EXPECT_EQ(link_of(all, "eth0").lacp, LacpState::up);
    EXPECT_EQ(link_of(all, "eth1").lacp, LacpState::alone);
    EXPECT_EQ(link_of(all, "br0").lacp, std::nullopt);
  });
}

}  // namespace
}  // namespace csnet::host
