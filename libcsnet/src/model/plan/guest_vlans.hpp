#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace csnet::model {

/// VLAN ids, both ends included.
struct VlanRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

/// The ranges of PlanOptions::guest_vlans, "200-299,1000".
/// @throws Error (invalid) for anything that is not a VLAN id or a range of them
std::vector<VlanRange> parse_guest_vlans(std::string_view text);

}  // namespace csnet::model
