#pragma once

#include <csnet/api.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace csnet::inline CSNET_ABI {

/// How a Probe asks.
enum class ProbeType {
  tcp,      ///< A connection is accepted.
  arp,      ///< The neighbour answers.
  command,  ///< `/bin/sh -c TARGET` ends with 0.
};

/// "tcp", "arp", "command": the enumerator's own name.
CSNET_API std::string_view to_string(ProbeType type) noexcept;

/// Something that shows whether the host is reachable. Session::apply() runs each before the change and after it: what
/// passed before must pass again, and what is `required` must pass afterwards in any case.
struct Probe {
  ProbeType type = ProbeType::tcp;
  /// tcp: "192.168.100.2:8250" or "[fd00::2]:8250"; arp: "192.168.100.1"; command: a line for the shell.
  std::string target{};
  /// After the change tcp and arp go out of this interface, from its own address; before it, the kernel's routes
  /// decide. Empty: they decide both times.
  std::string interface_name{};
  bool required = false;

  bool operator==(const Probe&) const = default;
};

/// The port of CloudStack's management server that a host's agent dials (the manual's Technical Specifications).
inline constexpr std::uint16_t agent_port = 8250;

}  // namespace csnet::inline CSNET_ABI
