#pragma once

#include <csnet/address.hpp>

#include <optional>
#include <string>

/// Whether an address that is well-formed can be a host's.
namespace csnet::model {

/// Why no host can have the address ("is a multicast address"), or nothing.
std::optional<std::string> why_no_host(const IpAddress& address);
/// The same for an address with its network: also the network's own and its broadcast address.
std::optional<std::string> why_no_host(const Cidr& address);
/// The same for an address without a prefix, such as a gateway's, in the network of another one.
std::optional<std::string> why_no_host_in(const Cidr& network, const IpAddress& address);

}  // namespace csnet::model
