#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace csnet::host {

/// The attributes of a netlink message, or of an attribute that nests others. They point into the
/// message.
class Attributes {
 public:
  Attributes() = default;
  explicit Attributes(std::span<const std::byte> bytes);

  [[nodiscard]] bool has(int type) const { return found_.contains(type); }
  [[nodiscard]] std::span<const std::byte> bytes(int type) const;
  [[nodiscard]] Attributes nested(int type) const { return Attributes(bytes(type)); }
  /// Up to the null byte; "" when the attribute is missing.
  [[nodiscard]] std::string text(int type) const;

  template <class Number>
  [[nodiscard]] std::optional<Number> number(int type) const {
    const auto found = bytes(type);
    Number value{};
    if (found.size() < sizeof value) return std::nullopt;
    std::memcpy(&value, found.data(), sizeof value);
    return value;
  }

 private:
  std::map<int, std::span<const std::byte>> found_;
};

/// Calls take() for every link of this process's network namespace, from one consistent list.
/// @throws Error (unavailable)
void for_each_link(const std::function<void(const ifinfomsg&, const Attributes&)>& take);

}  // namespace csnet::host
