#pragma once

#include <string>

namespace csnet::host {

/// Makes the kernel keep the address that the bridge has now, whatever its ports' are: otherwise it takes the lowest of
/// theirs, and changes it while an uplink is replaced. Until the interface is made anew; no profile is touched. False
/// when it cannot be done, which costs VMs a few pings to the host and nothing else.
bool keep_address(const std::string& bridge);

}  // namespace csnet::host
