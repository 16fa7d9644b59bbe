#include "match_profiles.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <tuple>

namespace csnet::model {
namespace {

constexpr std::string_view kRetired = " (retired by csnet";

template <class Config>
bool has_addresses(const std::optional<Config>& ip) {
  return ip && ip->addresses && !ip->addresses->empty();
}

template <class Config>
bool gives_ip(const std::optional<Config>& ip) {
  return ip && (ip->method.value_or("") != "disabled" || has_addresses(ip));
}

bool is_reset(const std::vector<std::string>& reset, std::string_view field) {
  return std::ranges::find(reset, field) != reset.end();
}

/// Without IP there is none of what belongs to it: NetworkManager refuses such a profile.
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

bool wants_no_ip(const Profile& profile) {
  return profile.visit([](const auto& of) {
    const bool is_port = of.port || !of.controller.value_or("").empty();
    return is_port || (of.ipv4 && of.ipv4->method == "disabled");
  });
}

}  // namespace

/// IPv6 that is merely left on "auto" says nothing: that is what nmcli gives to every profile.
bool has_ip(const Profile& profile) {
  return profile.visit([](const auto& of) {
    if (of.port) return false;
    const auto method = of.ipv4 ? of.ipv4->method.value_or("auto") : "auto";
    return method != "disabled" || has_addresses(of.ipv6);
  });
}

std::string retired_name(const std::string& name, int number) {
  return number == 1 ? fmt::format("{}{})", name, kRetired)
                     : fmt::format("{}{} {})", name, kRetired, number);
}

std::string name_before_retirement(const std::string& name) {
  const auto at = name.rfind(kRetired);
  return at == 0 || at == std::string::npos || name.back() != ')' ? name : name.substr(0, at);
}

Adopter::Adopter(const HostState& desired, const HostIndex& host, const References& references,
                 bool purge)
    : host_(host), references_(references) {
  for (const auto& profile : desired.profiles) {
    if (profile.controller()) given_ports_.insert(references.controller_of(profile));
  }
  for (const auto& which : desired.remove) {
    if (const auto* profile = host.references().meant_by(which))
      removed_.insert(host.interface_of(*profile));
  }
  if (!purge) return;
  std::set<std::string> stay;
  for (const auto& profile : desired.profiles) {
    const auto* before = find(profile);
    stay.insert(host.interface_of(before != nullptr ? *before : profile));
  }
  for (const auto& profile : host.profiles()) {
    auto interface = host.interface_of(profile);
    if (!stay.contains(interface)) removed_.insert(std::move(interface));
  }
}

const Profile* Adopter::find(const Profile& wanted) const {
  if (!wanted.uuid().empty()) {
    const auto* same = host_.references().with_uuid(wanted.uuid());
    if (same != nullptr && same->type() != wanted.type()) {
      throw Error(ErrorKind::conflict, subject(wanted),
                  fmt::format("its uuid belongs to {}", subject(*same)),
                  "a profile keeps its type: leave the uuid out, or remove the other first");
    }
    if (same != nullptr) return same;
  }
  const auto rank = [&](const Profile& candidate) {
    return std::tuple(host_.device_of(candidate) != nullptr, autoconnects(candidate),
                      priority_of(candidate), candidate.name() == wanted.name());
  };
  const Profile* best = nullptr;
  for (const auto* candidate : host_.references().for_interface(host_.interface_of(wanted))) {
    if (!can_adopt(*candidate, wanted)) continue;
    if (best == nullptr || rank(*candidate) > rank(*best)) best = candidate;
  }
  return best;
}

bool Adopter::is_out_of_use(const Profile& profile) const {
  return !autoconnects(profile) && host_.device_of(profile) == nullptr;
}

bool Adopter::can_adopt(const Profile& candidate, const Profile& wanted) const {
  if (candidate.type() != wanted.type()) return false;
  // A NIC's profile with an address is kept as it is, so that a person can go back to it.
  const bool is_of_nic = candidate.is<EthernetProfile>();
  if (is_of_nic && wants_no_ip(wanted) && has_ip(candidate)) return false;
  // So is what somebody has put aside, unless it is by its name what is wanted again.
  return !is_out_of_use(candidate) || !autoconnects(wanted) ||
         name_before_retirement(candidate.name()) == wanted.name();
}

template <class P>
bool Adopter::ends_being_a_port(const P& before, const P& wanted) const {
  if (!before.port || wanted.controller || wanted.port) return false;
  if (is_reset(wanted.reset, "controller")) return true;
  if (!wanted.ipv4 && !wanted.ipv6) return false;
  // Who gives it an IP configuration wants no port. One that shall merely have no address has none as a port of a
  // bridge either: it stays in it, unless the bridge gets another uplink.
  if (gives_ip(wanted.ipv4) || gives_ip(wanted.ipv6)) return true;
  const auto above = references_.interface_of(before.controller.value_or(""));
  return std::holds_alternative<BondPort>(*before.port) || given_ports_.contains(above) ||
         removed_.contains(above);
}

/// A uuid of the host's stays one; a name becomes the interface, which NetworkManager knows.
std::string Adopter::as_kept(const std::string& reference) const {
  return host_.references().with_uuid(reference) != nullptr ? reference
                                                            : references_.interface_of(reference);
}

template <class P>
std::optional<Port> Adopter::port_kind(const P& profile) const {
  if (profile.port || !profile.controller || profile.controller->empty()) return profile.port;
  const auto* controller = references_.profile_of(*profile.controller);
  if (controller != nullptr && controller->is<BridgeProfile>()) return BridgePort{};
  if (controller != nullptr && controller->is<BondProfile>()) return BondPort{};
  throw Error(ErrorKind::not_found, subject(profile),
              fmt::format("controller '{}' is no bridge or bond of this host or of the file",
                          *profile.controller),
              "add the bridge or bond, or say what port it is: port=BridgePort()");
}

Profile Adopter::settle(Profile profile) const {
  profile.visit([&]<class P>(P& of) {
    of.reset.clear();
    if constexpr (std::is_same_v<P, VlanProfile>) {
      if (of.parent) of.parent = as_kept(*of.parent);
    }
    if (!of.controller) return;
    if (of.controller->empty()) {
      of.controller.reset();
      return;
    }
    of.port = port_kind(of);
    of.controller = as_kept(*of.controller);
  });
  return profile;
}

Profile Adopter::adopt(const Profile& before, const Profile& wanted) const {
  auto changes = wanted;
  const bool is_same = !wanted.uuid().empty() && wanted.uuid() == before.uuid();
  changes.visit([&]<class P>(P& of) {
    const auto& old = *before.get_if<P>();
    of.uuid.clear();
    if (!is_same) of.name.clear();
    if (is_out_of_use(before) && !of.autoconnect) {
      if (!is_reset(of.reset, "autoconnect")) of.autoconnect = true;
      if (!is_same) of.name = name_before_retirement(old.name);
    }
    if (ends_being_a_port(old, of)) {
      if (!is_reset(of.reset, "controller")) of.controller = "";
    } else if (old.port && !of.controller && !of.port) {
      of.ipv4.reset();
      of.ipv6.reset();
    }
    clear_with_method(of.ipv4, "ipv4", of.reset);
    clear_with_method(of.ipv6, "ipv6", of.reset);
    if (of.controller && !of.controller->empty()) {
      of.port = port_kind(of);
      const auto above = references_.interface_of(*of.controller);
      of.controller = as_kept(*of.controller);
      // By uuid or by interface: the same to NetworkManager, and no change.
      if (old.controller && references_.interface_of(*old.controller) == above)
        of.controller.reset();
    }
    if constexpr (std::is_same_v<P, VlanProfile>) {
      if (of.parent && old.parent &&
          references_.interface_of(*of.parent) == references_.interface_of(*old.parent))
        of.parent.reset();
    }
  });
  return merge(before, changes);
}

}  // namespace csnet::model
