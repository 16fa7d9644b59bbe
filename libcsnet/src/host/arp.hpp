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

}  // namespace csnet::host
