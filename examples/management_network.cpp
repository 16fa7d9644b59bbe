// Makes the manual's example: eth0 → VLAN 100 → cloudbr0 with 192.168.100.10/24, in three calls.
//
//   management_network [UPLINK[,UPLINK…] [VLAN [ADDRESS/PREFIX [MTU]]]]
//
// The defaults are those of the example. Several uplinks become an LACP bond; VLAN 0 means untagged. Run it as root.
#include <csnet/csnet.hpp>
#include <csnet/print.hpp>

#include <charconv>
#include <cstdint>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

#include <fmt/core.h>

namespace {

std::uint32_t number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw csnet::Error(csnet::ErrorKind::invalid, fmt::format("argument '{}'", text),
                       "is not a number",
                       "management_network eth0,eth1 100 192.168.100.10/24 1500");
  }
  return value;
}

csnet::ManagementNetwork wanted(std::span<char*> arguments) {
  csnet::ManagementNetwork network{.uplinks = {"eth0"},
                                   .vlan = 100,
                                   .bridge = "cloudbr0",
                                   .addresses = {"192.168.100.10/24"},
                                   .gateway = "192.168.100.1",
                                   .stp = false,  // with STP the bridge is silent for 30 s
                                   .servers = {"192.168.100.2"}};
  if (arguments.size() > 1) {
    network.uplinks.clear();
    std::istringstream uplinks(arguments[1]);
    for (std::string uplink; std::getline(uplinks, uplink, ',');) network.uplinks.push_back(uplink);
  }
  if (arguments.size() > 2) {
    network.vlan = number(arguments[2]);
    if (network.vlan == 0) network.vlan.reset();
  }
  if (arguments.size() > 3) {
    network.addresses = {arguments[3]};
    network.gateway.reset();  // the default is in another network
  }
  if (arguments.size() > 4) network.mtu = number(arguments[4]);
  return network;
}

}  // namespace

int main(int count, char** words) try {
  const auto profiles = wanted({words, static_cast<std::size_t>(count)}).desired().wanted.profiles;
  csnet::Session host;
  fmt::print("NetworkManager {}\n", host.version());
  for (const auto& profile : profiles) fmt::print("adding {}\n", csnet::subject(profile));
  const auto uuids = host.add_all(profiles);
  fmt::print("activating\n");
  host.activate_all(uuids);
  for (const auto& device : host.devices()) {
    if (device.profile) fmt::print("{}\n", device);
  }
  return 0;
} catch (const csnet::Error& error) {
  fmt::print(stderr, "csnet: {}\n", error.what());
  if (!error.hint().empty()) fmt::print(stderr, "  hint: {}\n", error.hint());
  return 1;
}
