#include "decisions.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace csnet::model {
namespace {

/// The profiles, addresses and uplinks that the wanted profiles need. Interfaces point into
/// Decisions.
struct Claims {
  std::set<const Profile*> adopted{};
  /// Each with the interface that it moves to.
  std::map<IpAddress, const std::string*> addresses{};
  std::map<std::string, const std::string*> uplinks{};  ///< New ports of bridges, by the bridge.
};

template <class Config>
void append_addresses(std::vector<IpAddress>& all, const std::optional<Config>& ip) {
  if (!ip || !ip->addresses) return;
  for (const auto& cidr : *ip->addresses) all.push_back(cidr.address());
}

std::vector<IpAddress> addresses_of(const Profile& profile) {
  std::vector<IpAddress> all;
  profile.visit([&](const auto& of) {
    append_addresses(all, of.ipv4);
    append_addresses(all, of.ipv6);
  });
  return all;
}

bool is_port_now(const PlanContext& context, const Wanted& port, const std::string& bridge) {
  if (const auto* device = context.host.device(port.interface_name))
    return device->controller == bridge;
  return port.before != nullptr && context.references.controller_of(*port.before) == bridge;
}

Claims claims_of(const PlanContext& context, const Decisions& decisions) {
  Claims claims;
  for (const auto& wanted : decisions.wanted) {
    if (wanted.before != nullptr) claims.adopted.insert(wanted.before);
    if (!decisions.comes_up(wanted)) continue;
    for (const auto& address : addresses_of(wanted.after))
      claims.addresses.emplace(address, &wanted.interface_name);
  }
  for (const auto& [bridge, ports] : decisions.ports) {
    const auto joins = std::ranges::find_if(ports, [&, name = &bridge](std::size_t port) {
      return !is_port_now(context, decisions.wanted[port], *name);
    });
    if (joins != ports.end())
      claims.uplinks.emplace(bridge, &decisions.wanted[*joins].interface_name);
  }
  return claims;
}

/// The interface and all below it: a VLAN's parent, a bond's ports.
std::vector<std::string> interfaces_below(const HostIndex& host, const std::string& top) {
  std::vector<std::string> found = {top};
  for (std::size_t i = 0; i < found.size() && i < 64; ++i) {  // 64: circles end, too
    const auto interface = found[i];
    const auto add = [&](const std::string& below) {
      if (std::ranges::find(found, below) == found.end()) found.push_back(below);
    };
    for (const auto* profile : host.references().for_interface(interface)) {
      const auto* parent = parent_of(*profile);
      if (parent == nullptr) continue;
      const auto* below = host.references().referred_to_by(*parent);
      add(below != nullptr ? host.interface_of(*below) : *parent);
    }
    const auto* device = host.device(interface);
    if (device != nullptr && device->type == "bond")
      for (const auto& port : device->ports) add(port);
  }
  return found;
}

bool shares_an_interface(const HostIndex& host, const Decisions& decisions,
                         const std::string& interface) {
  return std::ranges::any_of(interfaces_below(host, interface), [&](const std::string& below) {
    return decisions.of_interface(below) != nullptr;
  });
}

/// Why a profile for a wanted interface, active or not, is obsolete.
std::string why_interface_is_taken(const HostIndex& host, const Profile& profile,
                                   const Wanted& wanted) {
  const auto& interface = wanted.interface_name;
  const auto heir = fmt::format("{}'{}'", profile.name() == wanted.after.name() ? "the other " : "",
                                wanted.after.name());
  if (host.device_of(profile) != nullptr)
    return fmt::format("it is active on {}, which {} takes over", interface, heir);
  if (profile.type() == wanted.after.type())
    return fmt::format("a duplicate: {} makes {}", heir, interface);
  return fmt::format("it is for {}, which {} makes", interface, heir);
}

/// The new uplink of a wanted bridge when the old one must be retired; null when it remains. Two
/// uplinks in one bridge would be a loop.
const std::string* new_uplink(const PlanContext& context, const Decisions& decisions,
                              const Claims& claims, const Profile& old) {
  const auto bridge = context.references.controller_of(old);
  const auto* above = decisions.of_interface(bridge);
  const auto& ports = decisions.ports_of(bridge);
  if (ports.empty() || above == nullptr || !above->after.is<BridgeProfile>()) return nullptr;
  if (const auto joins = claims.uplinks.find(bridge); joins != claims.uplinks.end())
    return joins->second;
  return shares_an_interface(context.host, decisions, context.host.interface_of(old))
             ? &decisions.wanted[ports.front()].interface_name
             : nullptr;
}

/// Why the profile is in the way of a wanted one; "" when it is not.
std::string why_obsolete(const PlanContext& context, const Decisions& decisions,
                         const Claims& claims, const Profile& profile) {
  const auto& host = context.host;
  if (const auto* wanted = decisions.of_interface(host.interface_of(profile))) {
    // A wanted profile without autoconnect does not need the interface.
    return decisions.comes_up(*wanted) ? why_interface_is_taken(host, profile, *wanted)
                                       : std::string{};
  }
  if (profile.controller()) {
    if (const auto* uplink = new_uplink(context, decisions, claims, profile))
      return fmt::format("{} replaces it as the uplink of {}", *uplink,
                         context.references.controller_of(profile));
  }
  for (const auto& address : addresses_of(profile)) {
    const auto found = claims.addresses.find(address);
    if (found != claims.addresses.end())
      return fmt::format("it holds {}, which moves to {}", address.to_string(), *found->second);
  }
  return {};
}

void check_removals(const PlanContext& context, const Claims& claims) {
  for (const auto& [profile, word] : context.removals) {
    if (!claims.adopted.contains(profile)) continue;
    throw Error(ErrorKind::invalid, subject(*profile), "is both wanted and to be removed",
                fmt::format("take '{}' out of remove, or the profile out of profiles", word));
  }
}

/// A reference of a wanted profile, and its name in messages.
struct Base {
  const std::string& reference;
  std::string_view field;
};

/// Deleting a bridge, bond or VLAN would delete its interface, which a wanted profile needs. A NIC
/// exists without a profile, too.
void check_purge(const PlanContext& context, const Decisions& decisions, const Claims& claims) {
  const auto check = [&](const Wanted& wanted, const Base& base) {
    const auto* profile = context.host.references().referred_to_by(base.reference);
    if (profile == nullptr || claims.adopted.contains(profile) || profile->is<EthernetProfile>() ||
        decisions.of_interface(context.references.interface_of(base.reference)) != nullptr)
      return;
    throw Error(ErrorKind::invalid, subject(wanted.after),
                fmt::format("its {} is {}, which is not wanted, and purge would delete it",
                            base.field, subject(*profile)),
                fmt::format("add {} to the profiles, or give this one another {}",
                            subject(*profile), base.field));
  };
  for (const auto& wanted : decisions.wanted) {
    if (const auto& above = wanted.after.controller()) check(wanted, {*above, "controller"});
    if (const auto* parent = parent_of(wanted.after)) check(wanted, {*parent, "parent"});
  }
}

}  // namespace

std::vector<Obsolete> obsolete_profiles(const PlanContext& context, const Decisions& decisions) {
  const bool purge = context.options.purge;
  const auto claims = claims_of(context, decisions);
  check_removals(context, claims);
  if (purge) check_purge(context, decisions, claims);
  std::set<const Profile*> removed;
  for (const auto& removal : context.removals) removed.insert(removal.profile);

  std::vector<Obsolete> all;
  for (const auto& profile : context.host.profiles()) {
    if (claims.adopted.contains(&profile)) continue;
    const bool is_named = removed.contains(&profile);
    std::string why;
    if (is_named) {
      why = "it is to be removed";
    } else if (!context.host.is_put_aside(profile)) {
      why = why_obsolete(context, decisions, claims, profile);
    }
    if (why.empty() && purge) why = "it is not wanted (purge)";
    if (why.empty()) continue;
    all.push_back(
        {&profile, context.host.interface_of(profile), is_named || purge, std::move(why)});
  }
  return all;
}

}  // namespace csnet::model
