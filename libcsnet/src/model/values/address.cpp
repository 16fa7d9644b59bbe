#include <csnet/address.hpp>
#include <csnet/error.hpp>

#include <arpa/inet.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace csnet::inline CSNET_ABI {
namespace {

[[noreturn]] void refuse(std::string_view text, std::string_view expected, std::string hint) {
  throw Error(ErrorKind::invalid, fmt::format("'{}'", text), fmt::format("is not {}", expected),
              std::move(hint));
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (true) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return found;
    text.remove_prefix(begin);
    const auto end = std::min(text.find(' '), text.size());
    found.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

unsigned longest_prefix(const IpAddress& address) { return address.is_ipv6() ? 128 : 32; }

}  // namespace

std::optional<MacAddress> MacAddress::parse(std::string_view text) noexcept {
  if (text.size() != 17) return std::nullopt;
  MacAddress address;
  for (std::size_t i = 0; i < address.bytes_.size(); ++i) {
    const auto digits = text.substr(i * 3, 2);
    const auto* end = digits.data() + 2;
    const auto [rest, error] = std::from_chars(digits.data(), end, address.bytes_[i], 16);
    if (error != std::errc{} || rest != end) return std::nullopt;
    if (i > 0 && text[i * 3 - 1] != ':' && text[i * 3 - 1] != '-') return std::nullopt;
  }
  return address;
}

MacAddress::MacAddress(std::string_view text) {
  const auto found = parse(text);
  if (!found) refuse(text, "an Ethernet address", "write six bytes, 52:54:00:12:34:56");
  *this = *found;
}

std::string MacAddress::to_string() const { return fmt::format("{:02X}", fmt::join(bytes_, ":")); }

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  const bool has_null = text.find('\0') != std::string_view::npos;  // inet_pton() would stop there
  if (has_null || text.size() >= terminated.size()) return std::nullopt;
  std::ranges::copy(text, terminated.begin());
  IpAddress address;
  address.ipv6_ = text.find(':') != std::string_view::npos;
  const int family = address.ipv6_ ? AF_INET6 : AF_INET;
  if (inet_pton(family, terminated.data(), address.bytes_.data()) != 1) return std::nullopt;
  return address;
}

IpAddress::IpAddress(std::string_view text) {
  const auto found = parse(text);
  if (!found) {
    const bool has_prefix = text.find('/') != std::string_view::npos;
    refuse(text, "an IP address",
           has_prefix ? "leave out the prefix" : "write 192.168.100.1 or 2001:db8::1");
  }
  *this = *found;
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(ipv6_ ? AF_INET6 : AF_INET, bytes_.data(), text.data(), text.size());
  return text.data();
}

std::optional<Cidr> Cidr::parse(std::string_view text) noexcept {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = IpAddress::parse(text.substr(0, slash));
  const auto prefix = parse_number<unsigned>(text.substr(slash + 1));
  if (!address || !prefix || *prefix > longest_prefix(*address)) return std::nullopt;
  return Cidr(*address, *prefix);
}

Cidr::Cidr(std::string_view text) : address_(std::string_view{"0.0.0.0"}) {
  if (const auto found = parse(text)) {
    *this = *found;
    return;
  }
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    refuse(text, "an address with its prefix", fmt::format("write the prefix too, {}/24", text));
  }
  const IpAddress address(text.substr(0, slash));
  refuse(text, fmt::format("an address with a prefix of 0 to {}", longest_prefix(address)),
         address.is_ipv6() ? "a usual prefix is /64" : "netmask 255.255.255.0 is /24");
}

bool Cidr::contains(const IpAddress& address) const noexcept {
  if (address.is_ipv6() != is_ipv6()) return false;
  for (unsigned bit = 0; bit < prefix_; ++bit) {
    const auto mask = static_cast<unsigned>(0x80U >> (bit % 8));
    if ((address.bytes()[bit / 8] & mask) != (address_.bytes()[bit / 8] & mask)) return false;
  }
  return true;
}

std::string Cidr::to_string() const { return fmt::format("{}/{}", address_.to_string(), prefix_); }

std::optional<Endpoint> Endpoint::parse(std::string_view text) noexcept {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (in_brackets) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  if (!address || address->is_ipv6() != in_brackets || !port || *port == 0) return std::nullopt;
  return Endpoint(*address, *port);
}

Endpoint::Endpoint(std::string_view text) : address_(std::string_view{"0.0.0.0"}), port_(0) {
  const auto found = parse(text);
  if (!found) {
    refuse(text, "ADDRESS:PORT", "write 192.168.100.2:8250 or [2001:db8::2]:8250");
  }
  *this = *found;
}

std::string Endpoint::to_string() const {
  return fmt::format(fmt::runtime(address_.is_ipv6() ? "[{}]:{}" : "{}:{}"), address_.to_string(),
                     port_);
}

Route::Route(std::string_view text) : destination_(std::string_view{"0.0.0.0/0"}) {
  const auto parts = words(text);
  if (parts.empty() || parts.size() > 3) {
    refuse(text, "a route",
           "write 'DESTINATION/PREFIX [NEXT-HOP] [METRIC]', '10.0.0.0/8 192.168.100.1 100'");
  }
  std::optional<IpAddress> next_hop;
  std::optional<std::uint32_t> metric;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    metric = parse_number<std::uint32_t>(parts[i]);
    if (metric && i + 1 == parts.size()) break;
    if (i == 2)
      refuse(text, "a route: its last word is not a metric", "a metric is 0 to 4294967295");
    next_hop = IpAddress(parts[i]);
  }
  *this = Route(Cidr(parts[0]), next_hop, metric);
}

Route::Route(Cidr destination, std::optional<IpAddress> next_hop,
             std::optional<std::uint32_t> metric)
    : destination_(destination), next_hop_(next_hop), metric_(metric) {
  if (next_hop_ && next_hop_->is_ipv6() != destination_.is_ipv6()) {
    refuse(to_string(), "a route: destination and next hop are of different families", "");
  }
}

std::string Route::to_string() const {
  auto text = destination_.to_string();
  if (next_hop_) text += ' ' + next_hop_->to_string();
  if (metric_) text += fmt::format(" {}", *metric_);
  return text;
}

}  // namespace csnet::inline CSNET_ABI
