#pragma once

#include "activation_targets.hpp"

#include <string>
#include <vector>

/// Tells when a profile is usable, and which signals may announce it.
namespace csnet::nm {

inline constexpr const char* kNoCarrier = "without a carrier";

/// The addresses that the interface must have before it is usable. Empty for more than 100: from
/// 1.46 on NetworkManager reports 100 at most.
std::vector<Cidr> static_addresses(const Stored& profile);

bool has_carrier(GVariant* device);

/// The thing that the profile lacks to be usable, "without a port"; empty when it is usable. Only a
/// target with ports needs `device`.
std::string missing(const Target& target, GVariant* active, GVariant* device);

/// The signals that may end the wait for a target: changes of the properties that missing() reads.
std::vector<Signals> signals_about(const std::vector<Target>& targets);

}  // namespace csnet::nm
