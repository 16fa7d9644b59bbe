#include "property.hpp"

#include <csnet/error.hpp>
#include <csnet/profile_fields.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <string>

namespace csnet::nm {
namespace {

struct Name {
  std::string setting;
  std::string property;
};

Name split(std::string_view name) {
  const auto dot = name.find('.');
  return {std::string(name.substr(0, dot)),
          std::string(dot == std::string_view::npos ? "" : name.substr(dot + 1))};
}

/// GLib's typed box, emptied at the end of its scope.
class Value {
 public:
  Value() = default;
  explicit Value(GType type) { g_value_init(&value_, type); }
  ~Value() {
    if (G_VALUE_TYPE(&value_) != 0) g_value_unset(&value_);
  }
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;
  GValue* get() { return &value_; }

 private:
  GValue value_ = G_VALUE_INIT;
};

/// GLib converts a number to the property's own type (guint, gint, gint64, flags) and back.
template <class Number>
void write_number(NMConnection* connection, std::string_view name,
                  const std::optional<Number>& number) {
  if (!number) return;
  Value value(G_TYPE_INT64);
  g_value_set_int64(value.get(), static_cast<gint64>(*number));
  g_object_set_property(G_OBJECT(need_setting(connection, split(name).setting)),
                        split(name).property.c_str(), value.get());
}

template <class Number>
void read_number(NMConnection* connection, std::string_view name, std::optional<Number>& number) {
  auto* setting = find_setting(connection, split(name).setting);
  if (setting == nullptr) return;
  Value value(G_TYPE_INT64);
  g_object_get_property(G_OBJECT(setting), split(name).property.c_str(), value.get());
  number = static_cast<Number>(g_value_get_int64(value.get()));
}

/// D-Bus carries UTF-8 without a null character, and GLib ends the process over anything else.
const char* checked(std::string_view name, const std::string& text) {
  if (g_utf8_validate_len(text.data(), text.size(), nullptr) != FALSE) return text.c_str();
  throw Error(ErrorKind::invalid, std::string(name), "is not UTF-8 text, or holds a null character",
              "write it in UTF-8");
}

void write_text(NMConnection* connection, std::string_view name, const char* text) {
  g_object_set(need_setting(connection, split(name).setting), split(name).property.c_str(), text,
               nullptr);
}

std::optional<std::string> read_text(NMConnection* connection, std::string_view name) {
  auto* setting = find_setting(connection, split(name).setting);
  if (setting == nullptr) return std::nullopt;
  StringPtr text;
  g_object_get(setting, split(name).property.c_str(), static_cast<char**>(Out(text)), nullptr);
  if (!text) return std::nullopt;
  return text.get();
}

/// A foreign profile may hold what csnet's stricter types refuse; to csnet it is then as if it were not there.
template <class T>
void read_parsed(NMConnection* connection, std::string_view name, std::optional<T>& value) {
  if (const auto text = read_text(connection, name)) value = T::parse(*text);
}

int family(std::string_view name) { return name.starts_with("ipv6") ? AF_INET6 : AF_INET; }

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

NMSetting* find_setting(NMConnection* connection, std::string_view name) {
  return nm_connection_get_setting_by_name(connection, std::string(name).c_str());
}

NMSetting* need_setting(NMConnection* connection, std::string_view name) {
  if (auto* setting = find_setting(connection, name)) return setting;
  auto* setting =
      NM_SETTING(g_object_new(nm_setting_lookup_type(std::string(name).c_str()), nullptr));
  nm_connection_add_setting(connection, setting);
  return setting;
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::string& value) {
  if (!value.empty()) write_text(connection, property, checked(property, value));
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::string>& value) {
  if (!value) return;
  write_text(connection, property, value->empty() ? nullptr : checked(property, *value));
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<bool>& value) {
  if (!value) return;
  g_object_set(need_setting(connection, split(property).setting), split(property).property.c_str(),
               static_cast<gboolean>(*value), nullptr);
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::int32_t>& value) {
  write_number(connection, property, value);
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::uint32_t>& value) {
  write_number(connection, property, value);
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::int64_t>& value) {
  write_number(connection, property, value);
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<MacAddress>& value) {
  if (value) write_text(connection, property, value->to_string().c_str());
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<IpAddress>& value) {
  if (value) write_text(connection, property, value->to_string().c_str());
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::vector<std::string>>& value) {
  if (!value) return;
  std::vector<const char*> words;
  words.reserve(value->size() + 1);
  for (auto word = value->begin(); word != value->end(); ++word) {
    // nmcli drops what is named twice, and so do we.
    if (std::find(value->begin(), word, *word) == word) words.push_back(checked(property, *word));
  }
  words.push_back(nullptr);
  g_object_set(need_setting(connection, split(property).setting), split(property).property.c_str(),
               words.data(), nullptr);
}

void write_property(codec::Addresses, NMConnection* connection, std::string_view property,
                    const std::optional<std::vector<Cidr>>& value) {
  if (!value) return;
  auto* setting = NM_SETTING_IP_CONFIG(need_setting(connection, split(property).setting));
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
  auto* setting = NM_SETTING_IP_CONFIG(need_setting(connection, split(property).setting));
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

/// NetworkManager keeps the mode among the options.
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

void reset_property(codec::Property, NMConnection* connection, std::string_view property) {
  auto* setting = find_setting(connection, split(property).setting);
  if (setting == nullptr) return;
  const auto name = split(property).property;
  auto* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(setting), name.c_str());
  Value value(G_PARAM_SPEC_VALUE_TYPE(spec));
  g_param_value_set_default(spec, value.get());
  g_object_set_property(G_OBJECT(setting), name.c_str(), value.get());
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::string& value) {
  value = read_text(connection, property).value_or("");
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::string>& value) {
  value = read_text(connection, property);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<bool>& value) {
  auto* setting = find_setting(connection, split(property).setting);
  if (setting == nullptr) return;
  gboolean flag = FALSE;
  g_object_get(setting, split(property).property.c_str(), &flag, nullptr);
  value = flag != FALSE;
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::int32_t>& value) {
  read_number(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::uint32_t>& value) {
  read_number(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::int64_t>& value) {
  read_number(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<MacAddress>& value) {
  read_parsed(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<IpAddress>& value) {
  read_parsed(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::vector<std::string>>& value) {
  auto* setting = find_setting(connection, split(property).setting);
  if (setting == nullptr) return;
  StringsPtr words;
  g_object_get(setting, split(property).property.c_str(), static_cast<char***>(Out(words)),
               nullptr);
  value.emplace();
  for (char** word = words.get(); word != nullptr && *word != nullptr; ++word)
    value->emplace_back(*word);
}

void read_property(codec::Addresses, NMConnection* connection, std::string_view property,
                   std::optional<std::vector<Cidr>>& value) {
  auto* setting = find_setting(connection, split(property).setting);
  if (setting == nullptr) return;
  auto* ip = NM_SETTING_IP_CONFIG(setting);
  value.emplace();
  for (guint i = 0; i < nm_setting_ip_config_get_num_addresses(ip); ++i) {
    auto* address = nm_setting_ip_config_get_address(ip, static_cast<int>(i));
    value->emplace_back(fmt::format("{}/{}", nm_ip_address_get_address(address),
                                    nm_ip_address_get_prefix(address)));
  }
}

void read_property(codec::Routes, NMConnection* connection, std::string_view property,
                   std::optional<std::vector<Route>>& value) {
  auto* setting = find_setting(connection, split(property).setting);
  if (setting == nullptr) return;
  auto* ip = NM_SETTING_IP_CONFIG(setting);
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
