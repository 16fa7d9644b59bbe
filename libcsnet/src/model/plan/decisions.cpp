#include "decisions.hpp"
#include "canonical.hpp"
#include "match_profiles.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <set>
#include <utility>

namespace csnet::model {
namespace {

class Decider {
 public:
  Decider(const HostState& desired, const HostIndex& host, const References& references, bool purge)
      : desired_(desired),
        host_(host),
        references_(references),
        purge_(purge),
        adopter_(desired, host, references, purge) {}

  Decisions run() {
    for (const auto& profile : desired_.profiles) want(profile);
    fill_indexes();
    decisions_.leaving = leaving(desired_, decisions_, host_, references_, purge_);
    for (const auto& leaving : decisions_.leaving) leaving_.insert(leaving.profile->uuid());
    for (auto& wanted : decisions_.wanted) {
      let_go_of_leaving(wanted);
      keep_bridge_address(wanted);
      wanted.changes = wanted.before == nullptr
                           ? mentioned(wanted.after)
                           : changes(canonical(*wanted.before), canonical(wanted.after));
    }
    return std::move(decisions_);
  }

 private:
  void want(const Profile& profile) {
    Wanted wanted{.before = adopter_.find(profile)};
    const auto* before = wanted.before;
    if (before != nullptr && !adopted_.insert(before).second) {
      throw Error(ErrorKind::invalid, subject(profile),
                  fmt::format("is to be made of {}, and so is another", subject(*before)),
                  "give each of them an interface_name of its own");
    }
    wanted.after = before != nullptr ? adopter_.adopt(*before, profile) : adopter_.settle(profile);
    wanted.interface_name = wanted.after.interface_name().empty()
                                ? host_.interface_of(before != nullptr ? *before : wanted.after)
                                : wanted.after.interface_name();
    wanted.why = why(wanted, profile);
    decisions_.wanted.push_back(std::move(wanted));
  }

  [[nodiscard]] std::string why(const Wanted& wanted, const Profile& profile) const {
    if (wanted.before == nullptr)
      return fmt::format("no profile makes {} yet", wanted.interface_name);
    const auto& old = wanted.before->name();
    if (adopter_.is_out_of_use(*wanted.before) && autoconnects(wanted.after))
      return fmt::format("'{}' was put aside, and makes {} again", old, wanted.interface_name);
    const bool is_same = !profile.uuid().empty() && profile.uuid() == wanted.before->uuid();
    if (!is_same && old != profile.name() && !profile.name().empty())
      return fmt::format("'{}' already makes {}: it is adopted and keeps its name", old,
                         wanted.interface_name);
    return "it differs from what is wanted";
  }

  void fill_indexes() {
    for (std::size_t i = 0; i < decisions_.wanted.size(); ++i) {
      const auto& interface = decisions_.wanted[i].interface_name;
      if (interface.empty()) continue;
      const auto [best, is_new] = decisions_.by_interface.emplace(interface, i);
      const auto rank = [&](std::size_t at) {
        const auto& profile = decisions_.wanted[at].after;
        return std::pair(autoconnects(profile), priority_of(profile));
      };
      if (!is_new && rank(i) > rank(best->second)) best->second = i;
    }
    for (std::size_t i = 0; i < decisions_.wanted.size(); ++i) {
      const auto& wanted = decisions_.wanted[i];
      if (!decisions_.is_in_force(wanted)) continue;
      if (wanted.after.controller())
        decisions_.ports[references_.controller_of(wanted.after)].push_back(i);
      if (const auto* parent = parent_of(wanted.after))
        decisions_.vlans[references_.interface_of(*parent)].push_back(i);
    }
  }

  /// What a profile names by the uuid of one that goes, it would not find any more after the next boot.
  void let_go_of_leaving(Wanted& wanted) {
    const auto settle = [&](std::optional<std::string>& reference) {
      if (reference && leaving_.contains(*reference))
        reference = references_.interface_of(*reference);
    };
    wanted.after.visit([&](auto& of) { settle(of.controller); });
    if (auto* vlan = wanted.after.get_if<VlanProfile>()) settle(vlan->parent);
  }

  /// A bridge takes its address from its ports. When its uplink becomes a bond, the bond takes the address of the NIC
  /// that it was, so that the bridge keeps its own, and VMs and neighbours notice nothing.
  void keep_bridge_address(Wanted& wanted) {
    auto* bond = wanted.after.get_if<BondProfile>();
    const bool is_up = wanted.before != nullptr && host_.device_of(*wanted.before) != nullptr;
    if (bond == nullptr || bond->cloned_mac_address || is_up || !decisions_.is_in_force(wanted))
      return;
    std::vector<const Wanted*> uplinks = {&wanted};
    for (const auto vlan : decisions_.vlans_on(wanted.interface_name))
      uplinks.push_back(&decisions_.wanted[vlan]);
    for (const auto* uplink : uplinks) {
      const auto* bridge = host_.device(references_.controller_of(uplink->after));
      if (bridge == nullptr || bridge->type != "bridge" || !bridge->mac_address) continue;
      for (const auto port : decisions_.ports_of(wanted.interface_name)) {
        const auto* nic = host_.device(decisions_.wanted[port].interface_name);
        if (nic == nullptr || nic->mac_address != bridge->mac_address) continue;
        bond->cloned_mac_address = bridge->mac_address->to_string();
        wanted.why += fmt::format("; it takes {}'s address, which is {}'s", nic->interface_name,
                                  bridge->interface_name);
        return;
      }
    }
  }

  const HostState& desired_;
  const HostIndex& host_;
  const References& references_;
  const bool purge_;
  const Adopter adopter_;
  Decisions decisions_;
  std::set<const Profile*> adopted_;
  std::set<std::string, std::less<>> leaving_;  ///< uuids
};

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

bool Decisions::is_in_force(const Wanted& one) const {
  return autoconnects(one.after) &&
         (one.interface_name.empty() || of_interface(one.interface_name) == &one);
}

const Indexes& Decisions::ports_of(const std::string& controller) const {
  return found_in(ports, controller);
}

const Indexes& Decisions::vlans_on(const std::string& parent) const {
  return found_in(vlans, parent);
}

Decisions decide(const HostState& desired, const HostIndex& host, const References& references,
                 bool purge) {
  return Decider(desired, host, references, purge).run();
}

}  // namespace csnet::model
