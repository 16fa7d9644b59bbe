#include "validate_test.hpp"

#include <gtest/gtest.h>

#include <string>

namespace csnet {
namespace {

TEST(ValidateAddresses, RefusesAnAddressOnTwoInterfaces) {
  EXPECT_EQ(
      findings_of(HostState{{nic("eth0", "10.0.0.1/8"), nic("eth1", "10.0.0.1/24")}}),
      "error ethernet 'eth1': ipv4.addresses[0]: 10.0.0.1 is also an address of ethernet 'eth0'\n");
  EXPECT_EQ(findings_of(HostState{{nic("eth0", "10.0.0.1/24"), nic("eth1", "10.0.1.1/24")}}), "");
  const auto on = [](const char* name, const char* address) {
    return EthernetProfile{.name = name,
                           .interface_name = name,
                           .ipv6 = Ip6Config{.method = "manual", .addresses = {{address}}}};
  };
  EXPECT_EQ(
      findings_of(HostState{{on("eth0", "fd00::1/64"), on("eth1", "fd00:0::1/64")}}),
      "error ethernet 'eth1': ipv6.addresses[0]: fd00::1 is also an address of ethernet 'eth0'\n");
  // Two profiles with different MAC addresses are for two NICs.
  const auto by_mac = [](const char* name, const char* mac) {
    auto profile = nic(name, "10.0.0.1/24");
    profile.interface_name = "";
    profile.mac_address = mac;
    return profile;
  };
  EXPECT_EQ(
      findings_of(HostState{{by_mac("a", "52:54:00:00:00:01"), by_mac("b", "52:54:00:00:00:02")}}),
      "error ethernet 'b': ipv4.addresses[0]: 10.0.0.1 is also an address of ethernet 'a'\n");
  // NetworkManager does not configure the addresses of a port.
  auto port = nic("eth1", "10.0.0.1/24", "10.0.0.9");
  port.controller = "cloudbr0";
  EXPECT_EQ(findings_of(HostState{{nic("eth0", "10.0.0.1/24", "10.0.0.9"), port}}), "");
  // Link-local addresses belong to one link each.
  EXPECT_EQ(findings_of(HostState{{on("eth0", "fe80::1/64"), on("eth1", "fe80::1/64")}}), "");
}

TEST(ValidateAddresses, WarnsOfAnAddressTwiceInOneProfileAsNmcliTakesIt) {
  auto twice = nic("eth0", "10.0.0.1/8");
  for (const char* again : {"10.0.0.1/9", "10.0.0.1/8"}) twice.ipv4->addresses->emplace_back(again);
  EXPECT_EQ(findings_of(twice),
            "warning ethernet 'eth0': ipv4.addresses[1]: 10.0.0.1 is listed twice\n");
}

TEST(ValidateAddresses, CountsTheProfileOfAnInterfaceThatComesUpFirst) {
  const auto bridge = with(kBridge, [](auto& p) {
    p.ipv4 = Ip4Config{
        .method = "manual", .addresses = {{"10.0.0.2/24"}}, .gateway = IpAddress("10.0.0.1")};
  });
  const auto port = with(bridge_slave("port", "eth0", "cloudbr0"), [](auto&) {});
  const auto former = nic("eth0", "10.0.0.2/24", "10.0.0.1");
  const std::string both =
      "error bridge 'cloudbr0': ipv4.addresses[0]: 10.0.0.2 is also an address of ethernet 'eth0'\n"
      "error bridge 'cloudbr0': ipv4.gateway: 10.0.0.1 is a second default gateway beside that of "
      "ethernet 'eth0'\n";
  EXPECT_EQ(findings_of(HostState{{with(former, kOff), port, bridge}}), "");
  EXPECT_EQ(findings_of(HostState{
                {with(former, [](auto& p) { p.autoconnect_priority = -999; }), port, bridge}}),
            "");
  // No other profile for the interface has autoconnect: an operator may bring this one up.
  EXPECT_EQ(findings_of(HostState{{with(former, kOff), bridge}}), both);
  EXPECT_EQ(findings_of(HostState{{with(former, kOff), with(port, kOff), bridge}}), both);
  // Only one of them can be active on the interface.
  const auto fallback = with(former, [](auto& p) { p.name = "fallback"; });
  EXPECT_EQ(findings_of(HostState{{with(former, kOff), with(fallback, kOff)}}), "");
}

TEST(ValidateAddresses, WarnsOfNetworksThatOverlap) {
  EXPECT_EQ(findings_of(HostState{{nic("eth0", "10.0.0.1/24"), nic("eth1", "10.0.0.2/24")}}),
            "warning ethernet 'eth1': ipv4.addresses[0]: 10.0.0.2/24 overlaps 10.0.0.1/24 of "
            "ethernet 'eth0': the "
            "kernel may answer from either interface\n");
  // One network is inside the other, in both orders.
  EXPECT_EQ(findings_of(HostState{{nic("eth0", "10.0.0.1/8"), nic("eth1", "10.9.0.2/24")}}),
            "warning ethernet 'eth1': ipv4.addresses[0]: 10.9.0.2/24 overlaps 10.0.0.1/8 of "
            "ethernet 'eth0': the "
            "kernel may answer from either interface\n");
  EXPECT_EQ(findings_of(HostState{{nic("eth0", "10.9.0.2/24"), nic("eth1", "10.0.0.1/8")}}),
            "warning ethernet 'eth1': ipv4.addresses[0]: 10.0.0.1/8 overlaps 10.9.0.2/24 of "
            "ethernet 'eth0': the "
            "kernel may answer from either interface\n");
  // The host bits may sort before or after the other's network.
  EXPECT_EQ(findings_of(HostState{{nic("eth0", "10.200.0.1/8"), nic("eth1", "10.9.0.2/24"),
                                   nic("eth2", "11.0.0.1/8"), nic("eth3", "9.0.0.1/8")}}),
            "warning ethernet 'eth1': ipv4.addresses[0]: 10.9.0.2/24 overlaps 10.200.0.1/8 of "
            "ethernet 'eth0': the "
            "kernel may answer from either interface\n");
  EXPECT_EQ(findings_of(HostState{{nic("eth0", "10.0.0.1/25"), nic("eth1", "10.0.0.129/25")}}), "");
  // One interface may have many addresses of one network.
  auto many = nic("eth0", "10.0.0.1/24");
  many.ipv4->addresses->emplace_back("10.0.0.2/24");
  many.ipv4->addresses->emplace_back("10.0.0.3/16");
  EXPECT_EQ(findings_of(many), "");
  // A pair is reported once; of three, each later one.
  EXPECT_EQ(findings_of(HostState{{many, nic("eth1", "10.0.0.4/24"), nic("eth2", "10.0.0.5/24")}}),
            "warning ethernet 'eth1': ipv4.addresses[0]: 10.0.0.4/24 overlaps 10.0.0.1/24 of "
            "ethernet 'eth0': the "
            "kernel may answer from either interface\n"
            "warning ethernet 'eth2': ipv4.addresses[0]: 10.0.0.5/24 overlaps 10.0.0.1/24 of "
            "ethernet 'eth0': the "
            "kernel may answer from either interface\n");
}

TEST(ValidateAddresses, LooksBehindTheOwnNetworkForOneThatOverlaps) {
  auto second = nic("eth1", "10.1.0.1/16");
  second.ipv4->addresses->emplace_back("10.1.1.1/24");
  EXPECT_EQ(findings_of(HostState{{second, nic("eth0", "10.0.0.1/8")}}),
            "warning ethernet 'eth0': ipv4.addresses[0]: 10.0.0.1/8 overlaps 10.1.0.1/16 of "
            "ethernet 'eth1': the "
            "kernel may answer from either interface\n");
  auto first = nic("eth0", "10.0.0.1/8");
  first.ipv4->addresses->emplace_back("10.1.0.1/16");
  const auto inner = nic("eth1", "10.1.1.1/24");
  EXPECT_EQ(findings_of(HostState{{nic("eth2", "10.0.0.9/8"), first, inner}}),
            "warning ethernet 'eth0': ipv4.addresses[0]: 10.0.0.1/8 overlaps 10.0.0.9/8 of "
            "ethernet 'eth2': the "
            "kernel may answer from either interface\n"
            "warning ethernet 'eth1': ipv4.addresses[0]: 10.1.1.1/24 overlaps 10.1.0.1/16 of "
            "ethernet 'eth0': the "
            "kernel may answer from either interface\n");
}

TEST(ValidateAddresses, RefusesASecondDefaultGateway) {
  const auto first = nic("eth0", "10.0.0.2/24", "10.0.0.1");
  const auto second = nic("eth1", "10.0.1.2/24", "10.0.1.1");
  const std::string refused =
      "error ethernet 'eth1': ipv4.gateway: 10.0.1.1 is a second default gateway beside that of "
      "ethernet 'eth0'\n";
  const auto metrics = [&](std::optional<std::int64_t> one, std::optional<std::int64_t> other) {
    return findings_of(HostState{{with(first, [&](auto& p) { p.ipv4->route_metric = one; }),
                                  with(second, [&](auto& p) { p.ipv4->route_metric = other; })}});
  };
  EXPECT_EQ(metrics({}, {}), refused);
  EXPECT_EQ(metrics(100, {}), refused);
  EXPECT_EQ(metrics({}, 100), refused);
  EXPECT_EQ(metrics(100, -1), refused);
  EXPECT_EQ(metrics(-1, 100), refused);
  EXPECT_EQ(metrics(100, 100), refused);
  EXPECT_EQ(metrics(100, 200), "");
  EXPECT_EQ(findings_of(HostState{{first, nic("eth1", "10.0.1.2/24")}}), "");
}

TEST(ValidateAddresses, TakesAGatewayOfEachFamily) {
  const EthernetProfile ipv6{
      .name = "eth1",
      .interface_name = "eth1",
      .ipv6 = Ip6Config{.method = "manual", .addresses = {{"fd00::2/64"}}, .gateway = "fd00::1"}};
  EXPECT_EQ(findings_of(HostState{{nic("eth0", "10.0.0.2/24", "10.0.0.1"), ipv6}}), "");
  const auto second = with(ipv6, [](auto& p) {
    p.name = p.interface_name = "eth2";
    p.ipv6->addresses = {{"fd01::2/64"}};
    p.ipv6->gateway = "fd01::1";
  });
  EXPECT_EQ(findings_of(HostState{{ipv6, second}}),
            "error ethernet 'eth2': ipv6.gateway: fd01::1 is a second default gateway beside that "
            "of ethernet 'eth1'\n");
}

}  // namespace
}  // namespace csnet
