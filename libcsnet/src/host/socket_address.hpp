#pragma once

#include <csnet/address.hpp>

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace csnet::host {

/// An address in the form of the kernel's calls.
class SocketAddress {
 public:
  /// @param interface_index for IPv6 link-local addresses, otherwise 0
  SocketAddress(const IpAddress& address, std::uint16_t port, unsigned interface_index);
  /// One of getifaddrs().
  explicit SocketAddress(const sockaddr& address);

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const { return size_; }
  [[nodiscard]] int family() const { return storage_.ss_family; }
  /// fe80::/10: it means nothing without an interface.
  [[nodiscard]] bool is_link_local() const;

 private:
  sockaddr_storage storage_{};
  socklen_t size_;
};

struct FreeInterfaceAddresses {
  void operator()(ifaddrs* first) const { freeifaddrs(first); }
};
using InterfaceAddresses = std::unique_ptr<ifaddrs, FreeInterfaceAddresses>;

/// A list, linked by ifa_next, with an entry for each address of each interface.
/// @throws Error (unavailable)
InterfaceAddresses interface_addresses();

/// The entry's interface. An IPv4 address may have a label instead, "eth0:1".
std::string_view interface_of(const ifaddrs& entry);

/// The interface's first address of a family, for IPv6 the first that is not link-local.
std::optional<SocketAddress> first_address(const std::string& interface, int family);

/// "there is no interface 'cloudbr0'", or "'cloudbr0' has no IPv4 address".
std::string why_no_address(const std::string& interface, int family);

}  // namespace csnet::host
