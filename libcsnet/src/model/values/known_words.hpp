#pragma once

#include <csnet/profile.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Words that the kernel and CloudStack know, and what they accept as names.
namespace csnet::model {

/// Why the kernel or NetworkManager would refuse this interface name ("has more than 15 bytes"), or
/// nothing.
std::optional<std::string> why_no_interface_name(std::string_view name);

/// CloudStack's agent recognises only certain names as a bridge's physical port; others end in "Can
/// not find network".
bool agent_accepts_port(std::string_view interface_name);

/// "did you mean 'miimon'?", or "use one of: …" when no known word is similar.
std::string suggest(std::string_view word, std::span<const std::string_view> known);

/// The kernel's name of a bonding mode, by its name or number; nothing when there is no such mode.
std::optional<std::string_view> bond_mode(std::string_view name_or_number);
bool is_lacp(const BondProfile& bond);

/// An option of the kernel's bonding driver, as NetworkManager spells it.
struct BondOption {
  std::string_view name;
  std::string_view standard;  ///< Without the option; empty where that depends on the host.
  bool reappliable;           ///< As FieldTraits::reappliable.
};
/// All, sorted by name.
std::span<const BondOption> bond_options();
/// Null when there is no such option.
const BondOption* bond_option(std::string_view name);

/// The names that `ethtool -C` accepts.
std::span<const std::string_view> coalesce_options();

}  // namespace csnet::model
