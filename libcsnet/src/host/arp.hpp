#pragma once

#include "wait.hpp"

#include <csnet/address.hpp>

#include <optional>
#include <string>

namespace csnet::host {

/// Asks who has the IPv4 address until somebody answers; nothing when it did, else why not.
/// @param interface empty: the one in whose network the address is
std::optional<std::string> why_no_arp(const IpAddress& target, const std::string& interface,
                                      const Wait& wait);

/// Tells the neighbours on the interface's link that the IPv4 address is here, without being asked: whoever learnt another
/// MAC address for it would believe in that for minutes or hours. Best effort.
void announce(const IpAddress& address, const std::string& interface);

}  // namespace csnet::host
