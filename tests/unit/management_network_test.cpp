#include <csnet/error.hpp>
#include <csnet/management_network.hpp>
#include <csnet/validate.hpp>

#include <gtest/gtest.h>

#include <string>

namespace csnet {
namespace {

const ManagementNetwork kManual{.uplinks = {"eth0"},
                                .vlan = 100,
                                .addresses = {"192.168.100.10/24"},
                                .gateway = "192.168.100.1",
                                .dns = {"192.168.100.53"},
                                .mtu = 1500,
                                .stp = false,
                                .servers = {"192.168.100.2"}};

const Ip4Config kNoIp4{.method = "disabled"};
const Ip6Config kNoIp6{.method = "disabled"};
const BridgeProfile kBridge{.name = "cloudbr0",
                            .interface_name = "cloudbr0",
                            .mtu = 1500,
                            .ipv4 = Ip4Config{.method = "manual",
                                              .addresses = {{"192.168.100.10/24"}},
                                              .gateway = "192.168.100.1",
                                              .dns = {{"192.168.100.53"}},
                                              .may_fail = false},
                            .stp = false};

TEST(ManagementNetwork, IsTheManualsStepsOneToFive) {
  const std::vector<Profile> expected{
      EthernetProfile{
          .name = "eth0", .interface_name = "eth0", .mtu = 1500, .ipv4 = kNoIp4, .ipv6 = kNoIp6},
      VlanProfile{.name = "eth0.100",
                  .interface_name = "eth0.100",
                  .controller = "cloudbr0",
                  .port = BridgePort{},
                  .mtu = 1500,
                  .parent = "eth0",
                  .id = 100},
      kBridge,
  };
  EXPECT_EQ(kManual.desired().wanted.profiles, expected);
}

TEST(ManagementNetwork, AsksForItsServersAndItsGateway) {
  auto network = kManual;
  network.servers = {"192.168.100.2", "fd00:100::2"};
  const std::vector<Probe> expected{
      {.type = ProbeType::tcp, .target = "192.168.100.2:8250", .interface_name = "cloudbr0"},
      {.type = ProbeType::tcp, .target = "[fd00:100::2]:8250", .interface_name = "cloudbr0"},
      {.type = ProbeType::arp, .target = "192.168.100.1", .interface_name = "cloudbr0"},
  };
  EXPECT_EQ(network.desired().probes, expected);
  EXPECT_TRUE(validate(network.desired()).empty());
}

TEST(ManagementNetwork, LiesOnABondAsInScalingLogic) {
  auto network = kManual;
  network.uplinks = {"eth0", "eth1"};
  const std::vector<Profile> expected{
      BondProfile{.name = "bond0",
                  .interface_name = "bond0",
                  .mtu = 1500,
                  .ipv4 = kNoIp4,
                  .ipv6 = kNoIp6,
                  .mode = "802.3ad",
                  .options = {{{"lacp_rate", "fast"}, {"miimon", "100"}}}},
      EthernetProfile{.name = "eth0",
                      .interface_name = "eth0",
                      .controller = "bond0",
                      .port = BondPort{},
                      .mtu = 1500},
      EthernetProfile{.name = "eth1",
                      .interface_name = "eth1",
                      .controller = "bond0",
                      .port = BondPort{},
                      .mtu = 1500},
      VlanProfile{.name = "bond0.100",
                  .interface_name = "bond0.100",
                  .controller = "cloudbr0",
                  .port = BridgePort{},
                  .mtu = 1500,
                  .parent = "bond0",
                  .id = 100},
      kBridge,
  };
  EXPECT_EQ(network.desired().wanted.profiles, expected);
}

TEST(ManagementNetwork, PutsTheNicItselfIntoTheBridgeWithoutAVlan) {
  auto network = kManual;
  network.vlan.reset();
  const std::vector<Profile> expected{
      EthernetProfile{.name = "eth0",
                      .interface_name = "eth0",
                      .controller = "cloudbr0",
                      .port = BridgePort{},
                      .mtu = 1500},
      kBridge,
  };
  EXPECT_EQ(network.desired().wanted.profiles, expected);
}

TEST(ManagementNetwork, MakesABondOfOneNicWhenAsked) {
  auto network = kManual;
  network.bond = "bond7";
  EXPECT_EQ(network.desired().wanted.profiles.at(0).name(), "bond7");
  EXPECT_EQ(network.desired().wanted.profiles.at(2).name(), "bond7.100");
}

TEST(ManagementNetwork, SharesAddressesOutByFamily) {
  auto network = kManual;
  network.addresses = {"192.168.100.10/24", "2001:db8::10/64"};
  network.gateway6 = "2001:db8::1";
  network.dns = {"2001:db8::53"};
  const auto bridge = *network.desired().wanted.profiles.back().get_if<BridgeProfile>();
  EXPECT_EQ(bridge.ipv4->addresses, (std::vector<Cidr>{"192.168.100.10/24"}));
  EXPECT_EQ(bridge.ipv6, (Ip6Config{.method = "manual",
                                    .addresses = {{"2001:db8::10/64"}},
                                    .gateway = "2001:db8::1",
                                    .dns = {{"2001:db8::53"}}}));
}

std::string refusal(const ManagementNetwork& network) {
  try {
    static_cast<void>(network.desired());
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    return error.what();
  }
}

TEST(ManagementNetwork, RefusesWhatCannotWork) {
  const auto with = [](auto change) {
    auto network = kManual;
    change(network);
    return refusal(network);
  };
  EXPECT_EQ(with([](auto& n) { n.uplinks.clear(); }),
            "management network 'cloudbr0': uplinks: is empty");
  EXPECT_EQ(with([](auto& n) {
              n.uplinks = {"eth0", "eth0"};
            }),
            "management network 'cloudbr0': uplinks[1]: 'eth0' is named twice");
  EXPECT_EQ(with([](auto& n) { n.addresses.clear(); }),
            "management network 'cloudbr0': addresses: is empty");
  EXPECT_EQ(with([](auto& n) {
              n.addresses = {"2001:db8::10/64"};
              n.gateway.reset();
            }),
            "management network 'cloudbr0': addresses: there is no IPv4 address");
  EXPECT_EQ(with([](auto& n) { n.vlan = 4095; }),
            "management network 'cloudbr0': vlan: 4095 is not a VLAN id (1 to 4094)");
  EXPECT_EQ(with([](auto& n) { n.vlan = 0; }),
            "management network 'cloudbr0': vlan: 0 is not a VLAN id (1 to 4094)");
  EXPECT_EQ(with([](auto& n) { n.gateway = "10.0.0.1"; }),
            "management network 'cloudbr0': gateway: 10.0.0.1 is outside 192.168.100.10/24");
  EXPECT_EQ(with([](auto& n) { n.bridge = "cloud bridge"; }),
            "management network 'cloud bridge': bridge: 'cloud bridge' contains white space");
  EXPECT_EQ(with([](auto& n) { n.bridge = "eth0"; }),
            "management network 'eth0': bridge: 'eth0' is the uplink and the bridge");
}

TEST(ManagementNetwork, WarnsOfAParentThatIsTooLongForGuestVlans) {
  auto network = kManual;
  network.uplinks = {"enp129s0f1"};
  const auto findings = validate(network);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, Severity::warning);
  EXPECT_EQ(refusal(network), "");
}

TEST(ManagementNetwork, RefusesAVlanWhoseNameTheKernelDoesNotTake) {
  auto network = kManual;
  network.uplinks = {"enp129s0f1np1"};
  EXPECT_EQ(refusal(network),
            "management network 'cloudbr0': vlan: 'enp129s0f1np1.100' has 17 bytes: the kernel "
            "takes 15 at most");
}

}  // namespace
}  // namespace csnet
