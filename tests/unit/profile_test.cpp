#include <csnet/error.hpp>
#include <csnet/profile.hpp>

#include <gtest/gtest.h>

namespace csnet {
namespace {

TEST(Merge, TouchesOnlyWhatIsMentioned) {
  const BridgeProfile base{
      .name = "cloudbr0", .interface_name = "cloudbr0", .mtu = 1500, .stp = true};
  const auto merged = *merge(base, BridgeProfile{.stp = false}).get_if<BridgeProfile>();
  EXPECT_EQ(
      merged,
      (BridgeProfile{.name = "cloudbr0", .interface_name = "cloudbr0", .mtu = 1500, .stp = false}));
}

TEST(Merge, GoesIntoAnIpConfigurationFieldByField) {
  const BridgeProfile base{.name = "b",
                           .ipv4 = Ip4Config{.method = "manual", .addresses = {{"10.0.0.1/8"}}}};
  const auto merged =
      *merge(base, BridgeProfile{.ipv4 = Ip4Config{.gateway = "10.0.0.2"}}).get_if<BridgeProfile>();
  EXPECT_EQ(merged.ipv4,
            (Ip4Config{.method = "manual", .addresses = {{"10.0.0.1/8"}}, .gateway = "10.0.0.2"}));
}

TEST(Merge, ReplacesAListAsAWhole) {
  const BridgeProfile base{.ipv4 = Ip4Config{.addresses = {{"10.0.0.1/8", "10.0.0.2/8"}}}};
  const auto merged = *merge(base, BridgeProfile{.ipv4 = Ip4Config{.addresses = {{"10.0.0.3/8"}}}})
                           .get_if<BridgeProfile>();
  EXPECT_EQ(merged.ipv4->addresses, (std::vector<Cidr>{"10.0.0.3/8"}));
}

TEST(Merge, MergesAPortOfTheSameKindAndReplacesAnother) {
  const EthernetProfile base{.controller = "br0", .port = BridgePort{.priority = 10}};
  const auto same = merge(base, EthernetProfile{.port = BridgePort{.path_cost = 5}});
  EXPECT_EQ(same.port(), Port(BridgePort{.priority = 10, .path_cost = 5}));
  const auto other = merge(base, EthernetProfile{.port = BondPort{}});
  EXPECT_EQ(other.port(), Port(BondPort{}));
}

TEST(Merge, TakesAPortsIpConfigurationAway) {
  const EthernetProfile base{
      .name = "e", .ipv4 = Ip4Config{.method = "auto"}, .ipv6 = Ip6Config{.method = "auto"}};
  EXPECT_EQ(merge(base, EthernetProfile{.controller = "br0", .port = BridgePort{}}),
            Profile(EthernetProfile{.name = "e", .controller = "br0", .port = BridgePort{}}));
}

TEST(Merge, DetachesAPort) {
  EXPECT_EQ(merge(bridge_slave("e", "eth0", "br0"), EthernetProfile{.controller = ""}),
            Profile(EthernetProfile{.name = "e", .interface_name = "eth0"}));
}

TEST(Merge, LetsAGatewayGoWithItsAddresses) {
  const BridgeProfile base{
      .ipv4 = Ip4Config{.method = "manual", .addresses = {{"10.0.0.1/8"}}, .gateway = "10.0.0.2"}};
  const auto gateway = [&](Ip4Config changes) {
    return merge(base, BridgeProfile{.ipv4 = changes}).get_if<BridgeProfile>()->ipv4->gateway;
  };
  EXPECT_FALSE(gateway({.method = "auto", .addresses = std::vector<Cidr>{}}));
  EXPECT_FALSE(gateway({.never_default = true}));
  EXPECT_TRUE(gateway({.never_default = false}));
}

TEST(Merge, RefusesAnotherType) {
  EXPECT_THROW(merge(BridgeProfile{.name = "a"}, VlanProfile{.name = "a"}), Error);
}

TEST(Slaves, AreEthernetProfilesWithAPort) {
  const auto profile = bridge_slave("eth0.100", "eth0.100", "cloudbr0", {.priority = 10});
  EXPECT_EQ(profile, (EthernetProfile{.name = "eth0.100",
                                      .interface_name = "eth0.100",
                                      .controller = "cloudbr0",
                                      .port = BridgePort{.priority = 10}}));
  EXPECT_EQ(bond_slave("a", "eth0", "bond0", {.queue_id = 2}).port, Port(BondPort{.queue_id = 2}));
}

TEST(Subject, NamesAProfileAsAMessageDoes) {
  EXPECT_EQ(subject(VlanProfile{.name = "management", .interface_name = "eth0.100"}),
            "vlan 'management'");
  EXPECT_EQ(subject(VlanProfile{.interface_name = "eth0.100"}), "vlan 'eth0.100'");
}

}  // namespace
}  // namespace csnet
