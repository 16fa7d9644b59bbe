#include "nm/convert.hpp"
#include "nm/property.hpp"

#include <csnet/error.hpp>
#include <csnet/print.hpp>

#include <gtest/gtest.h>

namespace csnet::nm {
namespace {

template <class Codec, class Value>
concept Converts = requires(NMConnection* connection, const Value& value) {
  write_property(Codec{}, connection, "", value);
};
template <class Value>
using Map = std::optional<std::map<std::string, Value>>;

// A map of options is written by the codec of its own setting alone: a field without one does not compile.
static_assert(Converts<codec::Coalesce, Map<std::uint32_t>>);
static_assert(!Converts<codec::Property, Map<std::uint32_t>>);
static_assert(!Converts<codec::BondOptions, Map<std::uint32_t>>);
static_assert(Converts<codec::BondOptions, Map<std::string>>);
static_assert(!Converts<codec::Property, Map<std::string>>);
static_assert(!Converts<codec::Property, std::optional<std::map<std::uint32_t, std::uint32_t>>>);
static_assert(!Converts<codec::Property, std::optional<std::vector<Cidr>>>);
static_assert(!Converts<codec::Property, std::optional<std::vector<Route>>>);

/// Converts to libnm and back, which must keep every mentioned field.
Profile there_and_back(const Profile& profile) {
  const auto connection = make_connection(profile);
  const auto read = read_profile(connection.get());
  EXPECT_TRUE(read);
  return read.value_or(BridgeProfile{});
}

void expect_kept(const Profile& profile) {
  const auto read = there_and_back(profile);
  EXPECT_EQ(merge(read, profile), read) << fmt::format("{}", profile);
}

TEST(Convert, KeepsEveryFieldOfABridge) {
  expect_kept(
      BridgeProfile{.name = "b",
                    .interface_name = "br0",
                    .autoconnect = false,
                    .autoconnect_priority = -7,
                    .zone = "trusted",
                    .mtu = 1400,
                    .ipv4 = Ip4Config{.method = "manual",
                                      .addresses = {{"10.0.0.1/8", "10.0.0.2/8"}},
                                      .gateway = "10.0.0.9",
                                      .routes = {{"172.16.0.0/12 10.0.0.3 5", "172.32.0.0/16"}},
                                      .dns = {{"10.0.0.53"}},
                                      .dns_search = {{"example.com"}},
                                      .route_metric = 425,
                                      .never_default = false,
                                      .may_fail = false,
                                      .dad_timeout = 500},
                    .ipv6 = Ip6Config{.method = "manual",
                                      .addresses = {{"2001:db8::1/64"}},
                                      .routes = {{"2001:db8:1::/48 fe80::1"}}},
                    .stp = true,
                    .priority = 4096,
                    .forward_delay = 4,
                    .hello_time = 1,
                    .max_age = 10,
                    .ageing_time = 100,
                    .mac_address = "52:54:00:00:00:01",
                    .vlan_filtering = true,
                    .multicast_snooping = false,
                    .group_forward_mask = 8});
}

TEST(Convert, KeepsEveryFieldOfAVlan) {
  expect_kept(VlanProfile{.name = "v",
                          .interface_name = "eth0.100",
                          .controller = "br0",
                          .port = BridgePort{.priority = 10, .path_cost = 20, .hairpin_mode = true},
                          .mtu = 1400,
                          .parent = "eth0",
                          .id = 100,
                          .flags = 5,
                          .ingress_priority_map = {{{0, 1}, {2, 3}}},
                          .egress_priority_map = {{{4, 5}}}});
}

TEST(Convert, KeepsEveryFieldOfABond) {
  expect_kept(BondProfile{
      .name = "b",
      .interface_name = "bond0",
      .mode = "802.3ad",
      .options = {{{"lacp_rate", "fast"}, {"miimon", "100"}, {"xmit_hash_policy", "layer3+4"}}}});
}

TEST(Convert, KeepsEveryFieldOfANic) {
  expect_kept(EthernetProfile{.name = "e",
                              .interface_name = "eth0",
                              .cloned_mac_address = "52:54:00:00:00:02",
                              .mac_address = "52:54:00:00:00:01",
                              .coalesce = {{{"adaptive-rx", 1}, {"rx-usecs", 50}}}});
  expect_kept(bond_slave("e", "eth0", "bond0", {.queue_id = 2}));
}

TEST(Convert, GivesAUuidToAProfileWithoutOne) {
  EXPECT_EQ(there_and_back(BridgeProfile{.name = "b", .interface_name = "br0"}).uuid().size(), 36U);
}

TEST(Convert, LeavesAloneWhatIsNotMentioned) {
  const auto connection =
      make_connection(BridgeProfile{.name = "b", .interface_name = "br0", .priority = 4096});
  auto* bridge = nm_connection_get_setting_bridge(connection.get());
  g_object_set(bridge, NM_SETTING_BRIDGE_MULTICAST_QUERIER, TRUE,
               nullptr);  // csnet has no field for it
  write_profile(connection.get(), BridgeProfile{.stp = false});
  EXPECT_EQ(nm_setting_bridge_get_priority(bridge), 4096);
  EXPECT_NE(nm_setting_bridge_get_multicast_querier(bridge), FALSE);
  EXPECT_EQ(nm_setting_bridge_get_stp(bridge), FALSE);
}

TEST(Convert, ReplacesBondOptionsButKeepsTheMode) {
  const auto connection = make_connection(BondProfile{.name = "b",
                                                      .interface_name = "bond0",
                                                      .mode = "802.3ad",
                                                      .options = {{{"lacp_rate", "fast"}}}});
  write_profile(connection.get(), BondProfile{.options = {{{"miimon", "50"}}}});
  const auto read = *read_profile(connection.get())->get_if<BondProfile>();
  EXPECT_EQ(read.mode, "802.3ad");
  EXPECT_EQ(read.options, (std::map<std::string, std::string>{{"miimon", "50"}}));
}

TEST(Convert, DetachesAPort) {
  const auto connection = make_connection(bridge_slave("e", "eth0", "br0"));
  write_profile(connection.get(), EthernetProfile{.controller = ""});
  normalize(connection.get(), "ethernet 'e'");
  const auto read = *read_profile(connection.get())->get_if<EthernetProfile>();
  EXPECT_FALSE(read.controller);
  EXPECT_FALSE(read.port);
}

TEST(Convert, SaysLibnmsWordsWhenItRefuses) {
  try {
    static_cast<void>(make_connection(
        BondProfile{.name = "b", .interface_name = "bond0", .options = {{{"miimon", "often"}}}}));
    FAIL() << "a bond option was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
  }
}

TEST(Convert, SendsNoNameThatAnOlderDaemonDoesNotKnow) {
  const auto variant = to_variant(make_connection(bridge_slave("e", "eth0", "br0")).get());
  const auto connection = take(g_variant_lookup_value(variant.get(), "connection", nullptr));
  ASSERT_TRUE(connection);
  for (const char* key : {"controller", "port-type", "autoconnect-ports"}) {
    EXPECT_FALSE(take(g_variant_lookup_value(connection.get(), key, nullptr))) << key;
  }
  EXPECT_TRUE(take(g_variant_lookup_value(connection.get(), "master", nullptr)));
}

TEST(Convert, HasNoProfileForOtherTypes) {
  const ConnectionPtr connection(nm_simple_connection_new());
  auto* setting = nm_setting_connection_new();
  g_object_set(setting, NM_SETTING_CONNECTION_TYPE, "802-11-wireless", nullptr);
  nm_connection_add_setting(connection.get(), setting);
  EXPECT_FALSE(read_profile(connection.get()));
}

}  // namespace
}  // namespace csnet::nm
