#include <csnet/address.hpp>
#include <csnet/error.hpp>

#include <arpa/inet.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace csnet {
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

}  // namespace

MacAddress::MacAddress(std::string_view text) {
  constexpr std::string_view expected = "an Ethernet address";
  constexpr const char* hint = "write six bytes, 52:54:00:12:34:56";
  if (text.size() != 17) refuse(text, expected, hint);
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    const auto digits = text.substr(i * 3, 2);
    const auto* end = digits.data() + 2;
    const auto [rest, error] = std::from_chars(digits.data(), end, bytes_[i], 16);
    if (error != std::errc{} || rest != end) refuse(text, expected, hint);
    if (i > 0 && text[i * 3 - 1] != ':' && text[i * 3 - 1] != '-') refuse(text, expected, hint);
  }
}

std::string MacAddress::to_string() const { return fmt::format("{:02X}", fmt::join(bytes_, ":")); }

IpAddress::IpAddress(std::string_view text) {
  const std::string terminated(text);
  ipv6_ = terminated.find(':') != std::string::npos;
  const bool has_null =
      terminated.find('\0') != std::string::npos;  // where inet_pton() would stop reading
  if (has_null || inet_pton(ipv6_ ? AF_INET6 : AF_INET, terminated.c_str(), bytes_.data()) != 1) {
    const bool has_prefix = terminated.find('/') != std::string::npos;
    refuse(text, "an IP address",
           has_prefix ? "leave out the prefix" : "write 192.168.100.1 or 2001:db8::1");
  }
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(ipv6_ ? AF_INET6 : AF_INET, bytes_.data(), text.data(), text.size());
  return text.data();
}

Cidr::Cidr(std::string_view text) : address_(std::string_view{"0.0.0.0"}) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    refuse(text, "an address with its prefix", fmt::format("write the prefix too, {}/24", text));
  }
  address_ = IpAddress(text.substr(0, slash));
  const auto prefix = parse_number<unsigned>(text.substr(slash + 1));
  const unsigned longest = address_.is_ipv6() ? 128 : 32;
  if (!prefix || *prefix > longest) {
    refuse(text, fmt::format("an address with a prefix of 0 to {}", longest),
           address_.is_ipv6() ? "a usual prefix is /64" : "netmask 255.255.255.0 is /24");
  }
  prefix_ = *prefix;
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

}  // namespace csnet
