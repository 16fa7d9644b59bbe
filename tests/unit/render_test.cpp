#include "nm/libnm.hpp"

#include <csnet/error.hpp>
#include <csnet/management_network.hpp>
#include <csnet/render.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace csnet {
namespace {

const std::filesystem::path keyfiles = CSNET_GOLDEN_KEYFILES;

/// libnm 1.52 and later write a few keyfiles differently: these have files of their own in
/// keyfiles/1.52.
std::filesystem::path golden_file(const std::string& name) {
  const auto newer = keyfiles / "1.52" / name;
  return nm_utils_version() >= NM_ENCODE_VERSION(1, 52, 0) && exists(newer) ? newer
                                                                            : keyfiles / name;
}

nm::ConnectionPtr read(const std::filesystem::path& path) {
  const nm::KeyFilePtr file(g_key_file_new());
  EXPECT_NE(g_key_file_load_from_file(file.get(), path.c_str(), G_KEY_FILE_NONE, nullptr), FALSE)
      << path;
  return nm::ConnectionPtr(
      nm_keyfile_read(file.get(), "/", NM_KEYFILE_HANDLER_FLAGS_NONE, nullptr, nullptr, nullptr));
}

/// Compares the text with its golden file; CSNET_UPDATE_GOLDEN=1 writes the file instead.
void expect_golden(const std::string& name, const Profile& profile) {
  const auto path = golden_file(name + ".nmconnection");
  const auto text = render(profile);
  if (std::getenv("CSNET_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << text;
    return;
  }
  std::stringstream golden;
  golden << std::ifstream(path).rdbuf();
  EXPECT_EQ(text, golden.str()) << path;
}

TEST(Render, WritesEveryTypeAsNetworkManagerDoes) {
  expect_golden("bridge", BridgeProfile{.name = "cloudbr0", .interface_name = "cloudbr0"});
  expect_golden("bridge-every-field",
                BridgeProfile{.name = "cloudbr0",
                              .interface_name = "cloudbr0",
                              .autoconnect = false,
                              .autoconnect_priority = 5,
                              .zone = "trusted",
                              .mtu = 1400,
                              .ipv4 = Ip4Config{.method = "manual",
                                                .addresses = {{"192.168.100.10/24"}},
                                                .gateway = "192.168.100.1",
                                                .routes = {{"10.0.0.0/8 192.168.100.254 100"}},
                                                .dns = {{"192.168.100.53"}},
                                                .dns_search = {{"example.com"}},
                                                .route_metric = 50,
                                                .may_fail = false,
                                                .dad_timeout = 200},
                              .ipv6 = Ip6Config{.method = "manual",
                                                .addresses = {{"2001:db8::10/64"}},
                                                .gateway = "2001:db8::1"},
                              .stp = false,
                              .priority = 4096,
                              .forward_delay = 4,
                              .hello_time = 1,
                              .max_age = 10,
                              .ageing_time = 100,
                              .mac_address = "52:54:00:12:34:56",
                              .vlan_filtering = true,
                              .multicast_snooping = false,
                              .group_forward_mask = 8});
  expect_golden("bridge-slave",
                bridge_slave("eth0.100", "eth0.100", "cloudbr0",
                             {.priority = 10, .path_cost = 20, .hairpin_mode = true}));
  expect_golden("vlan", VlanProfile{.name = "eth0.100",
                                    .interface_name = "eth0.100",
                                    .mtu = 1400,
                                    .parent = "eth0",
                                    .id = 100,
                                    .flags = 1,
                                    .ingress_priority_map = {{{0, 1}, {2, 3}}},
                                    .egress_priority_map = {{{4, 5}}}});
  expect_golden("vlan-port", VlanProfile{.name = "eth0.100",
                                         .interface_name = "eth0.100",
                                         .controller = "cloudbr0",
                                         .port = BridgePort{},
                                         .parent = "eth0",
                                         .id = 100});
  expect_golden("bond", BondProfile{.name = "bond0",
                                    .interface_name = "bond0",
                                    .mode = "802.3ad",
                                    .options = {{{"lacp_rate", "fast"},
                                                 {"miimon", "100"},
                                                 {"xmit_hash_policy", "layer3+4"}}}});
  expect_golden("bond-slave", bond_slave("eth0", "eth0", "bond0", {.queue_id = 2}));
  expect_golden("ethernet", EthernetProfile{.name = "eth0",
                                            .interface_name = "eth0",
                                            .cloned_mac_address = "stable",
                                            .ipv4 = Ip4Config{.method = "disabled"},
                                            .ipv6 = Ip6Config{.method = "disabled"},
                                            .mac_address = "52:54:00:12:34:56",
                                            .coalesce = {{{"rx-usecs", 50}}}});
}

TEST(Render, MeansTheSameWhicheverLibnmWritesAndReads) {
  for (const auto& entry : std::filesystem::directory_iterator(keyfiles / "1.52")) {
    const auto newer = read(entry.path());
    const auto older = read(keyfiles / entry.path().filename());
    ASSERT_TRUE(newer && older) << entry.path();
    EXPECT_NE(nm_connection_compare(newer.get(), older.get(), NM_SETTING_COMPARE_FLAG_EXACT), FALSE)
        << entry.path();
  }
}

TEST(Render, GivesTheSameTextEachTime) {
  const BridgeProfile bridge{.name = "cloudbr0", .interface_name = "cloudbr0"};
  EXPECT_EQ(render(bridge), render(bridge));
  auto other = bridge;
  other.name = "cloudbr1";
  EXPECT_NE(render(bridge), render(other));
}

TEST(Render, KeepsAUuidThatIsGiven) {
  const BridgeProfile bridge{
      .name = "b", .interface_name = "b", .uuid = "6fbff4f0-0a6c-4c45-8d7f-1b16ae7c9d11"};
  EXPECT_NE(render(bridge).find("uuid=6fbff4f0-0a6c-4c45-8d7f-1b16ae7c9d11"), std::string::npos);
}

TEST(Render, RefusesABadProfile) {
  EXPECT_THROW(static_cast<void>(render(VlanProfile{.name = "v", .parent = "eth0", .id = 4095})),
               Error);
}

TEST(Render, NeedsToKnowWhatKindOfPortItIs) {
  EXPECT_THROW(static_cast<void>(render(
                   EthernetProfile{.name = "e", .interface_name = "eth0", .controller = "br0"})),
               Error);
}

}  // namespace
}  // namespace csnet
