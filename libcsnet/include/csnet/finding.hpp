#pragma once

#include <csnet/api.hpp>

#include <compare>
#include <string>
#include <string_view>

namespace csnet {

enum class Severity {
  info,
  warning,  ///< It works, but something else will not: read it before you go on.
  error,    ///< It cannot work; csnet refuses it.
};

CSNET_API std::string_view to_string(Severity severity) noexcept;

/// One thing that a check saw.
struct Finding {
  Severity severity = Severity::error;
  std::string subject{};   ///< "vlan 'eth0.100'"
  std::string evidence{};  ///< "id 4095 is not a VLAN id (1 to 4094)"
  std::string remedy{};    ///< What to do about it; may be empty.

  auto operator<=>(const Finding&) const = default;
};

}  // namespace csnet
