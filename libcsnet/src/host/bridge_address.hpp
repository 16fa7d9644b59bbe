#pragma once

#include <string>

namespace csnet::host {

/// Makes the kernel keep the bridge's present MAC address until the interface is made anew.
/// Otherwise the kernel uses the lowest one of the ports, and changes it while an uplink is
/// replaced. Changes no profile. False when the kernel refuses; then VMs only lose a few pings to
/// the host.
bool keep_address(const std::string& bridge);

}  // namespace csnet::host
