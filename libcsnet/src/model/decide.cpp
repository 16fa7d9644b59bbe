#include "decide.hpp"
#include "canonical.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace csnet::model {
namespace {

template <class Config>
bool has_addresses(const std::optional<Config>& ip) {
  return ip && ip->addresses && !ip->addresses->empty();
}

/// An IP configuration of its own, which a NIC beneath a VLAN, a bond or a bridge has not. IPv6 that is merely left on
/// "auto" says nothing: that is what nmcli gives to every profile.
bool has_ip(const Profile& profile) {
  return std::visit(
      [](const auto& of) {
        if (of.port) return false;
        const auto method = of.ipv4 ? of.ipv4->method.value_or("auto") : "auto";
        return method != "disabled" || has_addresses(of.ipv6);
      },
      profile);
}

bool wants_no_ip(const Profile& profile) {
  return std::visit(
      [](const auto& of) { return of.port || (of.ipv4 && of.ipv4->method == "disabled"); },
      profile);
}

/// A NIC's profile that carries an address is kept as it is, so that a person can go back to it.
bool can_be_adopted(const Profile& candidate, const Profile& wanted) {
  const bool is_nic = std::holds_alternative<EthernetProfile>(candidate);
  return type_of(candidate) == type_of(wanted) &&
         !(is_nic && wants_no_ip(wanted) && has_ip(candidate));
}

class Decider {
 public:
  Decider(const HostState& desired, const Host& host, const Names& names)
      : desired_(desired), host_(host), names_(names) {}

  Decisions run() {
    for (const auto& profile : desired_.profiles) want(profile);
    collect();
    for (auto& wanted : decisions_.wanted) {
      keep_bridge_address(wanted);
      wanted.changes = wanted.before == nullptr
                           ? mentioned(wanted.after)
                           : changes(canonical(*wanted.before), canonical(wanted.after));
    }
    for (const auto& profile : host_.profiles()) {
      if (!adopted_.contains(&profile)) consider_leaving(profile);
    }
    return std::move(decisions_);
  }

 private:
  void want(const Profile& profile) {
    Wanted wanted{.before = find(profile)};
    const auto* before = wanted.before;
    if (before != nullptr && !adopted_.insert(before).second) {
      throw Error(ErrorKind::invalid, subject(profile),
                  fmt::format("is to be made of {}, and so is another", subject(*before)),
                  "give each of them an interface_name of its own");
    }
    wanted.after = before != nullptr ? adopt(*before, profile) : settle(profile);
    wanted.interface_name = host_.interface_of(before != nullptr ? *before : wanted.after);
    if (!interface_name(wanted.after).empty()) wanted.interface_name = interface_name(wanted.after);
    if (before == nullptr) {
      wanted.why = fmt::format("no profile makes {} yet", wanted.interface_name);
    } else if (name(*before) != name(profile) && !name(profile).empty()) {
      wanted.why = fmt::format("'{}' already makes {}: it is adopted and keeps its name",
                               name(*before), wanted.interface_name);
    } else {
      wanted.why = "it differs from what is wanted";
    }
    decisions_.by_interface.emplace(wanted.interface_name, decisions_.wanted.size());
    decisions_.wanted.push_back(std::move(wanted));
  }

  const Profile* find(const Profile& wanted) const {
    if (!uuid(wanted).empty()) {
      const auto* same = host_.with_uuid(uuid(wanted));
      if (same != nullptr && type_of(*same) != type_of(wanted)) {
        throw Error(ErrorKind::conflict, subject(wanted),
                    fmt::format("its uuid belongs to {}", subject(*same)),
                    "a profile keeps its type: leave the uuid out, or remove the other first");
      }
      if (same != nullptr) return same;
    }
    const Profile* best = nullptr;
    for (const auto* candidate : host_.of_interface(host_.interface_of(wanted))) {
      if (!can_be_adopted(*candidate, wanted)) continue;
      if (best == nullptr || rank(*candidate, wanted) > rank(*best, wanted)) best = candidate;
    }
    return best;
  }

  std::tuple<bool, bool, bool> rank(const Profile& candidate, const Profile& wanted) const {
    return {host_.device_of(candidate) != nullptr, autoconnects(candidate),
            name(candidate) == name(wanted)};
  }

  /// Controllers by their interface, and the kind of port that follows from them.
  Profile settle(Profile profile) const {
    std::visit(
        [&](auto& of) {
          of.reset.clear();
          if (!of.controller) return;
          if (of.controller->empty()) {
            of.controller.reset();
            return;
          }
          of.port = port_kind(of);
          of.controller = names_.interface_of(*of.controller);
        },
        profile);
    return profile;
  }

  template <class P>
  std::optional<Port> port_kind(const P& profile) const {
    if (profile.port || !profile.controller || profile.controller->empty()) return profile.port;
    const auto* controller = names_.profile(*profile.controller);
    if (controller != nullptr && std::holds_alternative<BridgeProfile>(*controller))
      return BridgePort{};
    if (controller != nullptr && std::holds_alternative<BondProfile>(*controller))
      return BondPort{};
    throw Error(ErrorKind::not_found, subject(profile),
                fmt::format("controller '{}' is no bridge or bond of this host or of the file",
                            *profile.controller),
                "add the bridge or bond, or say what port it is: port=BridgePort()");
  }

  Profile adopt(const Profile& before, const Profile& wanted) const {
    auto changes = wanted;
    const bool is_same = !uuid(wanted).empty() && uuid(wanted) == uuid(before);
    std::visit(
        [&]<class P>(P& of) {
          const auto& old = std::get<P>(before);
          of.uuid.clear();
          if (!is_same) of.name.clear();
          // Somebody who gives it an IP configuration does not want a port.
          if ((of.ipv4 || of.ipv6) && !of.controller && !of.port && old.port) of.controller = "";
          if (of.controller && !of.controller->empty()) {
            of.port = port_kind(of);
            const auto above = names_.interface_of(*of.controller);
            of.controller = above;
            // By uuid or by interface: the same to NetworkManager, and no change.
            if (old.controller && names_.interface_of(*old.controller) == above)
              of.controller.reset();
          }
          if constexpr (std::is_same_v<P, VlanProfile>) {
            if (of.parent && old.parent &&
                names_.interface_of(*of.parent) == names_.interface_of(*old.parent))
              of.parent.reset();
          }
        },
        changes);
    return merge(before, changes);
  }

  void collect() {
    for (const auto& wanted : decisions_.wanted) {
      wanted_interfaces_.insert(wanted.interface_name);
      if (controller(wanted.after))
        ports_[names_.interface_of(*controller(wanted.after))].push_back(&wanted);
      if (const auto* parent = parent_of(wanted.after))
        vlans_[names_.interface_of(*parent)].push_back(&wanted);
      std::visit(
          [&](const auto& of) {
            for (const auto& address : addresses_of(of.ipv4)) addresses_.emplace(address, &wanted);
            for (const auto& address : addresses_of(of.ipv6)) addresses_.emplace(address, &wanted);
          },
          wanted.after);
    }
    for (const auto& which : desired_.remove) {
      const auto* profile = host_.named(which);
      if (profile == nullptr) continue;
      if (adopted_.contains(profile)) {
        throw Error(ErrorKind::invalid, subject(*profile), "is both wanted and to be removed",
                    fmt::format("take '{}' out of remove, or the profile out of profiles", which));
      }
      removed_.insert(profile);
    }
  }

  /// A bridge takes its address from its ports. When its uplink becomes a bond, the bond takes the address of the NIC
  /// that it was, so that the bridge keeps its own, and VMs and neighbours notice nothing.
  void keep_bridge_address(Wanted& wanted) {
    auto* bond = std::get_if<BondProfile>(&wanted.after);
    const bool is_up = wanted.before != nullptr && host_.device_of(*wanted.before) != nullptr;
    if (bond == nullptr || bond->cloned_mac_address || is_up) return;
    std::vector<const Wanted*> uplinks = {&wanted};
    if (const auto found = vlans_.find(wanted.interface_name); found != vlans_.end())
      uplinks.insert(uplinks.end(), found->second.begin(), found->second.end());
    for (const auto* uplink : uplinks) {
      const auto& above = controller(uplink->after);
      const auto* bridge = above ? host_.device(names_.interface_of(*above)) : nullptr;
      if (bridge == nullptr || bridge->type != "bridge" || !bridge->mac_address) continue;
      for (const auto* port : ports_[wanted.interface_name]) {
        const auto* nic = host_.device(port->interface_name);
        if (nic == nullptr || nic->mac_address != bridge->mac_address) continue;
        bond->cloned_mac_address = bridge->mac_address->to_string();
        wanted.why += fmt::format("; it takes {}'s address, which is {}'s", nic->interface_name,
                                  bridge->interface_name);
        return;
      }
    }
  }

  template <class Config>
  static std::vector<IpAddress> addresses_of(const std::optional<Config>& ip) {
    std::vector<IpAddress> found;
    if (!ip || !ip->addresses) return found;
    for (const auto& cidr : *ip->addresses) found.push_back(cidr.address());
    return found;
  }

  void consider_leaving(const Profile& profile) {
    const bool is_removed = removed_.contains(&profile);
    const bool is_out = !autoconnects(profile) && host_.device_of(profile) == nullptr;
    auto why = is_removed ? std::string("you asked for it")
               : is_out   ? std::string{}
                          : why_leaving(profile);
    if (why.empty()) return;
    decisions_.leaving.push_back(
        {&profile, host_.interface_of(profile), is_removed, std::move(why)});
  }

  /// What it is in the way of, or nothing.
  std::string why_leaving(const Profile& profile) const {
    const auto interface = host_.interface_of(profile);
    if (const auto* wanted = decisions_.of_interface(interface)) {
      if (!autoconnects(wanted->after)) return {};  // it does not want the interface now
      if (type_of(profile) == type_of(wanted->after) && !has_ip(profile))
        return fmt::format("a duplicate: '{}' makes {}", name(wanted->after), interface);
      return fmt::format("it holds {}, which '{}' takes over", interface, name(wanted->after));
    }
    if (controller(profile)) {
      const auto bridge = names_.interface_of(*controller(profile));
      const auto successor = ports_.find(bridge);
      const auto* above = decisions_.of_interface(bridge);
      if (successor != ports_.end() && above != nullptr &&
          std::holds_alternative<BridgeProfile>(above->after) && shares_an_uplink(interface)) {
        return fmt::format("it was the uplink of {}, and {} is it now", bridge,
                           successor->second.front()->interface_name);
      }
    }
    return std::visit(
        [&](const auto& of) {
          for (const auto& list : {addresses_of(of.ipv4), addresses_of(of.ipv6)}) {
            for (const auto& address : list) {
              if (const auto found = addresses_.find(address); found != addresses_.end())
                return fmt::format("it holds {}, which moves to {}", address.to_string(),
                                   found->second->interface_name);
            }
          }
          return std::string{};
        },
        profile);
  }

  bool shares_an_uplink(const std::string& interface) const {
    return std::ranges::any_of(base_of(host_, interface), [&](const std::string& below) {
      return wanted_interfaces_.contains(below);
    });
  }

  const HostState& desired_;
  const Host& host_;
  const Names& names_;
  Decisions decisions_;
  std::set<const Profile*> adopted_;
  std::set<const Profile*> removed_;
  std::set<std::string, std::less<>> wanted_interfaces_;
  std::map<std::string, std::vector<const Wanted*>> ports_;  ///< by their controller
  std::map<std::string, std::vector<const Wanted*>> vlans_;  ///< by their parent
  std::map<IpAddress, const Wanted*> addresses_;
};

}  // namespace

const Wanted* Decisions::of_interface(const std::string& interface_name) const {
  const auto found = by_interface.find(interface_name);
  return found == by_interface.end() ? nullptr : &wanted[found->second];
}

const Profile* Names::profile(const std::string& reference) const {
  const auto* wanted = desired_.named(reference);
  return wanted != nullptr ? wanted : host_.named(reference);
}

std::string Names::interface_of(const std::string& reference) const {
  if (host_.device(reference) != nullptr) return reference;
  for (const auto* side : {&desired_, &host_}) {
    const auto* profile = side->named(reference);
    if (profile == nullptr) continue;
    auto interface = host_.interface_of(*profile);
    if (!interface.empty()) return interface;
  }
  return reference;
}

Decisions decide(const HostState& desired, const Host& host, const Names& names) {
  return Decider(desired, host, names).run();
}

const std::string* parent_of(const Profile& profile) {
  const auto* vlan = std::get_if<VlanProfile>(&profile);
  return vlan != nullptr && vlan->parent ? &*vlan->parent : nullptr;
}

std::vector<std::string> base_of(const Host& host, const std::string& interface_name) {
  std::vector<std::string> found = {interface_name};
  for (std::size_t i = 0; i < found.size() && i < 64; ++i) {  // 64: a circle has an end, too
    const auto current = found[i];
    const auto note = [&](const std::string& below) {
      if (std::ranges::find(found, below) == found.end()) found.push_back(below);
    };
    for (const auto* profile : host.of_interface(current)) {
      const auto* parent = parent_of(*profile);
      if (parent == nullptr) continue;
      const auto* below = host.named(*parent);
      note(below != nullptr ? host.interface_of(*below) : *parent);
    }
    const auto* device = host.device(current);
    if (device != nullptr && device->type == "bond")
      for (const auto& port : device->ports) note(port);
  }
  return found;
}

}  // namespace csnet::model
