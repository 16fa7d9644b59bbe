#include "arp.hpp"

#include "socket_address.hpp"
#include "text.hpp"
#include "waiter.hpp"

#include <fmt/format.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <netpacket/packet.h>
#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

namespace csnet::host {
namespace {

using std::chrono::milliseconds;
using Ipv4 = std::array<std::uint8_t, 4>;

/// Between two requests.
constexpr auto kResend = milliseconds{500};

/// The interface and address that a request comes from.
struct Asker {
  std::string interface;
  Ipv4 address;
};

Ipv4 ipv4_of(const sockaddr* address) {
  Ipv4 bytes{};
  std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, bytes.size());
  return bytes;
}

/// The prefix of the entry's network when the target is in it, else -1.
int matching_prefix(const ifaddrs& entry, const Ipv4& target) {
  if (entry.ifa_netmask == nullptr) return -1;
  const auto own = ipv4_of(entry.ifa_addr);
  const auto mask = ipv4_of(entry.ifa_netmask);
  int prefix = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    if ((own[i] & mask[i]) != (target[i] & mask[i])) return -1;
    prefix += std::popcount(mask[i]);
  }
  return prefix;
}

/// The address with the narrowest network that contains the target. If `interface` is named and
/// none of its networks contains the target, its first address.
std::optional<Asker> choose_asker(const Ipv4& target, const std::string& interface) {
  std::optional<Asker> best;
  int best_prefix = -2;
  const auto all = interface_addresses();
  for (const auto* entry = all.get(); entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET) continue;
    const auto name = interface_of(*entry);
    const auto prefix = matching_prefix(*entry, target);
    if (interface.empty()) {
      if (prefix < 0 || (entry->ifa_flags & (IFF_LOOPBACK | IFF_NOARP)) != 0) continue;
    } else if (name != interface) {
      continue;
    }
    if (prefix > best_prefix) {
      best = Asker{std::string(name), ipv4_of(entry->ifa_addr)};
      best_prefix = prefix;
    }
  }
  return best;
}

sockaddr_ll on_link(unsigned index) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ARP);
  address.sll_ifindex = static_cast<int>(index);
  return address;
}

ether_arp request(const Ipv4& target, const Ipv4& own, const sockaddr_ll& link) {
  ether_arp packet{};
  packet.arp_hrd = htons(ARPHRD_ETHER);
  packet.arp_pro = htons(ETH_P_IP);
  packet.arp_hln = ETH_ALEN;
  packet.arp_pln = sizeof packet.arp_spa;
  packet.arp_op = htons(ARPOP_REQUEST);
  std::copy_n(std::begin(link.sll_addr), ETH_ALEN, std::begin(packet.arp_sha));
  std::copy(own.begin(), own.end(), std::begin(packet.arp_spa));
  std::copy(target.begin(), target.end(), std::begin(packet.arp_tpa));
  return packet;
}

/// True for the target's answer to `own`. The socket also receives other hosts' requests, replies
/// and announcements.
bool is_reply(const ether_arp& packet, const Ipv4& target, const Ipv4& own) {
  return packet.arp_hrd == htons(ARPHRD_ETHER) && packet.arp_pro == htons(ETH_P_IP) &&
         packet.arp_op == htons(ARPOP_REPLY) &&
         std::equal(target.begin(), target.end(), std::begin(packet.arp_spa)) &&
         std::equal(own.begin(), own.end(), std::begin(packet.arp_tpa));
}

Attempt failed(const std::string& interface, int error) {
  return {Attempt::End::failed, fmt::format("'{}': {}", interface, kernel_says(error))};
}

/// Opens a socket for ARP on one interface. `link` gets its address. Returns 0, or the errno.
int open_link(unsigned index, Descriptor& socket, sockaddr_ll& link) {
  // SOCK_DGRAM: the kernel writes the Ethernet header. Protocol 0: nothing comes before bind() names the interface.
  socket = Descriptor(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return errno;
  link = on_link(index);
  socklen_t size = sizeof link;
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&link), size) != 0 ||
      getsockname(socket.get(), reinterpret_cast<sockaddr*>(&link), &size) != 0)
    return errno;
  return 0;
}

bool is_ethernet(const sockaddr_ll& link) {
  return link.sll_hatype == ARPHRD_ETHER && link.sll_halen == ETH_ALEN;
}

/// Returns 0, or the errno.
int broadcast(const Descriptor& socket, unsigned index, const ether_arp& packet) {
  auto everyone = on_link(index);
  everyone.sll_halen = ETH_ALEN;
  std::fill_n(std::begin(everyone.sll_addr), ETH_ALEN, std::uint8_t{0xff});
  const auto sent = sendto(socket.get(), &packet, sizeof packet, 0,
                           reinterpret_cast<const sockaddr*>(&everyone), sizeof everyone);
  return sent < 0 ? errno : 0;
}

/// One request, and the wait for its reply or that of the one before.
Attempt ask_once(const Ipv4& target, const Asker& asker, Waiter& waiter, Clock::time_point until) {
  const unsigned index = if_nametoindex(asker.interface.c_str());
  if (index == 0) return {Attempt::End::failed, why_no_address(asker.interface, AF_INET)};
  Descriptor socket;
  sockaddr_ll link{};
  if (const int error = open_link(index, socket, link); error != 0) {
    if (!socket && (error == EPERM || error == EACCES))
      return {Attempt::End::hopeless, "arp needs root (CAP_NET_RAW)"};
    return failed(asker.interface, error);
  }
  if (!is_ethernet(link))
    return {Attempt::End::failed,
            fmt::format("'{}' is not an Ethernet interface", asker.interface)};
  if (const int error = broadcast(socket, index, request(target, asker.address, link)); error != 0)
    return failed(asker.interface, error);
  const auto end = Clock::now() + kResend;
  while (waiter.poll(socket, POLLIN, std::min(end, until))) {
    ether_arp reply{};
    const auto length = recv(socket.get(), &reply, sizeof reply, 0);
    if (length < 0 && errno != EAGAIN && errno != EINTR) return failed(asker.interface, errno);
    // Frames are padded to Ethernet's minimum: recv() cuts that off.
    if (length == sizeof reply && is_reply(reply, target, asker.address)) return {};
    // On a link full of ARP there may always be one more packet.
    if (Clock::now() >= std::min(end, until)) break;
  }
  return {end <= until ? Attempt::End::silent : Attempt::End::cut_short};
}

}  // namespace

std::optional<std::string> why_no_arp(const IpAddress& target, const std::string& interface,
                                      const Wait& wait) {
  Ipv4 address{};
  std::copy_n(target.bytes().begin(), address.size(), address.begin());
  const auto attempt = [&](Waiter& waiter, Clock::time_point until) -> Attempt {
    // Chosen for each attempt: the change that is being tried may move addresses.
    const auto asker = choose_asker(address, interface);
    if (asker) return ask_once(address, *asker, waiter, until);
    return {Attempt::End::failed,
            interface.empty() ? fmt::format("no interface has an address in the network of {}",
                                            target.to_string())
                              : why_no_address(interface, AF_INET)};
  };
  return why_none_passes(wait, {.least = milliseconds{10}, .most = milliseconds{100}}, attempt);
}

void announce(const IpAddress& address, const std::string& interface) {
  const unsigned index = if_nametoindex(interface.c_str());
  Descriptor socket;
  sockaddr_ll link{};
  if (address.is_ipv6() || index == 0 || open_link(index, socket, link) != 0 || !is_ethernet(link))
    return;
  Ipv4 own{};
  std::copy_n(address.bytes().begin(), own.size(), own.begin());
  broadcast(socket, index, request(own, own, link));
}

}  // namespace csnet::host
