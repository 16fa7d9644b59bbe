#include "decisions.hpp"
#include "canonical.hpp"
#include "match_profiles.hpp"

#include <fmt/format.h>
#include <set>
#include <utility>

namespace csnet::model {
namespace {

void index_interfaces(Decisions& decisions) {
  for (std::size_t i = 0; i < decisions.wanted.size(); ++i) {
    const auto& interface = decisions.wanted[i].interface_name;
    if (interface.empty()) continue;
    const auto [best, is_new] = decisions.by_interface.emplace(interface, i);
    if (!is_new && autoconnect_rank(decisions.wanted[i].after) >
                       autoconnect_rank(decisions.wanted[best->second].after))
      best->second = i;
  }
}

void index_ports_and_vlans(const References& references, Decisions& decisions) {
  for (std::size_t i = 0; i < decisions.wanted.size(); ++i) {
    const auto& wanted = decisions.wanted[i];
    if (!decisions.comes_up(wanted)) continue;
    if (wanted.after.controller())
      decisions.ports[references.controller_of(wanted.after)].push_back(i);
    if (const auto* parent = parent_of(wanted.after))
      decisions.vlans[references.interface_of(*parent)].push_back(i);
  }
}

/// A reference by uuid to a profile that is retired or deleted would dangle after the next boot.
void replace_uuids(const std::set<std::string>& obsolete, const References& references,
                   Profile& profile) {
  const auto replace = [&](std::optional<std::string>& reference) {
    if (reference && obsolete.contains(*reference)) reference = references.interface_of(*reference);
  };
  profile.visit([&](auto& of) { replace(of.controller); });
  if (auto* vlan = profile.get_if<VlanProfile>()) replace(vlan->parent);
}

/// The kernel gives a bridge the MAC address of a port. When its uplink becomes a bond, the bond
/// gets the address of the NIC that was the uplink, so that the bridge keeps its own, and VMs and
/// neighbours need not learn another.
void keep_bridge_address(const PlanContext& context, const Decisions& decisions, Wanted& wanted) {
  const auto& host = context.host;
  auto* bond = wanted.after.get_if<BondProfile>();
  const bool is_up = wanted.before != nullptr && host.device_of(*wanted.before) != nullptr;
  if (bond == nullptr || bond->cloned_mac_address || is_up || !decisions.comes_up(wanted)) return;
  std::vector<const Wanted*> uplinks = {&wanted};
  for (const auto vlan : decisions.vlans_on(wanted.interface_name))
    uplinks.push_back(&decisions.wanted[vlan]);
  for (const auto* uplink : uplinks) {
    const auto* bridge = host.device(context.references.controller_of(uplink->after));
    if (bridge == nullptr || bridge->type != "bridge" || !bridge->mac_address) continue;
    for (const auto port : decisions.ports_of(wanted.interface_name)) {
      const auto* nic = host.device(decisions.wanted[port].interface_name);
      if (nic == nullptr || nic->mac_address != bridge->mac_address) continue;
      bond->cloned_mac_address = bridge->mac_address->to_string();
      wanted.why += fmt::format("; it gets {}'s MAC address, so that {} keeps its own",
                                nic->interface_name, bridge->interface_name);
      return;
    }
  }
}

/// Completes the properties of wanted profiles that depend on the obsolete ones.
void complete_wanted(const PlanContext& context, Decisions& decisions) {
  std::set<std::string> uuids;
  for (const auto& obsolete : decisions.obsolete) uuids.insert(obsolete.profile->uuid());
  for (auto& wanted : decisions.wanted) {
    replace_uuids(uuids, context.references, wanted.after);
    keep_bridge_address(context, decisions, wanted);
    wanted.changes = wanted.before == nullptr
                         ? mentioned(wanted.after)
                         : changes(canonical(*wanted.before), canonical(wanted.after));
  }
}

const Indexes& found_in(const std::unordered_map<std::string, Indexes>& map,
                        const std::string& interface) {
  static const Indexes none;
  const auto found = map.find(interface);
  return found == map.end() ? none : found->second;
}

}  // namespace

const Wanted* Decisions::of_interface(const std::string& interface_name) const {
  const auto found = by_interface.find(interface_name);
  return found == by_interface.end() ? nullptr : &wanted[found->second];
}

bool Decisions::comes_up(const Wanted& one) const {
  return autoconnects(one.after) &&
         (one.interface_name.empty() || of_interface(one.interface_name) == &one);
}

const Indexes& Decisions::ports_of(const std::string& controller) const {
  return found_in(ports, controller);
}

const Indexes& Decisions::vlans_on(const std::string& parent) const {
  return found_in(vlans, parent);
}

Decisions decide(const PlanContext& context) {
  Decisions decisions{.wanted = match_profiles(context)};
  index_interfaces(decisions);
  index_ports_and_vlans(context.references, decisions);
  decisions.obsolete = obsolete_profiles(context, decisions);
  complete_wanted(context, decisions);
  return decisions;
}

}  // namespace csnet::model
