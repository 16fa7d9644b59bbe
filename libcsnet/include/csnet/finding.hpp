#pragma once

#include <csnet/api.hpp>

#include <compare>
#include <span>
#include <string>
#include <string_view>

namespace csnet::inline CSNET_ABI {

enum class Severity {
  info,
  warning,  ///< It works, but something else will not: read it before you go on.
  error,    ///< It cannot work; csnet refuses it.
};

CSNET_API std::string_view to_string(Severity severity) noexcept;

/// One thing that a check saw.
struct Finding {
  Severity severity = Severity::error;
  /// Which check saw it, one of finding_kinds(): "out-of-range". Stable, unlike the message.
  std::string id{};
  std::string subject{};  ///< What it is about: "vlan 'eth0.100'".
  /// The validated value that it is about, "profiles[2]", "remove[0]" or "probes[1]"; empty where validate() was
  /// not given that value.
  std::string item{};
  /// The field that is to be changed: "id", "ipv4.gateway", "ipv4.addresses[1]", "options.miimon"; empty where it is not
  /// about one. Of a ManagementNetwork, a field of it.
  std::string field{};
  std::string message{};  ///< "4095 is not a VLAN id (1 to 4094)"
  std::string hint{};     ///< What to do about it; may be empty.

  auto operator<=>(const Finding&) const = default;
};

/// "vlan 'eth0.100': id: 4095 is not a VLAN id (1 to 4094)": the subject, the field where there is one, and the message.
CSNET_API std::string to_text(const Finding& finding);

/// An id of findings, and what it stands for.
struct FindingKind {
  std::string_view id;
  std::string_view meaning;
};

/// Every id that a finding can have.
CSNET_API std::span<const FindingKind> finding_kinds() noexcept;

}  // namespace csnet::inline CSNET_ABI
