#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Words that the kernel and CloudStack know, and what they accept as names.
namespace csnet::model {

/// Why the kernel or NetworkManager would refuse this interface name ("has more than 15 bytes"), or nothing.
std::optional<std::string> why_no_interface_name(std::string_view name);

/// CloudStack's agent takes only certain names for a bridge's physical port; others end in "Can not find network".
bool agent_accepts_port(std::string_view interface_name);

/// "did you mean 'miimon'?", or "use one of: …" where nothing is near.
std::string suggest(std::string_view word, std::span<const std::string_view> known);

/// The kernel's bonding modes, each at the index that is its number.
std::span<const std::string_view> bond_modes();
/// By name or number; nothing when there is no such mode.
std::optional<std::string_view> bond_mode(std::string_view name_or_number);
std::span<const std::string_view> bond_options();
/// What a bond does without the option, as NetworkManager spells it; nothing where that depends on the host.
std::optional<std::string_view> bond_option_default(std::string_view option);
/// The names that `ethtool -C` takes.
std::span<const std::string_view> coalesce_options();

}  // namespace csnet::model
