#include "socket_address.hpp"

#include "text.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <net/if.h>
#include <cerrno>
#include <cstring>

namespace csnet::host {

SocketAddress::SocketAddress(const IpAddress& address, std::uint16_t port, unsigned interface_index)
    : size_(address.is_ipv6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in)) {
  if (address.is_ipv6()) {
    sockaddr_in6 ipv6{};
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_port = htons(port);
    std::memcpy(&ipv6.sin6_addr, address.bytes().data(), sizeof ipv6.sin6_addr);
    ipv6.sin6_scope_id = interface_index;
    std::memcpy(&storage_, &ipv6, sizeof ipv6);
  } else {
    sockaddr_in ipv4{};
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(port);
    std::memcpy(&ipv4.sin_addr, address.bytes().data(), sizeof ipv4.sin_addr);
    std::memcpy(&storage_, &ipv4, sizeof ipv4);
  }
}

SocketAddress::SocketAddress(const sockaddr& address)
    : size_(address.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in)) {
  std::memcpy(&storage_, &address, size_);
}

bool SocketAddress::is_link_local() const {
  return family() == AF_INET6 &&
         IN6_IS_ADDR_LINKLOCAL(&reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_addr);
}

InterfaceAddresses interface_addresses() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) {
    throw Error(ErrorKind::unavailable, "network interfaces", kernel_says(errno));
  }
  return InterfaceAddresses(first);
}

std::string_view interface_of(const ifaddrs& entry) {
  const std::string_view name = entry.ifa_name;
  return name.substr(0, name.find(':'));
}

std::optional<SocketAddress> first_address(const std::string& interface, int family) {
  const auto all = interface_addresses();
  for (const auto* entry = all.get(); entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != family) continue;
    if (interface_of(*entry) != interface) continue;
    const SocketAddress address(*entry->ifa_addr);
    if (!address.is_link_local()) return address;
  }
  return std::nullopt;
}

std::string why_no_address(const std::string& interface, int family) {
  if (if_nametoindex(interface.c_str()) == 0) {
    return fmt::format("there is no interface '{}'", interface);
  }
  return fmt::format("'{}' has no {} address", interface, family == AF_INET6 ? "IPv6" : "IPv4");
}

}  // namespace csnet::host
