#include "validate_test.hpp"

#include <csnet/error.hpp>
#include <csnet/fields.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace csnet {
namespace {

TEST(Validate, FindsNothingInGoodProfiles) {
  EXPECT_EQ(findings_of(HostState{{kBridge, kVlan, kNic}}), "");
}

TEST(Validate, RefusesNumbersThatAreNoVlan) {
  for (const auto id : {0U, 4095U, 100000U}) {
    EXPECT_EQ(
        findings_of(with(kVlan, [&](auto& p) { p.id = id; })),
        "error vlan 'eth0.100': id: " + std::to_string(id) + " is not a VLAN id (1 to 4094)\n");
  }
  EXPECT_EQ(findings_of(with(kVlan, [](auto& p) { p.id = 4094; })), "");
  EXPECT_EQ(findings_of(with(kVlan, [](auto& p) { p.id.reset(); })),
            "error vlan 'eth0.100': id: is missing\n");
}

TEST(Validate, RefusesNamesThatTheKernelDoesNotTake) {
  const auto named = [](const char* name) {
    return findings_of(with(kBridge, [&](auto& p) { p.interface_name = name; }));
  };
  EXPECT_EQ(named(""), "error bridge 'cloudbr0': interface_name: is empty\n");
  EXPECT_EQ(named("sixteen-bytes-xx"),
            "error bridge 'cloudbr0': interface_name: 'sixteen-bytes-xx' has 16 bytes: the kernel "
            "takes 15 at most\n");
  EXPECT_EQ(named("fifteen-bytes-x"), "");
  EXPECT_EQ(named("a/b"), "error bridge 'cloudbr0': interface_name: 'a/b' contains '/'\n");
  EXPECT_EQ(named("a b"), "error bridge 'cloudbr0': interface_name: 'a b' contains white space\n");
  EXPECT_EQ(named("."),
            "error bridge 'cloudbr0': interface_name: '.' is not a name that the kernel takes\n");
  EXPECT_EQ(named(".."),
            "error bridge 'cloudbr0': interface_name: '..' is not a name that the kernel takes\n");
  EXPECT_EQ(findings_of(with(kBridge, [](auto& p) { p.name = ""; })),
            "error bridge 'cloudbr0': name: is empty\n");
}

TEST(Validate, RefusesAClonedAddressThatIsNoneForEveryType) {
  const auto cloned = [](auto profile) {
    return [profile](const char* text) {
      return findings_of(with(profile, [&](auto& p) { p.cloned_mac_address = text; }));
    };
  };
  const BondProfile bond{.name = "bond0", .interface_name = "bond0"};
  EXPECT_EQ(cloned(kBridge)("52:54"),
            "error bridge 'cloudbr0': cloned_mac_address: '52:54' is not an Ethernet address\n");
  EXPECT_EQ(cloned(kVlan)("52:54"),
            "error vlan 'eth0.100': cloned_mac_address: '52:54' is not an Ethernet address\n");
  EXPECT_EQ(cloned(bond)("own"),
            "error bond 'bond0': cloned_mac_address: 'own' is not an Ethernet address\n");
  EXPECT_EQ(cloned(kNic)("own"),
            "error ethernet 'eth0': cloned_mac_address: 'own' is not an Ethernet address\n");
  for (const auto* right : {"", "preserve", "permanent", "random", "stable", "52-54-00-ab-cd-ef"})
    EXPECT_EQ(cloned(kBridge)(right) + cloned(kVlan)(right) + cloned(bond)(right), "") << right;
}

TEST(Validate, RefusesEveryResetOfWhatIsNoField) {
  const auto reset = [](auto profile, const std::vector<std::string>& fields) {
    return findings_of(with(profile, [&](auto& p) { p.reset = fields; }));
  };
  EXPECT_EQ(
      reset(kBridge, {"sttp", "mtu", "ipv4.gatway"}),
      "error bridge 'cloudbr0': reset[0]: reset names 'sttp', and there is no such field\n"
      "error bridge 'cloudbr0': reset[2]: reset names 'ipv4.gatway', and there is no such field\n");
  EXPECT_EQ(reset(kNic, {"stp", "", "."}),
            "error ethernet 'eth0': reset[0]: reset names 'stp', and there is no such field\n"
            "error ethernet 'eth0': reset[1]: reset names '', and there is no such field\n"
            "error ethernet 'eth0': reset[2]: reset names '.', and there is no such field\n");
  EXPECT_EQ(reset(kBridge, {"stp", "ipv4", "ipv6.dns", "port.priority", "port.queue_id",
                            "controller", "cloned_mac_address"}),
            "");
}

TEST(Validate, SuggestsTheWordThatWasMeant) {
  const BondProfile bond{.name = "bond0",
                         .interface_name = "bond0",
                         .mode = "802.3da",
                         .options = {{{"mimon", "100"}}}};
  const auto findings = validate(HostState{{bond}});
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].message, "NetworkManager has no mode '802.3da'");
  EXPECT_EQ(findings[0].hint, "did you mean '802.3ad'?");
  EXPECT_EQ(findings[1].message, "the kernel has no option 'mimon'");
  EXPECT_EQ(findings[1].hint, "did you mean 'miimon'?");
}

TEST(Validate, TakesBondModesByNumber) {
  EXPECT_EQ(findings_of(BondProfile{.name = "b", .interface_name = "b", .mode = "4"}), "");
  EXPECT_NE(findings_of(BondProfile{.name = "b", .interface_name = "b", .mode = "7"}), "");
}

TEST(Validate, TakesAnyLinkLocalGatewayOfIpv6) {
  const auto gateway = [](const char* text) {
    return findings_of(with(kBridge, [&](auto& p) {
      p.ipv6 = Ip6Config{.method = "manual", .addresses = {{"2001:db8::10/64"}}, .gateway = text};
    }));
  };
  for (const auto* text : {"fe80::1", "FE80::1", "fe90::1", "febf:ffff::1"})
    EXPECT_EQ(gateway(text), "") << text;
  for (const auto* text : {"fec0::1", "fe7f::1", "ff80::1", "2001:db8:1::1"})
    EXPECT_NE(gateway(text).find("is outside"), std::string::npos) << text;
}

TEST(Validate, HoldsAGatewayToItsSubnet) {
  const auto gateway = [](const char* address) {
    return findings_of(with(kBridge, [&](auto& p) {
      p.ipv4 =
          Ip4Config{.method = "manual", .addresses = {{"192.168.100.10/24"}}, .gateway = address};
    }));
  };
  EXPECT_EQ(gateway("192.168.100.1"), "");
  EXPECT_EQ(gateway("192.168.101.1"),
            "error bridge 'cloudbr0': ipv4.gateway: 192.168.101.1 is outside 192.168.100.10/24\n");
  EXPECT_EQ(
      gateway("192.168.100.10"),
      "error bridge 'cloudbr0': ipv4.gateway: 192.168.100.10 is the interface's own address\n");
  EXPECT_EQ(gateway("2001:db8::1"),
            "error bridge 'cloudbr0': ipv4.gateway: 2001:db8::1 is not an IPv4 address\n");
  EXPECT_EQ(
      findings_of(with(kBridge, [](auto& p) { p.ipv4 = Ip4Config{.gateway = "192.168.100.1"}; })),
      "error bridge 'cloudbr0': ipv4.gateway: 192.168.100.1 is set without a static address\n");
}

TEST(Validate, RefusesAnIpMethodWithoutItsAddressesOrAgainstThem) {
  const auto ip = [](Ip4Config config) {
    return findings_of(with(kBridge, [&](auto& p) { p.ipv4 = config; }));
  };
  EXPECT_EQ(ip({.method = "manual"}),
            "error bridge 'cloudbr0': ipv4.method: is manual without an address\n");
  EXPECT_EQ(ip({.method = "disabled", .addresses = {{"10.0.0.1/8"}}}),
            "error bridge 'cloudbr0': ipv4.method: is disabled with addresses\n");
  EXPECT_EQ(ip({.method = "static"}),
            "error bridge 'cloudbr0': ipv4.method: NetworkManager has no method 'static'\n");
  EXPECT_EQ(ip({.dns = {{"resolver"}}}),
            "error bridge 'cloudbr0': ipv4.dns[0]: 'resolver' is not an IP address\n");
}

TEST(Validate, RefusesAVlansMtuAboveItsParents) {
  const auto nic = with(kNic, [](auto& p) { p.mtu = 1500; });
  const auto vlan = with(kVlan, [](auto& p) { p.mtu = 9000; });
  EXPECT_EQ(findings_of(HostState{{vlan, nic}}),
            "error vlan 'eth0.100': mtu: 9000 is above its parent's 1500\n");
  EXPECT_EQ(findings_of(HostState{{vlan, kNic}}),
            "warning vlan 'eth0.100': mtu: 9000 is above the kernel's default of 1500, and "
            "ethernet 'eth0' has no MTU\n");
  EXPECT_EQ(findings_of(HostState{{vlan}}), "");
}

TEST(Validate, KnowsWhatAPortNeeds) {
  EXPECT_EQ(findings_of(with(kNic, [](auto& p) { p.port = BridgePort{}; })),
            "error ethernet 'eth0': port: is set without a controller\n");
  EXPECT_EQ(findings_of(with(kNic,
                             [](auto& p) {
                               p.controller = "eth0";
                               p.port = BondPort{};
                             })),
            "error ethernet 'eth0': controller: 'eth0' is the profile's own interface\n");
  const auto port = bridge_slave("eth0", "eth0", "eth0.100");
  EXPECT_EQ(findings_of(HostState{{kVlan, port}}),
            "error ethernet 'eth0': controller: 'eth0.100' is vlan 'eth0.100', and neither "
            "a bridge nor a bond\n");
  EXPECT_EQ(findings_of(HostState{{kBridge, bond_slave("eth0", "eth0", "cloudbr0")}}),
            "error ethernet 'eth0': controller: is bridge 'cloudbr0', and this is a bond port\n");
  EXPECT_EQ(findings_of(with(port, [](auto& p) { p.ipv4 = Ip4Config{}; })),
            "error ethernet 'eth0': ipv4: a port has no IP configuration\n");
}

TEST(Validate, TakesTheControllerThatHasSuchPortsWhenTwoBearTheName) {
  const BondProfile bond{.name = "uplink", .interface_name = "bond0"};
  const BridgeProfile bridge{.name = "uplink", .interface_name = "br0"};
  EXPECT_EQ(findings_of(HostState{{bond, bridge, bridge_slave("eth1", "eth1", "uplink")}}),
            "warning bridge 'uplink': name: 'uplink' is also the name of bond 'uplink'\n");
}

TEST(Validate, WarnsOfNamesThatCloudStackCannotUse) {
  const auto vlan = with(kVlan, [](auto& p) {
    p.parent = "enp129s0f1";
    p.id = 1000;
  });
  EXPECT_EQ(findings_of(vlan),
            "warning vlan 'eth0.100': parent: 'enp129s0f1' is longer than 8 bytes: CloudStack's "
            "guest bridge "
            "'brenp129s0f1-1000' would have more than 15\n");
  const auto port = [](const char* name) {
    return findings_of(bridge_slave(name, name, "cloudbr0"));
  };
  for (const char* name :
       {"eth0", "bond0.100", "eno1", "enp3s0f1", "p1p1", "p12p3", "team0", "vlan100", "dummy0"}) {
    EXPECT_EQ(port(name), "") << name;
  }
  for (const char* name : {"nic0", "wan", "p1", "pp1", "mgmt0", "uplink"}) {
    EXPECT_NE(port(name).find("warning ethernet '" + std::string(name) +
                              "': interface_name: CloudStack's agent does not recognise"),
              std::string::npos)
        << name;
  }
}

/// Checks a number just outside the range of each field, at each end.
template <class T>
void expect_ranges(auto&& findings_of) {
  for_each_field<T>([&](const auto& field) {
    using Member = std::remove_cvref_t<decltype(std::declval<T>().*field.member)>;
    if constexpr (requires(Member m) {
                    requires std::is_integral_v<typename Member::value_type>;
                    m.has_value();
                  }) {
      using Number = typename Member::value_type;
      if constexpr (!std::is_same_v<Number, bool>) {
        for (const auto outside : {field.range.min - 1, field.range.max + 1}) {
          if (!std::in_range<Number>(outside)) continue;
          T value{};
          value.*field.member = static_cast<Number>(outside);
          const auto found = findings_of(value);
          EXPECT_NE(found.find(std::to_string(outside)), std::string::npos)
              << type_name<T> << "." << field.name << ": " << found;
        }
      }
    }
  });
}

TEST(Validate, HoldsEveryNumberToItsRange) {
  const auto of_profile = [](auto profile) { return findings_of(profile); };
  expect_ranges<BridgeProfile>(of_profile);
  expect_ranges<VlanProfile>(of_profile);
  expect_ranges<BondProfile>(of_profile);
  expect_ranges<EthernetProfile>(of_profile);
  expect_ranges<BridgePort>(
      [](BridgePort port) { return findings_of(bridge_slave("eth0", "eth0", "br0", port)); });
  expect_ranges<BondPort>(
      [](BondPort port) { return findings_of(bond_slave("eth0", "eth0", "bond0", port)); });
  expect_ranges<Ip4Config>([](Ip4Config ip) { return findings_of(BridgeProfile{.ipv4 = ip}); });
  expect_ranges<Ip6Config>([](Ip6Config ip) { return findings_of(BridgeProfile{.ipv6 = ip}); });
}

TEST(Validate, RefusesToRemoveWhatIsWanted) {
  const auto wanted = with(kVlan, [](auto& p) {
    p.name = "management";
    p.uuid = "u-u-i-d";
  });
  EXPECT_EQ(findings_of(Request{.wanted = {{wanted}},
                                .remove = {"u-u-i-d", "eth0", "management", "eth0.100", ""}}),
            "error remove 'u-u-i-d': is also wanted, by vlan 'management'\n"
            "error remove 'management': is also wanted, by vlan 'management'\n"
            "error remove 'eth0.100': is also wanted, by vlan 'management'\n"
            "error remove '': is empty\n");
}

TEST(Validate, KnowsWhatAProbeNeeds) {
  const auto found = [](Probe probe) { return findings_of(Request{.probes = {std::move(probe)}}); };
  const auto tcp = [&](const std::string& target) {
    return found({.type = ProbeType::tcp, .target = target});
  };
  EXPECT_EQ(tcp("192.168.100.2:8250"), "");
  EXPECT_EQ(tcp("[fd00::2]:65535"), "");
  EXPECT_EQ(tcp(""), "error probe 'tcp ': target: is empty\n");
  for (const std::string target :
       {"192.168.100.2", "fd00::2", "fd00::2:8250", "[192.168.100.2]:8250", "[fd00::2]8250",
        "[fd00::2]", "mgmt:8250", ":8250", "[]:8250", "[:8250", "192.168.100.2/24:8250"}) {
    EXPECT_EQ(tcp(target),
              fmt::format("error probe 'tcp {0}': target: '{0}' is not ADDRESS:PORT\n", target));
  }
  for (const std::string port : {"0", "65536", "", "-1", "+1", "82x", " 1"}) {
    EXPECT_EQ(
        tcp("1.2.3.4:" + port),
        fmt::format("error probe 'tcp 1.2.3.4:{0}': target: '{0}' is not a port (1 to 65535)\n",
                    port));
  }
  EXPECT_EQ(found({.type = ProbeType::arp, .target = "192.168.100.1"}), "");
  EXPECT_EQ(found({.type = ProbeType::arp, .target = "fd00::1"}),
            "error probe 'arp fd00::1': target: 'fd00::1' is not an IPv4 address\n");
  EXPECT_EQ(found({.type = ProbeType::arp, .target = "router"}),
            "error probe 'arp router': target: 'router' is not an IPv4 address\n");
  EXPECT_EQ(found({.type = ProbeType::command, .target = "ping -c1 mgmt && true"}), "");
  EXPECT_EQ(found({.type = ProbeType::command}), "error probe 'command ': target: is empty\n");
  EXPECT_EQ(found({.type = ProbeType::command, .target = std::string("a\0b", 3)}),
            "error probe 'command a\\0b': target: contains a NUL\n");
  EXPECT_EQ(found({.type = ProbeType::arp, .target = "10.0.0.1", .interface_name = "cloud br0"}),
            "error probe 'arp 10.0.0.1': interface_name: 'cloud br0' contains white space\n");
  EXPECT_EQ(found({.type = ProbeType::arp, .target = "10.0.0.1", .interface_name = "cloudbr0"}),
            "");
}

TEST(Validate, SaysItInTheProfilesOrderThenRemovalsThenProbes) {
  const auto bad = with(kBridge, [](auto& p) { p.max_age = 1000; });
  EXPECT_EQ(
      findings_of(Request{.wanted = {{nic("eth0", "10.0.0.1/24"), vlan("mgmt", "eth0", 1),
                                      nic("eth1", "10.0.0.1/24"), vlan("eth0.1", "eth0", 1), bad}},
                          .remove = {""},
                          .probes = {{.type = ProbeType::tcp}}}),
      "error ethernet 'eth1': ipv4.addresses[0]: 10.0.0.1 is also an address of ethernet 'eth0'\n"
      "error vlan 'eth0.1': id: vlan 'mgmt' is VLAN 1 of 'eth0' already\n"
      "error bridge 'cloudbr0': max_age: 1000 is out of range (0 to 40)\n"
      "error remove '': is empty\n"
      "error probe 'tcp ': target: is empty\n");
}

TEST(Validate, TakesAHostOf10000Profiles) {
  HostState state;
  for (unsigned i = 0; i < 3333; ++i) {
    const auto number = std::to_string(i);
    const auto parent = "p" + std::to_string(i / 4000);
    BridgeProfile bridge{.name = "br" + number, .interface_name = "br" + number};
    bridge.ipv4 = Ip4Config{
        .method = "manual",
        .addresses = {{"10." + std::to_string(i / 256) + "." + std::to_string(i % 256) + ".1/24"}}};
    state.profiles.emplace_back(bridge);
    state.profiles.emplace_back(bridge_slave("eth" + number, "eth" + number, "br" + number));
    state.profiles.emplace_back(port_of(bridge.name.c_str(), BridgePort{},
                                        vlan(("vlan" + number).c_str(), parent.c_str(), i + 1)));
  }
  state.profiles.emplace_back(EthernetProfile{.name = "p0", .interface_name = "p0"});
  ASSERT_EQ(state.profiles.size(), 10000U);
  EXPECT_EQ(findings_of(state), "");
  // A problem between the first and the last profile is found, too.
  state.profiles.emplace_back(nic("last", "10.0.0.1/24"));
  EXPECT_EQ(
      findings_of(state),
      "error ethernet 'last': ipv4.addresses[0]: 10.0.0.1 is also an address of bridge 'br0'\n");
}

TEST(Validate, WalksALongChainAndAWideCrowd) {
  HostState state;
  for (int i = 0; i < 10000; ++i) {
    const auto parent = "v" + std::to_string(i == 0 ? 9999 : i - 1);
    state.profiles.emplace_back(vlan(("v" + std::to_string(i)).c_str(), parent.c_str(), 1));
  }
  const auto circle = validate(state);
  ASSERT_EQ(circle.size(), 1U);
  EXPECT_TRUE(circle[0].message.starts_with("it depends on itself: v9999 → v9998 → "));
  // All have one name, one network and a gateway: each later profile has each problem once.
  state.profiles.clear();
  for (int i = 0; i < 10000; ++i) {
    auto crowd =
        nic("crowd",
            ("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 2) + "/8").c_str(),
            "10.255.0.1");
    crowd.interface_name = "eth" + std::to_string(i);
    state.profiles.emplace_back(crowd);
  }
  EXPECT_EQ(validate(state).size(), 3U * 9999U);
}

TEST(ThrowIfInvalid, ThrowsTheFirstErrorAndNamesTheOthers) {
  const auto findings = validate(HostState{{with(kVlan, [](auto& p) {
    p.id = 0;
    p.name = "";
  })}});
  try {
    throw_if_invalid(findings);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_STREQ(error.what(), "vlan 'eth0.100': name: is empty");
    EXPECT_NE(error.hint().find("also: vlan 'eth0.100': id: 0 is not a VLAN id"),
              std::string::npos);
  }
  EXPECT_NO_THROW(throw_if_invalid(std::vector{Finding{.severity = Severity::warning}}));
}

}  // namespace
}  // namespace csnet
