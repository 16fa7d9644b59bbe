#include <csnet/error.hpp>
#include <csnet/fields.hpp>

#include <fmt/format.h>
#include <type_traits>
#include <utility>

namespace csnet::inline CSNET_ABI {
namespace {

template <class T>
void merge_fields(T& base, const T& changes);

void merge_value(std::string& base, const std::string& change) {
  if (!change.empty()) base = change;
}

void merge_value(std::vector<std::string>&, const std::vector<std::string>&) {}  // reset: see below

template <class T>
void merge_value(std::optional<T>& base, const std::optional<T>& change) {
  if (!change) return;
  if constexpr (has_fields<T>) {
    if (!base) base.emplace();
    merge_fields(*base, *change);
  } else if constexpr (std::is_same_v<T, Port>) {
    // A bond's port that becomes a bridge's port keeps no settings.
    if (!base || base->index() != change->index()) {
      base = change;
      return;
    }
    std::visit(
        [&](auto& port) {
          merge_fields(port, std::get<std::remove_reference_t<decltype(port)>>(*change));
        },
        *base);
  } else {
    base = change;
  }
}

template <class T>
void merge_fields(T& base, const T& changes) {
  for_each_field<T>(
      [&](const auto& field) { merge_value(base.*field.member, changes.*field.member); });
  if constexpr (requires {
                  base.gateway;
                  base.never_default;
                }) {
    // A gateway is removed with its addresses, or when the profile is never to be the default
    // route.
    const bool unwanted =
        changes.never_default.value_or(false) || (changes.addresses && changes.addresses->empty());
    if (unwanted && !changes.gateway) base.gateway.reset();
  }
}

/// Makes a field unmentioned; `path` is "mtu" or "ipv4.gateway". False when there is no such field.
template <class T>
bool forget(T& value, std::string_view path) {
  const auto dot = path.find('.');
  const auto first = path.substr(0, dot);
  bool found = false;
  for_each_field<T>([&]<class Member, class Codec>(const Field<T, Member, Codec>& field) {
    if constexpr (!std::is_same_v<Member, std::string> &&
                  !std::is_same_v<Member, std::vector<std::string>>) {
      if (field.name != first) return;
      auto& member = value.*field.member;
      if (dot == std::string_view::npos) {
        found = true;
        member.reset();
        return;
      }
      const auto rest = path.substr(dot + 1);
      if constexpr (std::is_same_v<Member, std::optional<Port>>) {
        BridgePort bridge;
        BondPort bond;
        found = forget(bridge, rest) || forget(bond, rest);
        if (member) std::visit([&](auto& port) { forget(port, rest); }, *member);
      } else if constexpr (has_fields<typename Member::value_type>) {
        typename Member::value_type unset;
        found = forget(member ? *member : unset, rest);
      }
    }
  });
  return found;
}

/// Adapts the other fields of a profile that becomes a port, or is no longer one.
template <class P>
void merge_attachment(P& base, const P& changes) {
  if (changes.port) {
    base.ipv4 = changes.ipv4;
    base.ipv6 = changes.ipv6;
  }
  if (changes.controller && changes.controller->empty()) {
    base.controller.reset();
    base.port = changes.port;
  }
}

template <class PortType>
EthernetProfile slave(std::string name, std::string interface_name, std::string controller,
                      PortType port) {
  EthernetProfile profile;
  profile.name = std::move(name);
  profile.interface_name = std::move(interface_name);
  profile.controller = std::move(controller);
  profile.port = port;
  return profile;
}

}  // namespace

EthernetProfile bridge_slave(std::string name, std::string interface_name, std::string controller,
                             BridgePort port) {
  return slave(std::move(name), std::move(interface_name), std::move(controller), port);
}

EthernetProfile bond_slave(std::string name, std::string interface_name, std::string controller,
                           BondPort port) {
  return slave(std::move(name), std::move(interface_name), std::move(controller), port);
}

Profile merge(Profile base, const Profile& changes) {
  base.visit([&](auto& of_base) {
    using P = std::remove_reference_t<decltype(of_base)>;
    const auto* of_changes = changes.get_if<P>();
    if (of_changes == nullptr) {
      throw Error(ErrorKind::invalid, subject(base),
                  fmt::format("a {} profile cannot change it", changes.type()),
                  "a profile keeps its type: remove it and add another");
    }
    merge_fields(of_base, *of_changes);
    merge_attachment(of_base, *of_changes);
    for (const auto& field : of_changes->reset) {
      const auto refuse = [&](const std::string& why, const std::string& hint) {
        throw Error(ErrorKind::invalid, subject(base), fmt::format("reset '{}': {}", field, why),
                    hint);
      };
      auto without = *of_changes;
      forget(without, field);
      if (without != *of_changes) refuse("the field is set, too", "set it or reset it, not both");
      if (field == "port") refuse("it is removed with its controller", "reset 'controller'");
      if (field == "controller") of_base.port.reset();
      if (forget(of_base, field)) continue;
      throw Error(ErrorKind::invalid, subject(base),
                  fmt::format("reset names '{}', and there is no such field", field),
                  "it is a field's name, 'mtu', or one of ipv4, ipv6 or port: 'ipv4.gateway'");
    }
  });
  return base;
}

std::string subject(const Profile& profile) {
  return profile.visit([](const auto& of) {
    const auto& shown = of.name.empty() ? of.interface_name : of.name;
    return fmt::format("{} '{}'", of.type, shown);
  });
}

Profile::Profile(Types profile) noexcept : of_(std::move(profile)) {}

std::string_view Profile::type() const noexcept {
  return visit([](const auto& of) { return of.type; });
}

const std::string& Profile::name() const noexcept {
  return visit([](const auto& of) -> const auto& { return of.name; });
}

const std::string& Profile::interface_name() const noexcept {
  return visit([](const auto& of) -> const auto& { return of.interface_name; });
}

const std::string& Profile::uuid() const noexcept {
  return visit([](const auto& of) -> const auto& { return of.uuid; });
}

const std::optional<std::string>& Profile::controller() const noexcept {
  return visit([](const auto& of) -> const auto& { return of.controller; });
}

const std::optional<Port>& Profile::port() const noexcept {
  return visit([](const auto& of) -> const auto& { return of.port; });
}

}  // namespace csnet::inline CSNET_ABI
