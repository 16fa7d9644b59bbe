#pragma once

#include <csnet/api.hpp>

#include <compare>
#include <span>
#include <string>
#include <string_view>

namespace csnet::inline CSNET_ABI {

/// How serious a finding is.
enum class Severity {
  info,
  warning,  ///< csnet accepts it, but something will not work: read it before you go on.
  error,    ///< csnet refuses it, because it cannot work.
};

/// "info", "warning", "error": the enumerator's own name.
CSNET_API std::string_view to_string(Severity severity) noexcept;

/// One result of a check.
struct Finding {
  Severity severity = Severity::error;
  /// The check, one of finding_kinds(): "out-of-range". Stable, unlike the message.
  std::string id{};
  std::string subject{};  ///< The thing that it is about: "vlan 'eth0.100'".
  /// The validated value that it is about: "profiles[2]", "remove[0]" or "probes[1]"; empty
  /// when validate() was not given that value.
  std::string item{};
  /// The field to change: "id", "ipv4.gateway", "ipv4.addresses[1]", "options.miimon"; empty when
  /// it is not about a single field. For a ManagementNetwork, one of its fields.
  std::string field{};
  std::string message{};  ///< "4095 is not a VLAN id (1 to 4094)"
  std::string hint{};     ///< Advice on what to do; may be empty.

  auto operator<=>(const Finding&) const = default;
};

/// Returns the subject, the field if there is one, and the message:
/// "vlan 'eth0.100': id: 4095 is not a VLAN id (1 to 4094)".
CSNET_API std::string to_text(const Finding& finding);

/// An id of findings, and its meaning.
struct FindingKind {
  std::string_view id;
  std::string_view meaning;
};

/// Every id that a finding can have.
CSNET_API std::span<const FindingKind> finding_kinds() noexcept;

}  // namespace csnet::inline CSNET_ABI
