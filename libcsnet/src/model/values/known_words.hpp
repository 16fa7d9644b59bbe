#pragma once

#include <cstdint>
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

/// The kernel's bonding modes, each at the index that is its number.
std::span<const std::string_view> bond_modes();
/// By name or number; nothing when there is no such mode.
std::optional<std::string_view> bond_mode(std::string_view name_or_number);
std::span<const std::string_view> bond_options();
/// The default of the option, as NetworkManager spells it; nothing when it depends on the host.
std::optional<std::string_view> bond_option_default(std::string_view option);
/// The names that `ethtool -C` accepts.
std::span<const std::string_view> coalesce_options();

}  // namespace csnet::model
