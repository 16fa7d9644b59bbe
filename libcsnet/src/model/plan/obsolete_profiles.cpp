#include "decisions.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace csnet::model {
namespace {

/// The profiles and addresses that the wanted profiles need. Interfaces point into Decisions.
struct Claims {
  std::set<const Profile*> adopted{};
  /// Each with the interface that it moves to.
  std::map<IpAddress, const std::string*> addresses{};
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

Claims claims_of(const Decisions& decisions) {
  Claims claims;
  for (const auto& wanted : decisions.wanted) {
    if (wanted.before != nullptr) claims.adopted.insert(wanted.before);
    if (!decisions.comes_up(wanted)) continue;
    for (const auto& address : addresses_of(wanted.after))
      claims.addresses.emplace(address, &wanted.interface_name);
  }
  return claims;
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

/// Why a port of a wanted bridge is obsolete; "" when the bridge or its uplink is not wanted. Two
/// uplinks in one bridge would be a loop, so the port must not remain beside the wanted one, active
/// or not.
std::string why_port_is_obsolete(const PlanContext& context, const Decisions& decisions,
                                 const Profile& port) {
  const auto bridge = context.references.controller_of(port);
  const auto* above = decisions.of_interface(bridge);
  const auto& ports = decisions.ports_of(bridge);
  if (ports.empty() || above == nullptr || !above->after.is<BridgeProfile>()) return {};
  const auto& uplink = decisions.wanted[ports.front()].interface_name;
  const auto* device = context.host.device(uplink);
  if (device != nullptr && device->controller == bridge)
    return fmt::format("{} is the uplink of {}, and a second one would be a loop", uplink, bridge);
  return fmt::format("{} replaces it as the uplink of {}", uplink, bridge);
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
    if (auto why = why_port_is_obsolete(context, decisions, profile); !why.empty()) return why;
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
  const auto claims = claims_of(decisions);
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
