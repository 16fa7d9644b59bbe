#include "validate_test.hpp"

#include <gtest/gtest.h>

#include <string>

namespace csnet {
namespace {

TEST(ValidateRelations, NamesTheWholeCircle) {
  // eth0 is a bond here, so that the circle has every kind of reference.
  const auto bridge = port_of("eth0", BondPort{}, kBridge);
  const auto port = port_of("cloudbr0", BridgePort{}, kVlan);
  const BondProfile bond{.name = "eth0", .interface_name = "eth0"};
  EXPECT_EQ(findings_of(HostState{{bond, port, bridge}}),
            "error bridge 'cloudbr0': controller: it depends on itself: cloudbr0 → eth0.100 → eth0 "
            "→ cloudbr0\n");
  // The circle is reported for the last profile.
  EXPECT_EQ(findings_of(HostState{{bridge, bond, port}}),
            "error vlan 'eth0.100': controller: it depends on itself: eth0.100 → eth0 → cloudbr0 → "
            "eth0.100\n");
  EXPECT_EQ(findings_of(HostState{{port, bond, kBridge}}), "");
}

TEST(ValidateRelations, FindsABondWhosePortIsAVlanOnIt) {
  const BondProfile bond{.name = "bond0", .interface_name = "bond0", .uuid = "u-u-i-d"};
  const auto port = port_of("bond0", BondPort{}, vlan("bond0.100", "bond0", 100));
  EXPECT_EQ(findings_of(HostState{{port, bond}}),
            "error bond 'bond0': it depends on itself: bond0 → bond0.100 → bond0\n");
  EXPECT_EQ(findings_of(HostState{{bond, port_of("bond0", BondPort{}, vlan("eth0.1", "eth0", 1))}}),
            "");
}

TEST(ValidateRelations, FindsCirclesOfVlansAndOfBridges) {
  EXPECT_EQ(findings_of(HostState{{vlan("a", "b", 1), vlan("b", "a", 2)}}),
            "error vlan 'b': parent: it depends on itself: b → a → b\n");
  const auto of = [](const char* name, const char* above) {
    return port_of(above, BridgePort{},
                   BridgeProfile{.name = name, .interface_name = name, .uuid = name});
  };
  const auto found = [&](const char* above_a, const char* above_b) {
    std::string circles;
    for (const auto& finding : validate(HostState{{of("br-a", above_a), of("br-b", above_b)}}))
      if (finding.severity == Severity::error) circles += finding.message + "\n";
    return circles;
  };
  EXPECT_EQ(found("br-b", "br-a"), "it depends on itself: br-b → br-a → br-b\n");
  EXPECT_EQ(found("br-b", "br-c"), "");
  const auto itself = with(kVlan, [](auto& p) { p.parent = p.uuid = std::string(36, '1'); });
  EXPECT_EQ(findings_of(itself),
            "error vlan 'eth0.100': parent: it depends on itself: eth0.100 → eth0.100\n");
}

TEST(ValidateRelations, FindsEveryCircleOnce) {
  HostState state{{vlan("a", "b", 1), vlan("b", "a", 2), vlan("c", "d", 3), vlan("d", "c", 4),
                   vlan("e", "d", 5), vlan("f", "e", 6)}};
  EXPECT_EQ(findings_of(state),
            "error vlan 'b': parent: it depends on itself: b → a → b\n"
            "error vlan 'd': parent: it depends on itself: d → c → d\n");
}

TEST(ValidateRelations, TakesANameOfAControllerForItsPort) {
  const BondProfile bond{.name = "uplink", .interface_name = "bond0"};
  EXPECT_EQ(findings_of(HostState{{bond_slave("uplink", "eth0", "uplink"), bond}}),
            "warning bond 'uplink': name: 'uplink' is also the name of ethernet 'uplink'\n");
}

TEST(ValidateRelations, RefusesTwoProfilesThatComeUpOnOneInterface) {
  const auto in_bond = bond_slave("eth0", "eth0", "bond0");
  const auto in_bridge = bridge_slave("eth0 of cloudbr0", "eth0", "cloudbr0");
  EXPECT_EQ(findings_of(HostState{{in_bond, in_bridge}}),
            "error ethernet 'eth0 of cloudbr0': interface_name: ethernet 'eth0' also comes up on "
            "'eth0': it would be "
            "a port of both 'bond0' and 'cloudbr0'\n");
  const auto dhcp = with(kNic, [](auto& p) { p.name = "Wired connection 1"; });
  const auto both = [&](const Profile& later) { return findings_of(HostState{{dhcp, later}}); };
  EXPECT_EQ(both(kNic),
            "error ethernet 'eth0': interface_name: ethernet 'Wired connection 1' also comes up on "
            "'eth0': one "
            "interface has one profile at a time\n");
  EXPECT_EQ(both(with(kNic, [](auto& p) { p.autoconnect_priority = 0; })), both(kNic));
  EXPECT_EQ(both(with(kNic, [](auto& p) { p.autoconnect_priority = 1; })), "");
  EXPECT_EQ(both(with(kNic, kOff)), "");
  EXPECT_EQ(findings_of(HostState{{with(dhcp, kOff), with(kNic, kOff)}}), "");
  // The same bond, by its uuid and by its interface.
  const BondProfile bond{.name = "bond0", .interface_name = "bond0", .uuid = "u-u-i-d"};
  EXPECT_EQ(findings_of(HostState{{bond, in_bond, bond_slave("other", "eth0", "u-u-i-d")}}),
            "error ethernet 'other': interface_name: ethernet 'eth0' also comes up on 'eth0': one "
            "interface has one "
            "profile at a time\n");
  // A VLAN without an interface_name gets this one.
  const auto unnamed = with(kVlan, [](auto& p) {
    p.name = "management";
    p.interface_name = "";
  });
  EXPECT_EQ(findings_of(HostState{{kVlan, unnamed}}),
            "error vlan 'management': interface_name: vlan 'eth0.100' also comes up on 'eth0.100': "
            "one interface has one "
            "profile at a time\n");
  // Two profiles with different MAC addresses are for two NICs.
  const auto by_mac = [](const char* name, const char* mac) {
    return EthernetProfile{.name = name, .mac_address = mac};
  };
  EXPECT_EQ(
      findings_of(HostState{{by_mac("a", "52:54:00:00:00:01"), by_mac("b", "52:54:00:00:00:02")}}),
      "");
}

TEST(ValidateRelations, RefusesAUuidTwiceAndWarnsOfANameTwice) {
  const auto first = with(kBridge, [](auto& p) { p.uuid = "u-u-i-d"; });
  const auto second = with(kNic, [](auto& p) { p.uuid = "u-u-i-d"; });
  EXPECT_EQ(findings_of(HostState{{first, second}}),
            "error ethernet 'eth0': uuid: 'u-u-i-d' is also the uuid of bridge 'cloudbr0'\n");
  EXPECT_EQ(findings_of(HostState{{first, kNic}}), "");
  const auto namesake = with(kNic, [](auto& p) { p.interface_name = "eth1"; });
  EXPECT_EQ(findings_of(HostState{{kNic, namesake}}),
            "warning ethernet 'eth0': name: 'eth0' is also the name of another ethernet 'eth0'\n");
  const auto nameless = with(kNic, [](auto& p) { p.name = ""; });
  const auto nameless_too = with(namesake, [](auto& p) { p.name = ""; });
  EXPECT_EQ(findings_of(HostState{{nameless, nameless_too}}),
            "error ethernet 'eth0': name: is empty\nerror ethernet 'eth1': name: is empty\n");
}

TEST(ValidateRelations, RefusesOneVlanByTwoInterfaces) {
  EXPECT_EQ(findings_of(HostState{{kVlan, vlan("mgmt", "eth0", 100)}}),
            "error vlan 'mgmt': id: vlan 'eth0.100' is VLAN 100 of 'eth0' already\n");
  // The same parent, by its uuid and by its interface.
  const std::string uuid(36, '1');
  const auto parent = with(kNic, [&](auto& p) { p.uuid = uuid; });
  EXPECT_EQ(findings_of(HostState{{parent, kVlan, vlan("mgmt", uuid.c_str(), 100)}}),
            "error vlan 'mgmt': id: vlan 'eth0.100' is VLAN 100 of 'eth0' already\n");
  EXPECT_EQ(findings_of(HostState{{kVlan, vlan("eth0.101", "eth0", 101)}}), "");
  EXPECT_EQ(findings_of(HostState{{kVlan, vlan("eth1.100", "eth1", 100)}}), "");
  const auto retired = with(kVlan, [](auto& p) {
    p.name = "old";
    p.autoconnect = false;
  });
  EXPECT_EQ(findings_of(HostState{{retired, kVlan}}), "");
  // Another VLAN has the interface now.
  const auto former = with(vlan("mgmt", "eth0", 100), [](auto& p) {
    p.name = "old";
    p.autoconnect = false;
  });
  EXPECT_EQ(findings_of(HostState{{former, vlan("mgmt", "eth0", 200), kVlan}}), "");
}

TEST(ValidateRelations, PutsAVlanOnTheBondAndNotOnItsPort) {
  const auto port = bond_slave("eth0", "eth0", "bond0");
  const auto findings = validate(HostState{{port, kVlan}});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, Severity::error);
  EXPECT_EQ(findings[0].subject, "vlan 'eth0.100'");
  EXPECT_EQ(findings[0].message, "'eth0' is a port of 'bond0'");
  EXPECT_EQ(findings[0].hint, "put it on the bond: its parent is 'bond0'");
  // The controller is the bond's name; the parent in the hint is its interface.
  const BondProfile bond{.name = "uplink", .interface_name = "bond0"};
  auto portless = kNic;
  portless.controller = "uplink";
  EXPECT_EQ(findings_of(HostState{{bond, portless, kVlan}}),
            "error vlan 'eth0.100': parent: 'eth0' is a port of 'bond0'\n");
  EXPECT_EQ(findings_of(HostState{{bond, port, vlan("bond0.100", "bond0", 100)}}), "");
  EXPECT_EQ(findings_of(HostState{{bridge_slave("eth0", "eth0", "cloudbr1"), kVlan}}), "");
  // The NIC is no longer in the bond.
  const auto retired = with(port, [](auto& p) {
    p.name = "was";
    p.autoconnect = false;
  });
  EXPECT_EQ(findings_of(HostState{{retired, kNic, kVlan}}), "");
}

TEST(ValidateRelations, WarnsOfAVlanInTheSameBridgeAsItsParent) {
  const auto port = bridge_slave("eth0", "eth0", "cloudbr0");
  EXPECT_EQ(findings_of(HostState{{kBridge, port_of("cloudbr0", BridgePort{}, kVlan), port}}),
            "warning vlan 'eth0.100': controller: 'cloudbr0' has the parent 'eth0' as a port, too: "
            "VLAN 100 and "
            "the untagged network become one\n");
  EXPECT_EQ(findings_of(HostState{{port_of("cloudbr1", BridgePort{}, kVlan), port}}), "");
}

TEST(ValidateRelations, TakesTheMtuOfTheParentsProfileThatCounts) {
  const auto jumbo = with(kNic, [](auto& p) { p.mtu = 9000; });
  const auto old = with(kNic, [](auto& p) {
    p.name = "old";
    p.mtu = 1500;
    p.autoconnect = false;
  });
  EXPECT_EQ(findings_of(HostState{{old, jumbo, with(kVlan, [](auto& p) { p.mtu = 9000; })}}), "");
}

}  // namespace
}  // namespace csnet
