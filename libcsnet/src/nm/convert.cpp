#include "convert.hpp"

#include "property.hpp"

#include <csnet/error.hpp>
#include <csnet/fields.hpp>
#include <csnet/validate.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace csnet::nm {
namespace {

template <class T>
inline constexpr const char* setting_name = nullptr;
template <>
inline constexpr const char* setting_name<BridgeProfile> = NM_SETTING_BRIDGE_SETTING_NAME;
template <>
inline constexpr const char* setting_name<VlanProfile> = NM_SETTING_VLAN_SETTING_NAME;
template <>
inline constexpr const char* setting_name<BondProfile> = NM_SETTING_BOND_SETTING_NAME;
template <>
inline constexpr const char* setting_name<EthernetProfile> = NM_SETTING_WIRED_SETTING_NAME;
template <>
inline constexpr const char* setting_name<BridgePort> = NM_SETTING_BRIDGE_PORT_SETTING_NAME;
template <>
inline constexpr const char* setting_name<BondPort> = "bond-port";

/// The port's `connection.slave-type`.
template <class PortType>
inline constexpr const char* port_type = std::is_same_v<PortType, BridgePort> ? "bridge" : "bond";

template <class T>
void write_fields(NMConnection* connection, const T& value);
template <class T>
void read_fields(NMConnection* connection, T& value);

void remove_setting(NMConnection* connection, const char* name) {
  if (auto* setting = find_setting(connection, name))
    nm_connection_remove_setting(connection, G_OBJECT_TYPE(setting));
}

void set_port_type(NMConnection* connection, const char* type) {
  g_object_set(need_setting(connection, "connection"), NM_SETTING_CONNECTION_SLAVE_TYPE, type,
               nullptr);
}

void detach(NMConnection* connection) {
  set_port_type(connection, nullptr);
  for (const char* name : {setting_name<BridgePort>, setting_name<BondPort>})
    remove_setting(connection, name);
}

template <class P>
void write_port(NMConnection* connection, const P& profile) {
  if (profile.controller && profile.controller->empty()) detach(connection);
  if (!profile.port) return;
  std::visit(
      [&]<class PortType>(const PortType& port) {
        using Other =
            std::conditional_t<std::is_same_v<PortType, BridgePort>, BondPort, BridgePort>;
        remove_setting(connection, setting_name<Other>);
        // A port has no IP settings of its own; normalize() would refuse remaining ones.
        for (const char* name : {"ipv4", "ipv6", "proxy"}) remove_setting(connection, name);
        set_port_type(connection, port_type<PortType>);
        need_setting(connection, setting_name<PortType>);
        write_fields(connection, port);
      },
      *profile.port);
}

template <class T>
void write_fields(NMConnection* connection, const T& value) {
  for_each_field<T>([&]<class Member>(const Field<T, Member>& field) {
    const auto& member = value.*field.member;
    if constexpr (std::is_same_v<Member, std::optional<Port>>) {
      write_port(connection, value);
    } else if constexpr (requires { requires has_fields<typename Member::value_type>; }) {
      if (member) write_fields(connection, *member);
    } else if constexpr (!std::is_same_v<Member, std::vector<std::string>>) {
      write_property(connection, field.property, member);
    }
  });
  if constexpr (requires {
                  value.gateway;
                  value.addresses->empty();
                  value.may_fail;
                }) {
    // NetworkManager refuses a gateway without an address; merge() drops it, too.
    if (value.addresses && value.addresses->empty() && !value.gateway) {
      g_object_set(need_setting(connection, std::is_same_v<T, Ip4Config> ? "ipv4" : "ipv6"),
                   NM_SETTING_IP_CONFIG_GATEWAY, nullptr, nullptr);
    }
  }
}

template <class Member>
void reset_member(NMConnection* connection, std::string_view property, const Member*) {
  if constexpr (requires { requires has_fields<typename Member::value_type>; }) {
    remove_setting(connection, std::string(property).c_str());
  } else if constexpr (requires { typename Member::value_type::const_iterator; } &&
                       !std::is_same_v<typename Member::value_type, std::string>) {
    write_property(connection, property, Member(std::in_place));
  } else {
    reset_property(connection, property);
  }
}

/// Resets one field of `reset`, "mtu" or "ipv4.gateway"; merge() has refused unknown ones.
template <class T>
void reset_field(NMConnection* connection, const T& value, std::string_view path) {
  const auto dot = path.find('.');
  for_each_field<T>([&]<class Member>(const Field<T, Member>& field) {
    if constexpr (!std::is_same_v<Member, std::string> &&
                  !std::is_same_v<Member, std::vector<std::string>>) {
      if (field.name != path.substr(0, dot)) return;
      const auto& member = value.*field.member;
      if constexpr (std::is_same_v<Member, std::optional<Port>>) {
        if (dot == std::string_view::npos) return;  // it is removed with its controller
        reset_field(connection, BridgePort{}, path.substr(dot + 1));
        reset_field(connection, BondPort{}, path.substr(dot + 1));
      } else if constexpr (requires { requires has_fields<typename Member::value_type>; }) {
        if (dot == std::string_view::npos) return reset_member(connection, field.property, &member);
        reset_field(connection, typename Member::value_type{}, path.substr(dot + 1));
      } else {
        reset_member(connection, field.property, &member);
        if (field.name == "controller") detach(connection);
      }
    }
  });
}

template <class T>
void write_different_fields(NMConnection* connection, const T& before, const T& after) {
  for_each_field<T>([&]<class Member>(const Field<T, Member>& field) {
    const auto& old = before.*field.member;
    const auto& now = after.*field.member;
    if (old == now) return;
    if constexpr (std::is_same_v<Member, std::string>) {
      write_property(connection, field.property, now);
    } else if constexpr (std::is_same_v<Member, std::optional<Port>>) {
      if (now) {
        write_port(connection, after);
      } else {
        detach(connection);
      }
    } else if constexpr (requires { requires has_fields<typename Member::value_type>; }) {
      // A port has none: write_port() has removed the setting.
      using Nested = typename Member::value_type;
      if (now) write_different_fields(connection, old.value_or(Nested{}), *now);
    } else if constexpr (!std::is_same_v<Member, std::vector<std::string>>) {
      if (now) {
        write_property(connection, field.property, now);
      } else {
        reset_member(connection, field.property, &now);
      }
    }
  });
}

/// The constructor of an IP setting leaves the method open, and NetworkManager then refuses it.
void complete_methods(NMConnection* connection) {
  for (const char* family : {"ipv4", "ipv6"}) {
    auto* ip = find_setting(connection, family);
    if (ip == nullptr || nm_setting_ip_config_get_method(NM_SETTING_IP_CONFIG(ip)) != nullptr)
      continue;
    g_object_set(ip, NM_SETTING_IP_CONFIG_METHOD, "auto", nullptr);
  }
}

template <class P>
void read_port(NMConnection* connection, P& profile) {
  const auto read_as = [&]<class PortType>(PortType port) {
    const char* type =
        nm_setting_connection_get_slave_type(nm_connection_get_setting_connection(connection));
    if (type == nullptr || std::string_view(type) != port_type<PortType>) return;
    read_fields(connection, port);
    profile.port = port;
  };
  read_as(BridgePort{});
  read_as(BondPort{});
}

template <class T>
void read_fields(NMConnection* connection, T& value) {
  for_each_field<T>([&]<class Member>(const Field<T, Member>& field) {
    auto& member = value.*field.member;
    if constexpr (std::is_same_v<Member, std::optional<Port>>) {
      read_port(connection, value);
    } else if constexpr (requires { requires has_fields<typename Member::value_type>; }) {
      if (find_setting(connection, field.property) != nullptr)
        read_fields(connection, member.emplace());
    } else if constexpr (!std::is_same_v<Member, std::vector<std::string>>) {
      read_property(connection, field.property, member);
    }
  });
}

}  // namespace

void write_profile(NMConnection* connection, const Profile& changes) {
  changes.visit([&](const auto& of) {
    write_fields(connection, of);
    for (const auto& field : of.reset) reset_field(connection, of, field);
  });
  complete_methods(connection);
}

void write_difference(NMConnection* connection, const Profile& before, const Profile& after) {
  after.visit(
      [&]<class P>(const P& now) { write_different_fields(connection, *before.get_if<P>(), now); });
  complete_methods(connection);
}

void normalize(NMConnection* connection, const std::string& subject) {
  ErrorPtr error;
  if (nm_connection_normalize(connection, nullptr, nullptr, Out(error)) == FALSE) {
    throw Error(ErrorKind::invalid, subject, error->message);
  }
}

ConnectionPtr make_connection(const Profile& profile) {
  ConnectionPtr connection(nm_simple_connection_new());
  profile.visit([&]<class P>(const P& of) {
    g_object_set(need_setting(connection.get(), "connection"), NM_SETTING_CONNECTION_TYPE,
                 setting_name<P>, nullptr);
    need_setting(connection.get(), setting_name<P>);
    write_fields(connection.get(), of);
    complete_methods(connection.get());
    if (of.controller && !of.controller->empty() && !of.port) {
      throw Error(ErrorKind::invalid, subject(profile), "has a controller, but no kind of port",
                  "give it port=BridgePort() or port=BondPort()");
    }
  });
  normalize(connection.get(), subject(profile));
  return connection;
}

std::optional<Profile> read_profile(NMConnection* connection) {
  const char* found = nm_connection_get_connection_type(connection);
  const std::string_view type = found != nullptr ? found : "";
  std::optional<Profile> profile;
  const auto read_as = [&]<class P>(P value) {
    static_assert(setting_name<P> != nullptr,
                  "name the setting that this type of profile is made of");
    if (profile || type != setting_name<P>) return;
    read_fields(connection, value);
    profile = std::move(value);
  };
  [&]<class... P>(const std::variant<P...>*) {
    (read_as(P{}), ...);
  }(static_cast<const Profile::Types*>(nullptr));
  return profile;
}

bool same_settings(NMConnection* a, NMConnection* b) {
  constexpr auto flags = static_cast<NMSettingCompareFlags>(
      NM_SETTING_COMPARE_FLAG_IGNORE_TIMESTAMP | NM_SETTING_COMPARE_FLAG_IGNORE_SECRETS);
  return nm_connection_compare(a, b, flags) != FALSE;
}

VariantPtr to_variant(NMConnection* connection) {
  static constexpr std::array newer = {std::pair{"connection", "controller"},
                                       std::pair{"connection", "port-type"},
                                       std::pair{"connection", "autoconnect-ports"},
                                       std::pair{"802-3-ethernet", "mac-address-denylist"}};
  auto all = take(nm_connection_to_dbus(connection, NM_CONNECTION_SERIALIZE_ALL));
  const auto holds = [&](const auto& one) {
    const auto values = take(g_variant_lookup_value(all.get(), one.first, G_VARIANT_TYPE_VARDICT));
    return values && take(g_variant_lookup_value(values.get(), one.second, nullptr)) != nullptr;
  };
  if (std::ranges::none_of(newer, holds)) return all;
  GVariantBuilder settings;
  g_variant_builder_init(&settings, G_VARIANT_TYPE("a{sa{sv}}"));
  for (std::size_t i = 0; i < g_variant_n_children(all.get()); ++i) {
    const auto entry = take(g_variant_get_child_value(all.get(), i));
    const char* name = nullptr;
    GVariant* values = nullptr;
    g_variant_get(entry.get(), "{&s@a{sv}}", &name, &values);
    const auto owned = take(values);
    GVariantDict kept;
    g_variant_dict_init(&kept, values);
    for (const auto& [setting, property] : newer) {
      if (std::string_view(setting) == name) g_variant_dict_remove(&kept, property);
    }
    g_variant_builder_add(&settings, "{s@a{sv}}", name, g_variant_dict_end(&kept));
  }
  return take(g_variant_builder_end(&settings));
}

}  // namespace csnet::nm
