#include "bridge_address.hpp"

#include "descriptor.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace csnet::host {

bool keep_address(const std::string& bridge) {
  ifreq request{};
  if (bridge.size() >= sizeof(request.ifr_name)) return false;
  bridge.copy(request.ifr_name, bridge.size());
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // When the present address is set again, the kernel marks it as set by a user (NET_ADDR_SET).
  return socket && ioctl(socket.get(), SIOCGIFHWADDR, &request) == 0 &&
         ioctl(socket.get(), SIOCSIFHWADDR, &request) == 0;
}

}  // namespace csnet::host
