#include "usable_address.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace csnet::model {
namespace {

/// Whether all bits of the address from `prefix` on are ones, or all are zeros.
bool has_host_bits(const IpAddress& address, unsigned prefix, bool ones) {
  const unsigned length = address.is_ipv6() ? 128 : 32;
  for (unsigned bit = prefix; bit < length; ++bit) {
    const bool is_one = (address.bytes()[bit / 8] & (0x80U >> bit % 8)) != 0;
    if (is_one != ones) return false;
  }
  return true;
}

std::optional<std::string> why_no_ipv4_host(const IpAddress& address) {
  const auto first = address.bytes()[0];
  if (has_host_bits(address, 0, true)) return "is the broadcast address of every network";
  if (first == 0) return "is in 0.0.0.0/8, which no host may use";
  if (first == 127) return "is a loopback address";
  if (first >= 224 && first < 240) return "is a multicast address";
  if (first >= 240) return "is in 240.0.0.0/4, which is reserved";
  return std::nullopt;
}

std::optional<std::string> why_no_ipv6_host(const IpAddress& address) {
  static const Cidr mapped("::ffff:0:0/96");
  if (has_host_bits(address, 0, false)) return "is the unspecified address";
  if (address == IpAddress("::1")) return "is the loopback address";
  if (address.bytes()[0] == 0xFF) return "is a multicast address";
  if (mapped.contains(address)) return "stands for an IPv4 address";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> why_no_host(const IpAddress& address) {
  return address.is_ipv6() ? why_no_ipv6_host(address) : why_no_ipv4_host(address);
}

std::optional<std::string> why_no_host_in(const Cidr& network, const IpAddress& address) {
  if (auto why = why_no_host(address)) return why;
  // A network of one or two addresses has neither, and IPv6 has no broadcast.
  if (address.is_ipv6() || network.prefix() > 30 || !network.contains(address)) return std::nullopt;
  const auto of = fmt::format("of its network, /{}", network.prefix());
  if (has_host_bits(address, network.prefix(), false))
    return fmt::format("is the first address {}", of);
  if (has_host_bits(address, network.prefix(), true))
    return fmt::format("is the broadcast address {}", of);
  return std::nullopt;
}

std::optional<std::string> why_no_host(const Cidr& address) {
  return why_no_host_in(address, address.address());
}

}  // namespace csnet::model
