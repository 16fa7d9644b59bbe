#include "run_probe.hpp"

#include "arp.hpp"
#include "command.hpp"
#include "socket_address.hpp"
#include "text.hpp"
#include "waiter.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <net/if.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

namespace csnet::host {
namespace {

using std::chrono::milliseconds;

constexpr auto kAttempt = milliseconds{1000};

[[noreturn]] void refuse(const Probe& probe, const std::string& message, std::string hint) {
  throw Error(ErrorKind::invalid, fmt::format("probe '{} {}'", to_string(probe.type), probe.target),
              message, std::move(hint));
}

/// When no process listens, the kernel may choose the target's port as the connection's own, which
/// then connects to itself.
bool is_own_end(const Descriptor& socket) {
  sockaddr_in6 own{};
  sockaddr_in6 peer{};
  socklen_t own_size = sizeof own;
  socklen_t peer_size = sizeof peer;
  return getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own), &own_size) == 0 &&
         getpeername(socket.get(), reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0 &&
         own_size == peer_size && std::memcmp(&own, &peer, own_size) == 0;
}

Attempt failed(int error) {
  const bool has_no_route = error == ENETUNREACH || error == EHOSTUNREACH;
  return {has_no_route ? Attempt::End::no_route : Attempt::End::failed, kernel_says(error)};
}

/// Makes the connection go out of the interface, from its own address. Returns nothing on success.
std::optional<Attempt> bind_to(const std::string& interface, const SocketAddress& target,
                               const Descriptor& socket) {
  if (setsockopt(socket.get(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                 static_cast<socklen_t>(interface.size())) != 0) {
    const int error = errno;
    if (error == ENODEV) {
      return Attempt{Attempt::End::failed, why_no_address(interface, target.family())};
    }
    return Attempt{error == EPERM ? Attempt::End::hopeless : Attempt::End::failed,
                   fmt::format("cannot use '{}': {}", interface, kernel_says(error))};
  }
  // For a link-local target the kernel uses the interface's link-local address.
  if (target.is_link_local()) return std::nullopt;
  const auto own = first_address(interface, target.family());
  if (!own) return Attempt{Attempt::End::failed, why_no_address(interface, target.family())};
  if (bind(socket.get(), own->get(), own->size()) != 0) return failed(errno);
  return std::nullopt;
}

/// @param interface the one to connect from; empty: the kernel's routes decide
Attempt connect_once(const SocketAddress& target, const std::string& interface, Waiter& waiter,
                     Clock::time_point until) {
  const Descriptor socket(
      ::socket(target.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  if (!socket) return failed(errno);
  if (!interface.empty()) {
    if (auto refusal = bind_to(interface, target, socket)) return *refusal;
  }
  if (connect(socket.get(), target.get(), target.size()) != 0) {
    if (errno != EINPROGRESS) return failed(errno);
    const auto end = Clock::now() + kAttempt;
    if (!waiter.poll(socket, POLLOUT, std::min(end, until))) {
      return {end <= until ? Attempt::End::silent : Attempt::End::cut_short};
    }
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return failed(error);
  }
  return is_own_end(socket) ? failed(ECONNREFUSED) : Attempt{};
}

std::optional<std::string> why_no_connection(const Probe& probe, bool from_interface,
                                             const Wait& wait) {
  const auto endpoint = Endpoint::parse(probe.target);
  if (!endpoint)
    refuse(probe, "is not ADDRESS:PORT", "write 192.168.100.2:8250 or [2001:db8::2]:8250");
  const auto interface = from_interface ? probe.interface_name : std::string{};
  const Manner manner{.least = milliseconds{10},
                      .most = milliseconds{100},
                      .ends_without_route = !from_interface};  // before the change
  return why_none_passes(wait, manner, [&](Waiter& waiter, Clock::time_point until) {
    // The kernel uses the index for link-local targets only.
    const SocketAddress target(endpoint->address(), endpoint->port(),
                               if_nametoindex(probe.interface_name.c_str()));
    return connect_once(target, interface, waiter, until);
  });
}

}  // namespace

std::optional<std::string> why_unreachable(const Probe& probe, bool from_interface,
                                           const Wait& wait) {
  switch (probe.type) {
    case ProbeType::tcp:
      return why_no_connection(probe, from_interface, wait);
    case ProbeType::arp: {
      const auto address = IpAddress::parse(probe.target);
      if (!address || address->is_ipv6())
        refuse(probe, "is not an IPv4 address", "arp asks for an IPv4 neighbour, 192.168.100.1");
      return why_no_arp(*address, from_interface ? probe.interface_name : "", wait);
    }
    case ProbeType::command:
      break;
  }
  if (probe.target.find_first_not_of(" \t\n") == std::string::npos ||
      probe.target.find('\0') != std::string::npos) {
    refuse(probe, "is not a command line", "write one for the shell: ping -c 1 192.168.100.1");
  }
  return why_command_fails(probe.target, wait);
}

}  // namespace csnet::host
