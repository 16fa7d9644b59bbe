/// The work of seed_up.sh, by csnet in a C++ program.

#include <csnet/csnet.hpp>
#include <csnet/session_options.hpp>

#include <cstdio>
#include <cstring>
#include <vector>

int main(int argc, char** argv) try {
  std::vector<csnet::Profile> profiles = {csnet::BridgeProfile{
      .name = "cloudbr0",
      .interface_name = "cloudbr0",
      .autoconnect = false,
      .ipv4 = csnet::Ip4Config{.method = "manual", .addresses = {{"192.168.100.10/24"}}},
      .stp = false}};
  if (argc > 1 && std::strcmp(argv[1], "1") == 0) {
    profiles.emplace_back(csnet::VlanProfile{.name = "eth0.100",
                                             .interface_name = "eth0.100",
                                             .autoconnect = false,
                                             .controller = "cloudbr0",
                                             .port = csnet::BridgePort{},
                                             .parent = "eth0",
                                             .id = 100});
    profiles.emplace_back(csnet::EthernetProfile{.name = "eth0",
                                                 .interface_name = "eth0",
                                                 .autoconnect = false,
                                                 .ipv4 = csnet::Ip4Config{.method = "disabled"},
                                                 .ipv6 = csnet::Ip6Config{.method = "disabled"}});
  } else {
    profiles.emplace_back(csnet::EthernetProfile{.name = "eth0",
                                                 .interface_name = "eth0",
                                                 .autoconnect = false,
                                                 .controller = "cloudbr0",
                                                 .port = csnet::BridgePort{}});
  }
  csnet::Session host;
  host.activate_all(host.add_all(profiles), {.related = false});
  return 0;
} catch (const csnet::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
