#include <csnet/management_network.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace csnet::inline CSNET_ABI {
namespace {

using Names = std::span<const std::pair<std::string_view, std::string_view>>;

/// Fields of profiles, and the recipe's fields from which they are made. All others have the same
/// name in both.
template <class P>
Names names() {
  using Pair = std::pair<std::string_view, std::string_view>;
  if constexpr (std::is_same_v<P, BridgeProfile>) {
    static constexpr auto all = std::to_array<Pair>({{"name", "bridge"},
                                                     {"interface_name", "bridge"},
                                                     {"controller", "bridge"},
                                                     {"ipv4.gateway", "gateway"},
                                                     {"ipv6.gateway", "gateway6"},
                                                     {"ipv4.dns_search", "dns_search"}});
    return all;
  } else if constexpr (std::is_same_v<P, BondProfile>) {
    static constexpr auto all = std::to_array<Pair>({{"name", "bond"},
                                                     {"interface_name", "bond"},
                                                     {"mode", "bond_mode"},
                                                     {"options", "bond_options"},
                                                     {"port", "bridge"},
                                                     {"controller", "bridge"}});
    return all;
  } else if constexpr (std::is_same_v<P, VlanProfile>) {
    static constexpr auto all = std::to_array<Pair>({{"name", "vlan"},
                                                     {"interface_name", "vlan"},
                                                     {"id", "vlan"},
                                                     {"parent", "uplinks"},
                                                     {"port", "bridge"},
                                                     {"controller", "bridge"}});
    return all;
  } else {
    return {};
  }
}

/// The element of the recipe's list, which has both families: the one with this index among those of the family.
template <class T, class IsOfFamily>
std::string in_one_list(std::string_view list, const std::vector<T>& all, std::string_view index,
                        IsOfFamily is_of_family) {
  std::size_t wanted = 0;
  std::from_chars(index.data(), index.data() + index.size(), wanted);
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (is_of_family(all[at]) && wanted-- == 0) return fmt::format("{}[{}]", list, at);
  }
  return std::string(list);
}

std::string of_bridge(const ManagementNetwork& network, std::string_view field) {
  for (const bool ipv6 : {false, true}) {
    const auto addresses = ipv6 ? std::string_view("ipv6.addresses[") : "ipv4.addresses[";
    const auto dns = ipv6 ? std::string_view("ipv6.dns[") : "ipv4.dns[";
    if (field.starts_with(addresses)) {
      return in_one_list("addresses", network.addresses, field.substr(addresses.size()),
                         [&](const Cidr& address) { return address.is_ipv6() == ipv6; });
    }
    if (field.starts_with(dns)) {
      return in_one_list("dns", network.dns, field.substr(dns.size()),
                         [&](const std::string& server) {
                           return (server.find(':') != std::string::npos) == ipv6;
                         });
    }
  }
  return {};
}

}  // namespace

std::string recipe_field(const ManagementNetwork& network, const Profile& made,
                         std::string_view field) {
  if (made.is<BridgeProfile>()) {
    if (auto found = of_bridge(network, field); !found.empty()) return found;
  }
  if (made.is<EthernetProfile>()) {
    const auto at = std::ranges::find(network.uplinks, made.interface_name());
    if ((field == "name" || field == "interface_name") && at != network.uplinks.end())
      return fmt::format("uplinks[{}]", std::distance(network.uplinks.begin(), at));
    if (field == "controller" || field == "port")
      return network.bridge == made.controller() ? "bridge" : "bond";
  }
  const auto known = made.visit([]<class P>(const P&) { return names<P>(); });
  const auto found = std::ranges::find_if(known, [&](const auto& pair) {
    return field == pair.first ||
           (field.starts_with(pair.first) && field.substr(pair.first.size()).starts_with('.'));
  });
  if (found == known.end()) return std::string(field);
  return fmt::format("{}{}", found->second, field.substr(found->first.size()));
}

}  // namespace csnet::inline CSNET_ABI
