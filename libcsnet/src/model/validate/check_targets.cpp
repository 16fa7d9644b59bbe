#include "checks.hpp"

#include <csnet/address.hpp>

#include <fmt/format.h>
#include <algorithm>

namespace csnet::model {
namespace {

std::optional<IpAddress> target_of(const Probe& probe) {
  switch (probe.type) {
    case ProbeType::tcp: {
      const auto endpoint = Endpoint::parse(probe.target);
      return endpoint ? std::optional(endpoint->address()) : std::nullopt;
    }
    case ProbeType::arp:
      return IpAddress::parse(probe.target);
    case ProbeType::command:
      break;
  }
  return std::nullopt;
}

template <int Family>
bool has_address(const std::optional<IpConfig<Family>>& ip, const IpAddress& address) {
  return ip && ip->addresses && std::ranges::any_of(*ip->addresses, [&](const Cidr& own) {
           return own.address() == address;
         });
}

/// Nothing when the configuration leads to the target, or does not tell: DHCP may bring a route.
template <int Family>
std::optional<std::string> why_no_way(const std::optional<IpConfig<Family>>& ip, const Probe& probe,
                                      const IpAddress& target) {
  if (!ip || !ip->addresses || ip->addresses->empty() || ip->method.value_or("manual") != "manual")
    return std::nullopt;
  const auto leads = [&](const Cidr& network) { return network.contains(target); };
  if (std::ranges::any_of(*ip->addresses, leads)) return std::nullopt;
  const auto outside =
      fmt::format("{} is in no network of {}", target.to_string(), probe.interface_name);
  if (probe.type == ProbeType::arp) return outside + ", and ARP does not leave it";
  const auto routes = ip->routes.value_or(std::vector<Route>{});
  if (std::ranges::any_of(routes, [&](const Route& route) { return leads(route.destination()); }))
    return std::nullopt;
  if (ip->gateway && !ip->never_default.value_or(false)) return std::nullopt;
  return outside + ", which has neither a gateway nor a route to it";
}

}  // namespace

void check_way_to_target(const Request& request, std::size_t at, std::vector<Finding>& all) {
  const auto& probe = request.probes[at];
  const auto target = target_of(probe);
  if (!target) return;
  Findings findings(all, subject_of_probe(probe), {"probes", at});
  for (const auto& profile : request.wanted.profiles) {
    profile.visit([&](const auto& of) {
      const bool is_port = of.port || !of.controller.value_or("").empty();
      if (is_port) return;
      if (has_address(of.ipv4, *target) || has_address(of.ipv6, *target)) {
        findings.error("own-address-probed", "target",
                       fmt::format("{} is an address of {}", target->to_string(), subject(of)),
                       "a probe of the host itself proves nothing: name another host");
        return;
      }
      if (probe.interface_name.empty() || of.interface_name != probe.interface_name) return;
      const auto why = target->is_ipv6() ? why_no_way(of.ipv6, probe, *target)
                                         : why_no_way(of.ipv4, probe, *target);
      if (why)
        findings.error("no-route-to-target", "target", *why,
                       "correct the address, or add a gateway or a route");
    });
  }
}

}  // namespace csnet::model
