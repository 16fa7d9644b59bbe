/// The work of seed.sh, by csnet in a C++ program.

#include <csnet/csnet.hpp>

#include <cstdio>
#include <vector>

int main() try {
  const std::vector<csnet::Profile> profiles = {
      csnet::BridgeProfile{
          .name = "cloudbr0",
          .interface_name = "cloudbr0",
          .autoconnect = false,
          .ipv4 = csnet::Ip4Config{.method = "manual", .addresses = {{"192.168.100.10/24"}}}},
      csnet::VlanProfile{.name = "eth0.100",
                         .interface_name = "eth0.100",
                         .autoconnect = false,
                         .controller = "cloudbr0",
                         .port = csnet::BridgePort{},
                         .parent = "eth0",
                         .id = 100},
      csnet::EthernetProfile{.name = "eth0",
                             .interface_name = "eth0",
                             .autoconnect = false,
                             .ipv4 = csnet::Ip4Config{.method = "disabled"},
                             .ipv6 = csnet::Ip6Config{.method = "disabled"}}};
  csnet::Session host;
  host.add_all(profiles);
  return 0;
} catch (const csnet::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
