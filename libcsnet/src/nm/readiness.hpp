#pragma once

#include "activation_targets.hpp"

#include <string>
#include <vector>

/// When a profile is really usable, and what says that it may have become so.
namespace csnet::nm {

inline constexpr const char* kNoCarrier = "without a carrier";

/// What must be on the interface before it is usable; from 1.46 on NetworkManager tells of 100 at most.
std::vector<Cidr> static_addresses(const Stored& profile);

bool has_carrier(GVariant* device);

/// What the profile still lacks to be usable, or nothing. `device` may be null where nothing hangs on it.
std::string missing(const Target& target, GVariant* active, GVariant* device);

/// Whose changes may end the wait for a target: of what missing() reads, and no more than that.
std::vector<Signals> signals_about(const std::vector<Target>& targets);

}  // namespace csnet::nm
