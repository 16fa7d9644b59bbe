#pragma once

#include "nodes.hpp"
#include "problems.hpp"

#include <csnet/address.hpp>
#include <csnet/field.hpp>
#include <csnet/probe.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace csnet::network_file {

/// The properties of a key that messages need.
struct Key {
  std::string_view name;
  Range range{};
  std::string_view note{};  ///< as the table of fields has it
};

/// The name of a scalar type in messages, and an example.
struct Noun {
  std::string_view name;
  std::string_view example{};
};
template <class T>
inline constexpr Noun noun{};
template <>
inline constexpr Noun noun<std::string>{"text"};
template <>
inline constexpr Noun noun<ProbeType>{"text"};
template <>
inline constexpr Noun noun<bool>{"true or false"};
template <std::integral T>
inline constexpr Noun noun<T>{"a number"};
template <>
inline constexpr Noun noun<MacAddress>{"an Ethernet address", "52:54:00:12:34:56"};
template <>
inline constexpr Noun noun<IpAddress>{"an IP address", "192.168.100.1"};
template <>
inline constexpr Noun noun<Cidr>{"an address with its prefix", "192.168.100.10/24"};
template <>
inline constexpr Noun noun<Route>{"a route", "10.0.0.0/8 192.168.100.1"};

template <class T>
concept is_scalar = !noun<T>.name.empty();

/// A mistake in a value: message and hint.
struct Wrong {
  std::string message;
  std::string hint{};
};

/// Convert a text to the type of its key. validate() checks later whether the value suits a host.
/// @throws Wrong
bool boolean(const Node& node);
std::int64_t integer(const Node& node, const Key& key);
ProbeType probe_type(const Node& node);
const std::string& text(const Node& node);
/// Throws Wrong with an address's own error.
[[noreturn]] void refuse_address(const Node& node, const Error& error);

/// Converts one value of the file to a T.
/// @throws Wrong
template <is_scalar T>
T scalar(const Node& node, const Key& key) {
  if (node.kind != Node::Kind::text) {
    std::string hint;
    if (!noun<T>.example.empty()) hint = "write one: " + std::string(noun<T>.example);
    throw Wrong{"is " + to_text(node) + ", and must be " + std::string(noun<T>.name), hint};
  }
  if constexpr (std::same_as<T, bool>) {
    return boolean(node);
  } else if constexpr (std::integral<T>) {
    return static_cast<T>(integer(node, key));
  } else if constexpr (std::same_as<T, ProbeType>) {
    return probe_type(node);
  } else if constexpr (std::same_as<T, std::string>) {
    return text(node);
  } else {
    try {
      return T{text(node)};
    } catch (const Error& error) {
      refuse_address(node, error);
    }
  }
}

}  // namespace csnet::network_file
