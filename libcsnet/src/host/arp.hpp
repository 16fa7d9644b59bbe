#pragma once

#include "wait.hpp"

#include <csnet/address.hpp>

#include <optional>
#include <string>

namespace csnet::host {

/// Sends ARP requests for the IPv4 address until it answers. Returns nothing when it did, else why
/// it did not.
/// @param interface empty: the one whose network contains the address
std::optional<std::string> why_no_arp(const IpAddress& target, const std::string& interface,
                                      const Wait& wait);

/// Announces the IPv4 address to the neighbours on the interface's link (gratuitous ARP): a
/// neighbour that has another MAC address for it would keep using that for minutes or hours. Best
/// effort.
void announce(const IpAddress& address, const std::string& interface);

}  // namespace csnet::host
