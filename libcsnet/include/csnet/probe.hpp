#pragma once

#include <csnet/api.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace csnet::inline CSNET_ABI {

/// The kinds of probes, each with its condition to pass.
enum class ProbeType {
  tcp,      ///< A connection is accepted.
  arp,      ///< The neighbour answers.
  command,  ///< `/bin/sh -c TARGET` exits with 0.
};

/// "tcp", "arp", "command": the enumerator's own name.
CSNET_API std::string_view to_string(ProbeType type) noexcept;

/// A test of whether the host is reachable.
///
/// Session::apply() runs each probe before the change and after it. A probe that passed before must
/// pass again; a `required` one must pass afterwards in any case.
struct Probe {
  ProbeType type = ProbeType::tcp;
  /// tcp: "192.168.100.2:8250" or "[fd00::2]:8250"; arp: "192.168.100.1"; command: a line for the
  /// shell.
  std::string target{};
  /// The interface from which tcp and arp are sent after the change, with its own address. Before
  /// the change, the kernel's routes decide. Empty: they decide both times.
  std::string interface_name{};
  bool required = false;

  bool operator==(const Probe&) const = default;
};

/// The TCP port of CloudStack's management server to which a host's agent connects (the manual's
/// Technical Specifications).
inline constexpr std::uint16_t agent_port = 8250;

}  // namespace csnet::inline CSNET_ABI
