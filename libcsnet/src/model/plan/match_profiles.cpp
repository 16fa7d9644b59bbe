#include "match_profiles.hpp"
#include "retirement.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace csnet::model {
namespace {

using Interfaces = std::set<std::string>;

template <class Config>
bool has_addresses(const std::optional<Config>& ip) {
  return ip && ip->addresses && !ip->addresses->empty();
}

template <class Config>
bool gives_ip(const std::optional<Config>& ip) {
  return ip && (ip->method.value_or("") != "disabled" || has_addresses(ip));
}

/// IPv6 on "auto" does not count: nmcli gives it to every profile.
bool has_ip(const Profile& profile) {
  return profile.visit([](const auto& of) {
    if (of.port) return false;
    const auto method = of.ipv4 ? of.ipv4->method.value_or("auto") : "auto";
    return method != "disabled" || has_addresses(of.ipv6);
  });
}

bool wants_no_ip(const Profile& profile) {
  return profile.visit([](const auto& of) {
    const bool is_port = of.port || !of.controller.value_or("").empty();
    return is_port || (of.ipv4 && of.ipv4->method == "disabled");
  });
}

bool is_reset(const std::vector<std::string>& reset, std::string_view field) {
  return std::ranges::find(reset, field) != reset.end();
}

/// NetworkManager refuses addresses, routes and name servers beside a method without IP.
template <class Config>
void clear_with_method(std::optional<Config>& ip, std::string_view family,
                       const std::vector<std::string>& reset) {
  if (!ip || (ip->method != "disabled" && ip->method != "ignore")) return;
  const auto clear = [&](auto& list, std::string_view name) {
    if (!list && !is_reset(reset, fmt::format("{}.{}", family, name))) list.emplace();
  };
  clear(ip->addresses, "addresses");
  clear(ip->routes, "routes");
  clear(ip->dns, "dns");
  clear(ip->dns_search, "dns_search");
}

// ------------------------------------------------------------------ the profile to adopt

bool can_adopt(const HostIndex& host, const Profile& candidate, const Profile& wanted) {
  if (candidate.type() != wanted.type()) return false;
  // A NIC's profile with an address is kept as it is, so that an operator can return to it.
  const bool is_of_nic = candidate.is<EthernetProfile>();
  if (is_of_nic && wants_no_ip(wanted) && has_ip(candidate)) return false;
  // So is a profile that was put aside, unless its name says that it is the wanted one.
  return !host.is_put_aside(candidate) || !autoconnects(wanted) ||
         name_before_retirement(candidate.name()) == wanted.name();
}

const Profile* find_match(const HostIndex& host, const Profile& wanted) {
  if (const auto* same = host.references().with_uuid(wanted.uuid())) {
    if (same->type() == wanted.type()) return same;
    throw Error(ErrorKind::conflict, subject(wanted),
                fmt::format("its uuid belongs to {}", subject(*same)),
                "a profile keeps its type: leave the uuid out, or remove the other first");
  }
  const auto rank = [&](const Profile& candidate) {
    return std::tuple(host.device_of(candidate) != nullptr, autoconnect_rank(candidate),
                      candidate.name() == wanted.name());
  };
  const Profile* best = nullptr;
  for (const auto* candidate : host.references().for_interface(host.interface_of(wanted))) {
    if (!can_adopt(host, *candidate, wanted)) continue;
    if (best == nullptr || rank(*candidate) > rank(*best)) best = candidate;
  }
  return best;
}

// ------------------------------------------------------------------ the result of adding or
// adopting

/// The controllers that a port without an IP configuration leaves: they get another port, or are
/// removed.
Interfaces controllers_to_leave(const PlanContext& context, const std::vector<Wanted>& wanted) {
  const auto& host = context.host;
  Interfaces found;
  for (const auto& profile : context.request.wanted.profiles) {
    if (profile.controller()) found.insert(context.references.controller_of(profile));
  }
  for (const auto& removal : context.removals) found.insert(host.interface_of(*removal.profile));
  if (!context.options.purge) return found;
  Interfaces kept;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto* before = wanted[i].before;
    kept.insert(
        host.interface_of(before != nullptr ? *before : context.request.wanted.profiles[i]));
  }
  for (const auto& profile : host.profiles()) {
    auto interface = host.interface_of(profile);
    if (!kept.contains(interface)) found.insert(std::move(interface));
  }
  return found;
}

template <class P>
bool ends_being_a_port(const P& before, const P& wanted, bool leaves_controller) {
  if (!before.port || wanted.controller || wanted.port) return false;
  if (is_reset(wanted.reset, "controller")) return true;
  if (!wanted.ipv4 && !wanted.ipv6) return false;
  // A profile that is given an IP configuration is not to be a port. A profile without an address
  // has none as a bridge's port either: it stays in the bridge, unless that gets another uplink.
  if (gives_ip(wanted.ipv4) || gives_ip(wanted.ipv6)) return true;
  return std::holds_alternative<BondPort>(*before.port) || leaves_controller;
}

template <class P>
std::optional<Port> port_type(const References& references, const P& profile) {
  if (profile.port || !profile.controller || profile.controller->empty()) return profile.port;
  const Profile* controller = references.profile_of(*profile.controller);
  if (controller != nullptr && controller->is<BridgeProfile>()) return BridgePort{};
  if (controller != nullptr && controller->is<BondProfile>()) return BondPort{};
  throw Error(ErrorKind::not_found, subject(profile),
              fmt::format("controller '{}' is not a bridge or bond on this host or in the file",
                          *profile.controller),
              "add the bridge or bond, or set the kind of port: port=BridgePort()");
}

/// The reference as NetworkManager finds it: a uuid of the host's, or else the interface.
std::string known_to_networkmanager(const PlanContext& context, const std::string& reference) {
  const bool is_uuid = context.host.references().with_uuid(reference) != nullptr;
  return is_uuid ? reference : context.references.interface_of(reference);
}

Profile as_added(const PlanContext& context, Profile profile) {
  profile.visit([&]<class P>(P& of) {
    of.reset.clear();
    if constexpr (std::is_same_v<P, VlanProfile>) {
      if (of.parent) of.parent = known_to_networkmanager(context, *of.parent);
    }
    if (of.controller && of.controller->empty()) of.controller.reset();
    if (!of.controller) return;
    of.port = port_type(context.references, of);
    of.controller = known_to_networkmanager(context, *of.controller);
  });
  return profile;
}

/// Another spelling of the same reference, by uuid or by interface, is not a change.
void keep_reference(const PlanContext& context, const std::optional<std::string>& before,
                    std::optional<std::string>& wanted) {
  if (!wanted || wanted->empty()) return;
  const auto& references = context.references;
  if (before && references.interface_of(*before) == references.interface_of(*wanted)) {
    wanted.reset();
  } else {
    wanted = known_to_networkmanager(context, *wanted);
  }
}

/// The host's profile with the fields that the wanted one mentions. It keeps its name and its uuid.
Profile as_adopted(const PlanContext& context, const Interfaces& left, const Profile& before,
                   const Profile& wanted) {
  auto changes = wanted;
  const bool is_same = !wanted.uuid().empty() && wanted.uuid() == before.uuid();
  changes.visit([&]<class P>(P& of) {
    const auto& old = *before.get_if<P>();
    of.uuid.clear();
    if (!is_same) of.name.clear();
    // Without autoconnect, an active profile would not come up at the next boot.
    if (!autoconnects(before) && !of.autoconnect && !is_reset(of.reset, "autoconnect")) {
      of.autoconnect = true;
      if (context.host.is_put_aside(before) && !is_same) of.name = name_before_retirement(old.name);
    }
    if (ends_being_a_port(old, of, left.contains(context.references.controller_of(before)))) {
      if (!is_reset(of.reset, "controller")) of.controller = "";
    } else if (old.port && !of.controller && !of.port) {
      of.ipv4.reset();
      of.ipv6.reset();
    }
    clear_with_method(of.ipv4, "ipv4", of.reset);
    clear_with_method(of.ipv6, "ipv6", of.reset);
    of.port = port_type(context.references, of);
    keep_reference(context, old.controller, of.controller);
    if constexpr (std::is_same_v<P, VlanProfile>) keep_reference(context, old.parent, of.parent);
  });
  return merge(before, changes);
}

std::string why_wanted(const HostIndex& host, const Wanted& wanted, const Profile& profile) {
  if (wanted.before == nullptr)
    return fmt::format("no profile makes {} yet", wanted.interface_name);
  const auto& old = wanted.before->name();
  if (host.is_put_aside(*wanted.before) && autoconnects(wanted.after))
    return fmt::format("'{}' was put aside, and makes {} again", old, wanted.interface_name);
  const bool is_same = !profile.uuid().empty() && profile.uuid() == wanted.before->uuid();
  if (!is_same && old != profile.name() && !profile.name().empty())
    return fmt::format("'{}' already makes {}: it is adopted and keeps its name", old,
                       wanted.interface_name);
  return "it differs from what is wanted";
}

}  // namespace

std::vector<Wanted> match_profiles(const PlanContext& context) {
  const auto& profiles = context.request.wanted.profiles;
  std::vector<Wanted> all;
  all.reserve(profiles.size());
  std::set<const Profile*> adopted;
  for (const auto& profile : profiles) {
    const auto* before = find_match(context.host, profile);
    if (before != nullptr && !adopted.insert(before).second) {
      throw Error(ErrorKind::invalid, subject(profile),
                  fmt::format("two wanted profiles match the existing {}", subject(*before)),
                  "give each of them an interface_name of its own");
    }
    all.push_back({.before = before});
  }
  const auto left = controllers_to_leave(context, all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto& wanted = all[i];
    wanted.after = wanted.before == nullptr
                       ? as_added(context, profiles[i])
                       : as_adopted(context, left, *wanted.before, profiles[i]);
    wanted.interface_name = wanted.after.interface_name();
    if (wanted.interface_name.empty()) {
      wanted.interface_name =
          context.host.interface_of(wanted.before != nullptr ? *wanted.before : wanted.after);
    }
    wanted.why = why_wanted(context.host, wanted, profiles[i]);
  }
  return all;
}

}  // namespace csnet::model
