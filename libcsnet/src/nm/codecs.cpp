#include "property.hpp"

#include <csnet/error.hpp>
#include <csnet/profile_fields.hpp>

#include <fmt/format.h>
#include <string>

/// The codecs of values that NetworkManager does not keep as a plain property.
namespace csnet::nm {
namespace {

int family(std::string_view name) { return name.starts_with("ipv6") ? AF_INET6 : AF_INET; }

/// Null when the connection has no such setting. `property` is "ipv4.addresses".
NMSettingIPConfig* find_ip_config(NMConnection* connection, std::string_view property) {
  auto* setting = find_setting(connection, property.substr(0, property.find('.')));
  return setting != nullptr ? NM_SETTING_IP_CONFIG(setting) : nullptr;
}

NMSettingIPConfig* need_ip_config(NMConnection* connection, std::string_view property) {
  return NM_SETTING_IP_CONFIG(need_setting(connection, property.substr(0, property.find('.'))));
}

using Priorities = std::map<std::uint32_t, std::uint32_t>;

void write_priorities(NMConnection* connection, NMVlanPriorityMap direction,
                      const std::optional<Priorities>& value) {
  if (!value) return;
  auto* vlan = NM_SETTING_VLAN(need_setting(connection, "vlan"));
  nm_setting_vlan_clear_priorities(vlan, direction);
  for (const auto& [from, to] : *value) nm_setting_vlan_add_priority(vlan, direction, from, to);
}

Priorities read_priorities(NMConnection* connection, NMVlanPriorityMap direction) {
  auto* vlan = NM_SETTING_VLAN(need_setting(connection, "vlan"));
  Priorities found;
  for (int i = 0; i < nm_setting_vlan_get_num_priorities(vlan, direction); ++i) {
    guint32 from = 0;
    guint32 to = 0;
    if (nm_setting_vlan_get_priority(vlan, direction, static_cast<guint32>(i), &from, &to) != FALSE)
      found.emplace(from, to);
  }
  return found;
}

constexpr std::string_view kCoalesce = "coalesce-";

}  // namespace

void write_property(codec::Addresses, NMConnection* connection, std::string_view property,
                    const std::optional<std::vector<Cidr>>& value) {
  if (!value) return;
  auto* setting = need_ip_config(connection, property);
  nm_setting_ip_config_clear_addresses(setting);
  for (const auto& cidr : *value) {
    auto* address = nm_ip_address_new(family(property), cidr.address().to_string().c_str(),
                                      cidr.prefix(), nullptr);
    nm_setting_ip_config_add_address(setting, address);
    nm_ip_address_unref(address);
  }
}

void write_property(codec::Routes, NMConnection* connection, std::string_view property,
                    const std::optional<std::vector<Route>>& value) {
  if (!value) return;
  auto* setting = need_ip_config(connection, property);
  nm_setting_ip_config_clear_routes(setting);
  for (const auto& route : *value) {
    const auto next_hop = route.next_hop() ? route.next_hop()->to_string() : std::string{};
    const auto metric = route.metric() ? static_cast<gint64>(*route.metric()) : -1;
    auto* made =
        nm_ip_route_new(family(property), route.destination().address().to_string().c_str(),
                        route.destination().prefix(), next_hop.empty() ? nullptr : next_hop.c_str(),
                        metric, nullptr);
    nm_setting_ip_config_add_route(setting, made);
    nm_ip_route_unref(made);
  }
}

void write_property(codec::IngressPriorities, NMConnection* connection, std::string_view,
                    const std::optional<Priorities>& value) {
  write_priorities(connection, NM_VLAN_INGRESS_MAP, value);
}

void write_property(codec::EgressPriorities, NMConnection* connection, std::string_view,
                    const std::optional<Priorities>& value) {
  write_priorities(connection, NM_VLAN_EGRESS_MAP, value);
}

void write_property(codec::BondMode, NMConnection* connection, std::string_view property,
                    const std::optional<std::string>& value) {
  if (!value) return;
  nm_setting_bond_add_option(NM_SETTING_BOND(need_setting(connection, "bond")),
                             NM_SETTING_BOND_OPTION_MODE, checked(property, *value));
}

void write_property(codec::BondOptions, NMConnection* connection, std::string_view property,
                    const std::optional<std::map<std::string, std::string>>& value) {
  if (!value) return;
  auto* bond = NM_SETTING_BOND(need_setting(connection, "bond"));
  std::optional<std::map<std::string, std::string>> old;
  read_property(codec::BondOptions{}, connection, property, old);
  for (const auto& [option, _] : *old) nm_setting_bond_remove_option(bond, option.c_str());
  for (const auto& [option, setting] : *value) {
    if (nm_setting_bond_add_option(bond, option.c_str(), checked(property, setting)) == FALSE) {
      throw Error(ErrorKind::invalid, fmt::format("bond option '{}'", option),
                  fmt::format("'{}' is not a value for it", setting),
                  "values are the kernel's words or numbers, as in 'ip link add type bond help'");
    }
  }
}

void write_property(codec::Coalesce, NMConnection* connection, std::string_view,
                    const std::optional<std::map<std::string, std::uint32_t>>& value) {
  if (!value || (value->empty() && find_setting(connection, "ethtool") == nullptr)) return;
  auto* ethtool = need_setting(connection, "ethtool");
  nm_setting_option_clear_by_name(ethtool, nm_ethtool_optname_is_coalesce);
  for (const auto& [option, number] : *value) {
    nm_setting_option_set_uint32(ethtool, fmt::format("{}{}", kCoalesce, option).c_str(), number);
  }
}

void reset_property(codec::BondMode, NMConnection* connection, std::string_view property) {
  write_property(codec::BondMode{}, connection, property, std::string(bond_modes.front()));
}

void read_property(codec::Addresses, NMConnection* connection, std::string_view property,
                   std::optional<std::vector<Cidr>>& value) {
  auto* ip = find_ip_config(connection, property);
  if (ip == nullptr) return;
  value.emplace();
  for (guint i = 0; i < nm_setting_ip_config_get_num_addresses(ip); ++i) {
    auto* address = nm_setting_ip_config_get_address(ip, static_cast<int>(i));
    value->emplace_back(fmt::format("{}/{}", nm_ip_address_get_address(address),
                                    nm_ip_address_get_prefix(address)));
  }
}

void read_property(codec::Routes, NMConnection* connection, std::string_view property,
                   std::optional<std::vector<Route>>& value) {
  auto* ip = find_ip_config(connection, property);
  if (ip == nullptr) return;
  value.emplace();
  for (guint i = 0; i < nm_setting_ip_config_get_num_routes(ip); ++i) {
    auto* route = nm_setting_ip_config_get_route(ip, static_cast<int>(i));
    const char* next_hop = nm_ip_route_get_next_hop(route);
    const auto metric = nm_ip_route_get_metric(route);
    value->emplace_back(
        Cidr(fmt::format("{}/{}", nm_ip_route_get_dest(route), nm_ip_route_get_prefix(route))),
        next_hop != nullptr ? std::optional<IpAddress>(next_hop) : std::nullopt,
        metric >= 0 ? std::optional(static_cast<std::uint32_t>(metric)) : std::nullopt);
  }
}

void read_property(codec::IngressPriorities, NMConnection* connection, std::string_view,
                   std::optional<Priorities>& value) {
  value = read_priorities(connection, NM_VLAN_INGRESS_MAP);
}

void read_property(codec::EgressPriorities, NMConnection* connection, std::string_view,
                   std::optional<Priorities>& value) {
  value = read_priorities(connection, NM_VLAN_EGRESS_MAP);
}

void read_property(codec::BondMode, NMConnection* connection, std::string_view,
                   std::optional<std::string>& value) {
  auto* bond = NM_SETTING_BOND(need_setting(connection, "bond"));
  const char* mode = nm_setting_bond_get_option_by_name(bond, NM_SETTING_BOND_OPTION_MODE);
  value = mode != nullptr ? mode : bond_modes.front();
}

void read_property(codec::BondOptions, NMConnection* connection, std::string_view,
                   std::optional<std::map<std::string, std::string>>& value) {
  auto* bond = NM_SETTING_BOND(need_setting(connection, "bond"));
  value.emplace();
  for (guint32 i = 0; i < nm_setting_bond_get_num_options(bond); ++i) {
    const char* option = nullptr;
    const char* setting = nullptr;
    if (nm_setting_bond_get_option(bond, i, &option, &setting) != FALSE &&
        std::string_view(option) != NM_SETTING_BOND_OPTION_MODE) {
      value->emplace(option, setting);
    }
  }
}

void read_property(codec::Coalesce, NMConnection* connection, std::string_view,
                   std::optional<std::map<std::string, std::uint32_t>>& value) {
  value.emplace();
  auto* ethtool = find_setting(connection, "ethtool");
  if (ethtool == nullptr) return;
  guint count = 0;
  const char* const* names = nm_setting_option_get_all_names(ethtool, &count);
  for (guint i = 0; i < count; ++i) {
    guint32 number = 0;
    if (nm_ethtool_optname_is_coalesce(names[i]) != FALSE &&
        nm_setting_option_get_uint32(ethtool, names[i], &number) != FALSE) {
      value->emplace(std::string_view(names[i]).substr(kCoalesce.size()), number);
    }
  }
}

}  // namespace csnet::nm
