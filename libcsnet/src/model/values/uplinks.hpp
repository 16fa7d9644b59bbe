#pragma once

#include <csnet/host_state.hpp>

#include <string>
#include <vector>

namespace csnet::model {

/// Whether the interface is a NIC. NetworkManager treats a container's veth as one.
bool is_nic(const Device& device);

/// The ports of a bridge that lead to a network outside the host: NICs, VLANs and bonds, by interface
/// name. A container's virtual NIC leads there only when a profile makes it a port.
std::vector<std::string> uplinks_of(const Device& bridge, const Facts& facts);

}  // namespace csnet::model
