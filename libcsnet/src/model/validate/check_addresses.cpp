#include "checks.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace csnet::model {
namespace {

/// A static address of a profile: the profile's place, its own in the list, and its network's first
/// address.
struct Placed {
  const Cidr* address;
  std::size_t at;
  std::size_t index;
  std::array<std::uint8_t, 16> network;
};

std::array<std::uint8_t, 16> network_of(const Cidr& address) {
  auto bytes = address.address().bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto bits =
        std::clamp(static_cast<int>(address.prefix()) - static_cast<int>(i) * 8, 0, 8);
    bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xFF00U >> static_cast<unsigned>(bits)));
  }
  return bytes;
}

/// NetworkManager never configures the addresses of a port.
bool has_addresses(const ProfileGraph& graph, std::size_t at) {
  return graph.counts(at) && !graph[at].port() && graph[at].controller().value_or("").empty();
}

std::vector<Placed> addresses_of(const ProfileGraph& graph) {
  std::vector<Placed> all;
  const auto add = [&](std::size_t at, const auto& ip) {
    if (!ip || !ip->addresses) return;
    const auto& addresses = *ip->addresses;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      if (!addresses[i].address().is_ipv6_link_local())
        all.push_back({&addresses[i], at, i, network_of(addresses[i])});
    }
  };
  for (std::size_t at = 0; at < graph.size(); ++at) {
    if (!has_addresses(graph, at)) continue;
    graph[at].visit([&](const auto& of) {
      add(at, of.ipv4);
      add(at, of.ipv6);
    });
  }
  return all;
}

/// "ipv4.addresses[1]"
std::string field_of(const Placed& placed) {
  return fmt::format("ipv{}.addresses[{}]", placed.address->is_ipv6() ? 6 : 4, placed.index);
}

/// Two profiles, by their places.
using Pairs = std::set<std::pair<std::size_t, std::size_t>>;

Pairs check_same_address(const ProfileGraph& graph, std::span<const Placed> addresses,
                         FindingsByProfile& findings) {
  struct Holders {
    explicit Holders(const ProfileGraph& all) : holders(all) {}
    FirstHolders holders;
    std::optional<std::size_t> last{};
    bool twice = false;  // in the last profile
  };
  std::map<IpAddress, Holders> holders;
  Pairs found;
  for (const auto& placed : addresses) {
    const auto at = placed.at;
    const auto& address = placed.address->address();
    auto& its = holders.try_emplace(address, graph).first->second;
    if (its.last == at) {
      // NetworkManager, the kernel and nmcli accept it.
      if (!std::exchange(its.twice, true)) {
        findings.of(at).warning("repeated-address", field_of(placed),
                                fmt::format("{} is listed twice", address.to_string()),
                                "leave one of the two out");
      }
      continue;
    }
    if (const auto other = its.holders.rival_of(at)) {
      findings.of(at).error(
          "duplicate-address", field_of(placed),
          fmt::format("{} is also an address of {}", address.to_string(),
                      subject_beside(graph[*other], graph[at])),
          "an address belongs to one interface: leave it out of the other profile");
      found.emplace(*other, at);
    }
    its.holders.add(at);
    its.last = at;
    its.twice = false;
  }
  return found;
}

/// Two networks are either disjoint or nested. In the order of their first addresses, wide before
/// narrow, the networks around the next one form a stack. The finding names the nearest of another
/// interface.
void check_overlap(const ProfileGraph& graph, std::vector<Placed> addresses, Pairs known,
                   FindingsByProfile& findings) {
  const auto key = [](const Placed& of) {
    return std::tuple(of.address->is_ipv6(), of.network, of.address->prefix());
  };
  const auto before = [](const Placed& a, const Placed& b) { return a.at < b.at; };
  std::ranges::stable_sort(addresses, {}, key);
  std::vector<const Placed*> around;  // the first address of each network
  for (const auto& placed : addresses) {
    const auto& address = *placed.address;
    while (!around.empty() && !around.back()->address->contains(address.address()))
      around.pop_back();
    const auto nearest = std::find_if(around.rbegin(), around.rend(), [&](const Placed* network) {
      return !graph.one_interface(network->at, placed.at);
    });
    if (nearest != around.rend()) {
      const auto [earlier, later] = std::minmax(**nearest, placed, before);
      if (known.emplace(earlier.at, later.at).second) {
        findings.of(later.at).warning(
            "overlapping-networks", field_of(later),
            fmt::format("{} overlaps {} of {}: the kernel may answer from either interface",
                        later.address->to_string(), earlier.address->to_string(),
                        subject_beside(graph[earlier.at], graph[later.at])),
            "give each interface a network of its own");
      }
    }
    if (around.empty() || around.back()->address->prefix() != address.prefix())
      around.push_back(&placed);
  }
}

/// Default gateways of one family. Two do not collide when both profiles name different metrics.
class Gateways {
 public:
  explicit Gateways(const ProfileGraph& graph)
      : graph_(graph), all_(graph), without_metric_(graph) {}

  template <int Family>
  void check(std::size_t at, const std::optional<IpConfig<Family>>& ip,
             FindingsByProfile& findings) {
    if (!ip || !ip->gateway || ip->never_default.value_or(false)) return;
    const auto metric = ip->route_metric.value_or(-1);
    auto other = metric == -1 ? all_.rival_of(at) : without_metric_.rival_of(at);
    if (metric != -1) {
      auto& same = by_metric_.try_emplace(metric, graph_).first->second;
      if (const auto with_it = same.rival_of(at); with_it && (!other || *with_it < *other))
        other = with_it;
      same.add(at);
    } else {
      without_metric_.add(at);
    }
    all_.add(at);
    if (!other) return;
    findings.of(at).error(
        "duplicate-default-gateway", fmt::format("ipv{}.gateway", Family),
        fmt::format("{} is a second default gateway beside that of {}", ip->gateway->to_string(),
                    subject_beside(graph_[*other], graph_[at])),
        "leave one out and give its profile routes, or give each a route_metric of its own");
  }

 private:
  const ProfileGraph& graph_;
  FirstHolders all_, without_metric_;
  std::map<std::int64_t, FirstHolders> by_metric_;
};

}  // namespace

void check_addresses(const ProfileGraph& graph, FindingsByProfile& findings) {
  auto addresses = addresses_of(graph);
  auto same = check_same_address(graph, addresses, findings);
  check_overlap(graph, std::move(addresses), std::move(same), findings);

  Gateways ipv4(graph), ipv6(graph);
  for (std::size_t at = 0; at < graph.size(); ++at) {
    if (!has_addresses(graph, at)) continue;
    graph[at].visit([&](const auto& of) {
      ipv4.check(at, of.ipv4, findings);
      ipv6.check(at, of.ipv6, findings);
    });
  }
}

}  // namespace csnet::model
