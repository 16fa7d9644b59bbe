#pragma once

#include <csnet/profile.hpp>

#include <vector>

namespace csnet {

/// What a host's network is, or is wanted to be: desired and current are the same type.
struct HostState {
  std::vector<Profile> profiles{};

  bool operator==(const HostState&) const = default;
};

}  // namespace csnet
