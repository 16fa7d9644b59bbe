#include "links.hpp"

#include "descriptor.hpp"
#include "lacp_sysfs.hpp"
#include "netlink.hpp"
#include "socket_address.hpp"
#include "text.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <fstream>
#include <system_error>
#include <utility>

namespace csnet::host {
namespace {

/// The kernel accepts any bytes but '/' and white space in a name.
std::string printable(std::string_view text) { return one_line(text, 64); }

std::optional<MacAddress> mac(std::span<const std::byte> bytes) {
  if (bytes.size() != 6) return std::nullopt;  // of a tunnel or InfiniBand
  std::string text;
  for (const auto byte : bytes) {
    fmt::format_to(std::back_inserter(text), "{}{:02x}", text.empty() ? "" : ":",
                   std::to_integer<unsigned>(byte));
  }
  return MacAddress(text);
}

std::string port_state_word(std::uint8_t state) {
  switch (state) {
    case BR_STATE_DISABLED:
      return "disabled";
    case BR_STATE_LISTENING:
      return "listening";
    case BR_STATE_LEARNING:
      return "learning";
    case BR_STATE_FORWARDING:
      return "forwarding";
    case BR_STATE_BLOCKING:
      return "blocking";
    default:
      return fmt::format("{}", state);
  }
}

/// A link, and the indexes that become names when all links are known.
struct Found {
  Link link;
  unsigned controller = 0;
  unsigned parent = 0;
};

Found read_link(const ifinfomsg& header, const Attributes& attributes) {
  Found found;
  auto& link = found.link;
  link.interface_name = attributes.text(IFLA_IFNAME);
  link.index = static_cast<std::uint32_t>(header.ifi_index);
  link.mac_address = mac(attributes.bytes(IFLA_ADDRESS));
  link.permanent_mac_address = mac(attributes.bytes(IFLA_PERM_ADDRESS));
  link.mtu = attributes.number<std::uint32_t>(IFLA_MTU).value_or(0);
  link.up = (header.ifi_flags & IFF_UP) != 0;
  link.carrier = (header.ifi_flags & IFF_LOWER_UP) != 0;
  const auto info = attributes.nested(IFLA_LINKINFO);
  link.kind = info.text(IFLA_INFO_KIND);
  if (link.kind.empty()) link.kind = header.ifi_type == ARPHRD_LOOPBACK ? "loopback" : "physical";
  const auto data = info.nested(IFLA_INFO_DATA);
  if (link.kind == "vlan") link.vlan_id = data.number<std::uint16_t>(IFLA_VLAN_ID);
  if (link.kind == "bridge") {
    if (const auto state = data.number<std::uint32_t>(IFLA_BR_STP_STATE)) link.stp = *state != 0;
  }
  if (info.text(IFLA_INFO_SLAVE_KIND) == "bridge") {
    const auto port = info.nested(IFLA_INFO_SLAVE_DATA);
    if (const auto state = port.number<std::uint8_t>(IFLA_BRPORT_STATE))
      link.port_state = port_state_word(*state);
  }
  found.controller = attributes.number<std::uint32_t>(IFLA_MASTER).value_or(0);
  // A veth's other end is its peer, not its parent; an index of another namespace is unknown here.
  if (link.kind != "veth" && !attributes.has(IFLA_LINK_NETNSID))
    found.parent = attributes.number<std::uint32_t>(IFLA_LINK).value_or(0);
  return found;
}

bool ethtool(const Descriptor& socket, const std::string& name, void* command) {
  ifreq request{};
  if (name.size() >= sizeof request.ifr_name) return false;
  name.copy(request.ifr_name, name.size());
  request.ifr_data = static_cast<char*>(command);
  return ioctl(socket.get(), SIOCETHTOOL, &request) == 0;
}

void ask_ethtool(const Descriptor& socket, Link& link) {
  ethtool_drvinfo driver{};
  driver.cmd = ETHTOOL_GDRVINFO;
  if (ethtool(socket, link.interface_name, &driver))
    link.driver = printable({driver.driver, strnlen(driver.driver, sizeof driver.driver)});

  // Asked for no bit masks, the kernel returns their length, with which csnet must ask again.
  constexpr std::size_t masks = std::size_t{3} * 127 * sizeof(std::uint32_t);
  alignas(ethtool_link_settings) std::array<std::byte, sizeof(ethtool_link_settings) + masks>
      request{};
  auto& settings = *reinterpret_cast<ethtool_link_settings*>(request.data());
  settings.cmd = ETHTOOL_GLINKSETTINGS;
  if (!ethtool(socket, link.interface_name, &request)) return;
  if (settings.link_mode_masks_nwords >= 0) return;
  const auto words = static_cast<std::int8_t>(-settings.link_mode_masks_nwords);
  request = {};
  settings.cmd = ETHTOOL_GLINKSETTINGS;
  settings.link_mode_masks_nwords = words;
  if (!ethtool(socket, link.interface_name, &request)) return;
  if (settings.speed != 0 && settings.speed != static_cast<std::uint32_t>(SPEED_UNKNOWN))
    link.speed = settings.speed;
  if (settings.duplex == DUPLEX_FULL) link.duplex = "full";
  if (settings.duplex == DUPLEX_HALF) link.duplex = "half";
}

/// The first word of each file: "802.3ad 4" is a mode's name and number.
std::map<std::string, std::string> first_words(const std::filesystem::path& directory) {
  std::map<std::string, std::string> words;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(directory, none)) {
    std::string word;
    std::ifstream(entry.path()) >> word;
    words[entry.path().filename().string()] = printable(word);
  }
  return words;
}

void read_sysfs(const std::filesystem::path& directory, Link& link) {
  link.bond = first_words(directory / "bonding");
  // Not a single word; and each port names its controller.
  link.bond.erase("slaves");
  const auto port = directory / "bonding_slave";
  std::ifstream(port / "mii_status") >> link.mii_status;
  link.mii_status = printable(link.mii_status);
  link.lacp = lacp_state(port);
  std::uint32_t aggregator = 0;
  if (std::ifstream(port / "ad_aggregator_id") >> aggregator) link.aggregator = aggregator;
}

int prefix_of(const sockaddr* mask) {
  if (mask == nullptr) return 0;
  if (mask->sa_family == AF_INET)
    return std::popcount(reinterpret_cast<const sockaddr_in*>(mask)->sin_addr.s_addr);
  int bits = 0;
  for (const auto byte : reinterpret_cast<const sockaddr_in6*>(mask)->sin6_addr.s6_addr)
    bits += std::popcount(byte);
  return bits;
}

std::optional<Cidr> cidr_of(const ifaddrs& entry) {
  if (entry.ifa_addr == nullptr) return std::nullopt;
  const auto family = entry.ifa_addr->sa_family;
  if (family != AF_INET && family != AF_INET6) return std::nullopt;
  const void* address = &reinterpret_cast<const sockaddr_in*>(entry.ifa_addr)->sin_addr;
  if (family == AF_INET6)
    address = &reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr)->sin6_addr;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(family, address, text.data(), text.size()) == nullptr) return std::nullopt;
  return Cidr(fmt::format("{}/{}", text.data(), prefix_of(entry.ifa_netmask)));
}

}  // namespace

std::vector<Link> links(const std::filesystem::path& class_net) {
  std::vector<Found> all;
  for_each_link([&](const ifinfomsg& header, const Attributes& attributes) {
    all.push_back(read_link(header, attributes));
  });
  std::map<unsigned, std::string> names;
  for (const auto& [link, controller, parent] : all) names[link.index] = link.interface_name;
  std::map<std::string, std::vector<Cidr>, std::less<>> addresses;
  const auto list = interface_addresses();
  for (const auto* entry = list.get(); entry != nullptr; entry = entry->ifa_next) {
    if (const auto cidr = cidr_of(*entry))
      addresses[std::string(interface_of(*entry))].push_back(*cidr);
  }
  const auto name_of = [&](unsigned index) {
    const auto found = names.find(index);
    return found == names.end() ? std::string{} : printable(found->second);
  };

  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::vector<Link> links;
  for (auto& [link, controller, parent] : all) {
    ask_ethtool(socket, link);
    read_sysfs(class_net / link.interface_name, link);
    link.addresses = std::move(addresses[link.interface_name]);
    link.controller = name_of(controller);
    link.parent = name_of(parent);
    link.interface_name = printable(link.interface_name);
    links.push_back(std::move(link));
  }
  std::ranges::sort(links, {}, &Link::interface_name);
  return links;
}

}  // namespace csnet::host
