#pragma once

#include <csnet/api.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace csnet::inline CSNET_ABI {

/// An Ethernet address.
///
/// Parses six hexadecimal bytes of any case, separated by ':' or '-'. Prints as NetworkManager
/// does: 52:54:00:AB:CD:EF.
/// @throws Error (invalid) when the text is not such an address.
class CSNET_API MacAddress {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal converts to the value
  MacAddress(std::string_view text);
  MacAddress(const char* text) : MacAddress(std::string_view{text}) {}
  MacAddress(const std::string& text) : MacAddress(std::string_view{text}) {}
  /// The address, or nothing where the constructor would throw.
  [[nodiscard]] static std::optional<MacAddress> parse(std::string_view text) noexcept;

  [[nodiscard]] std::string to_string() const;
  /// True for a multicast address, ff:ff:ff:ff:ff:ff among them, which no interface may have.
  [[nodiscard]] bool is_multicast() const noexcept { return (bytes_[0] & 1U) != 0; }
  auto operator<=>(const MacAddress&) const = default;

 private:
  MacAddress() = default;

  std::array<std::uint8_t, 6> bytes_{};
};

/// An IPv4 or IPv6 address without a prefix, for example a gateway.
/// @throws Error (invalid) when the text is not such an address.
class CSNET_API IpAddress {
 public:
  IpAddress(std::string_view text);  // NOLINT(google-explicit-constructor)
  IpAddress(const char* text) : IpAddress(std::string_view{text}) {}
  IpAddress(const std::string& text) : IpAddress(std::string_view{text}) {}
  /// The address, or nothing where the constructor would throw.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text) noexcept;

  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] bool is_ipv6() const noexcept { return ipv6_; }
  /// True for fe80::/10: the kernel gives each link addresses of its own there.
  [[nodiscard]] bool is_ipv6_link_local() const noexcept {
    return ipv6_ && bytes_[0] == 0xFE && (bytes_[1] & 0xC0U) == 0x80;
  }
  /// The bytes in network byte order; an IPv4 address fills the first four.
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
  auto operator<=>(const IpAddress&) const = default;

 private:
  IpAddress() = default;

  bool ipv6_ = false;
  std::array<std::uint8_t, 16> bytes_{};
};

/// An address with its prefix length, "192.168.100.10/24" or "2001:db8::10/64". Host bits are kept.
/// @throws Error (invalid) when the text has no prefix, or one that the family does not allow.
class CSNET_API Cidr {
 public:
  Cidr(std::string_view text);  // NOLINT(google-explicit-constructor)
  Cidr(const char* text) : Cidr(std::string_view{text}) {}
  Cidr(const std::string& text) : Cidr(std::string_view{text}) {}
  /// The address, or nothing where the constructor would throw.
  [[nodiscard]] static std::optional<Cidr> parse(std::string_view text) noexcept;

  [[nodiscard]] const IpAddress& address() const noexcept { return address_; }
  /// 0 to 32 for IPv4, 0 to 128 for IPv6.
  [[nodiscard]] unsigned prefix() const noexcept { return prefix_; }
  [[nodiscard]] bool is_ipv6() const noexcept { return address_.is_ipv6(); }
  /// True when the address is in this network; false when it is of the other family.
  [[nodiscard]] bool contains(const IpAddress& address) const noexcept;
  [[nodiscard]] std::string to_string() const;
  auto operator<=>(const Cidr&) const = default;

 private:
  Cidr(const IpAddress& address, unsigned prefix) noexcept : address_(address), prefix_(prefix) {}

  IpAddress address_;
  unsigned prefix_ = 0;
};

/// An address with a TCP port, "192.168.100.2:8250" or "[2001:db8::2]:8250".
/// @throws Error (invalid) when the text has no port of 1 to 65535, or brackets around anything but
/// an IPv6 address.
class CSNET_API Endpoint {
 public:
  Endpoint(std::string_view text);  // NOLINT(google-explicit-constructor)
  Endpoint(const char* text) : Endpoint(std::string_view{text}) {}
  Endpoint(const std::string& text) : Endpoint(std::string_view{text}) {}
  Endpoint(const IpAddress& address, std::uint16_t port) noexcept
      : address_(address), port_(port) {}
  /// The endpoint, or nothing where the constructor would throw.
  [[nodiscard]] static std::optional<Endpoint> parse(std::string_view text) noexcept;

  [[nodiscard]] const IpAddress& address() const noexcept { return address_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string to_string() const;
  auto operator<=>(const Endpoint&) const = default;

 private:
  IpAddress address_;
  std::uint16_t port_;
};

/// A static route, in nmcli's own notation: "DESTINATION/PREFIX [NEXT-HOP] [METRIC]".
/// @throws Error (invalid) when the text has another form, or the families differ.
class CSNET_API Route {
 public:
  Route(std::string_view text);  // NOLINT(google-explicit-constructor)
  Route(const char* text) : Route(std::string_view{text}) {}
  Route(const std::string& text) : Route(std::string_view{text}) {}
  Route(Cidr destination, std::optional<IpAddress> next_hop, std::optional<std::uint32_t> metric);

  [[nodiscard]] const Cidr& destination() const noexcept { return destination_; }
  /// Empty: the destination is on the link.
  [[nodiscard]] const std::optional<IpAddress>& next_hop() const noexcept { return next_hop_; }
  /// Empty: the device's default metric.
  [[nodiscard]] const std::optional<std::uint32_t>& metric() const noexcept { return metric_; }
  [[nodiscard]] std::string to_string() const;
  auto operator<=>(const Route&) const = default;

 private:
  Cidr destination_;
  std::optional<IpAddress> next_hop_;
  std::optional<std::uint32_t> metric_;
};

}  // namespace csnet::inline CSNET_ABI
