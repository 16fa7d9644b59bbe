#include "match_profiles.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace csnet::model {
namespace {

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

class Leaver {
 public:
  Leaver(const HostState& desired, const Decisions& decisions, const HostIndex& host,
         const References& references, bool purge)
      : decisions_(decisions), host_(host), references_(references), purge_(purge) {
    for (const auto& wanted : decisions.wanted) {
      if (wanted.before != nullptr) adopted_.insert(wanted.before);
      if (!decisions.is_in_force(wanted)) continue;
      for (const auto& address : addresses_of(wanted.after))
        addresses_.emplace(address, &wanted.interface_name);
    }
    for (const auto& which : desired.remove) remove(which);
    if (!purge) return;
    for (const auto& wanted : decisions.wanted) {
      if (wanted.after.controller()) check_base(wanted, *wanted.after.controller(), "controller");
      if (const auto* parent = parent_of(wanted.after)) check_base(wanted, *parent, "parent");
    }
  }

  std::vector<Leaving> run() {
    std::vector<Leaving> all;
    for (const auto& profile : host_.profiles()) {
      if (adopted_.contains(&profile)) continue;
      const bool is_named = removed_.contains(&profile);
      // Put aside already: it neither runs nor comes up by itself.
      const bool is_out = !autoconnects(profile) && host_.device_of(profile) == nullptr;
      auto why = is_named ? std::string("it is to be removed")
                 : is_out ? std::string{}
                          : why_leaving(profile);
      if (why.empty() && purge_) why = "it is not wanted (purge)";
      if (!why.empty())
        all.push_back({&profile, host_.interface_of(profile), is_named || purge_, std::move(why)});
    }
    return all;
  }

 private:
  void remove(const std::string& which) {
    const auto* profile = host_.references().meant_by(which);
    if (profile == nullptr) return;
    if (adopted_.contains(profile)) {
      throw Error(ErrorKind::invalid, subject(*profile), "is both wanted and to be removed",
                  fmt::format("take '{}' out of remove, or the profile out of profiles", which));
    }
    removed_.insert(profile);
  }

  /// A bridge, bond or VLAN that goes takes with it what lies on it. A NIC is there without a profile, too.
  void check_base(const Wanted& wanted, const std::string& reference, std::string_view what) const {
    const auto* base = host_.references().referred_to_by(reference);
    if (base == nullptr || adopted_.contains(base) || base->is<EthernetProfile>() ||
        decisions_.of_interface(references_.interface_of(reference)) != nullptr)
      return;
    throw Error(
        ErrorKind::invalid, subject(wanted.after),
        fmt::format("its {} is {}, which is not wanted, and purge would delete it", what,
                    subject(*base)),
        fmt::format("add {} to the profiles, or give this one another {}", subject(*base), what));
  }

  /// What it is in the way of, or nothing.
  std::string why_leaving(const Profile& profile) {
    const auto interface = host_.interface_of(profile);
    if (const auto* wanted = decisions_.of_interface(interface))
      return why_leaving_interface(profile, *wanted);
    if (profile.controller()) {
      const auto bridge = references_.controller_of(profile);
      if (const auto* uplink = new_uplink(bridge, interface))
        return fmt::format("it was the uplink of {}, which {} is now", bridge, *uplink);
    }
    for (const auto& address : addresses_of(profile)) {
      if (const auto found = addresses_.find(address); found != addresses_.end())
        return fmt::format("it holds {}, which moves to {}", address.to_string(), *found->second);
    }
    return {};
  }

  [[nodiscard]] std::string why_leaving_interface(const Profile& profile,
                                                  const Wanted& wanted) const {
    if (!decisions_.is_in_force(wanted)) return {};  // it does not want the interface now
    const auto& interface = wanted.interface_name;
    const auto heir = fmt::format(
        "{}'{}'", profile.name() == wanted.after.name() ? "the other " : "", wanted.after.name());
    if (host_.device_of(profile) != nullptr)
      return fmt::format("it holds {}, which {} takes over", interface, heir);
    if (profile.type() == wanted.after.type())
      return fmt::format("a duplicate: {} makes {}", heir, interface);
    return fmt::format("it is for {}, which {} makes", interface, heir);
  }

  /// Two uplinks in one bridge would be a loop: the new one of a wanted bridge, when the old one has to make way.
  const std::string* new_uplink(const std::string& bridge, const std::string& old) {
    const auto* above = decisions_.of_interface(bridge);
    const auto& ports = decisions_.ports_of(bridge);
    if (ports.empty() || above == nullptr || !above->after.is<BridgeProfile>()) return nullptr;
    const auto [known, is_first] = joins_.try_emplace(bridge, nullptr);
    if (is_first) {
      const auto joins = std::ranges::find_if(
          ports, [&](std::size_t port) { return !is_port_now(decisions_.wanted[port], bridge); });
      if (joins != ports.end()) known->second = &decisions_.wanted[*joins].interface_name;
    }
    if (known->second != nullptr) return known->second;
    return shares_an_uplink(old) ? &decisions_.wanted[ports.front()].interface_name : nullptr;
  }

  [[nodiscard]] bool is_port_now(const Wanted& port, const std::string& bridge) const {
    if (const auto* device = host_.device(port.interface_name)) return device->controller == bridge;
    return port.before != nullptr && references_.controller_of(*port.before) == bridge;
  }

  [[nodiscard]] bool shares_an_uplink(const std::string& interface) const {
    return std::ranges::any_of(base_of(host_, interface), [&](const std::string& below) {
      return decisions_.of_interface(below) != nullptr;
    });
  }

  const Decisions& decisions_;
  const HostIndex& host_;
  const References& references_;
  const bool purge_;
  std::set<const Profile*> adopted_;
  std::set<const Profile*> removed_;
  std::map<IpAddress, const std::string*> addresses_;  ///< wanted ones, with their interface
  std::map<std::string, const std::string*> joins_;    ///< by the bridge; null: nothing new
};

}  // namespace

std::vector<Leaving> leaving(const HostState& desired, const Decisions& decisions,
                             const HostIndex& host, const References& references, bool purge) {
  return Leaver(desired, decisions, host, references, purge).run();
}

std::vector<std::string> base_of(const HostIndex& host, const std::string& interface_name) {
  std::vector<std::string> found = {interface_name};
  for (std::size_t i = 0; i < found.size() && i < 64; ++i) {  // 64: a circle has an end, too
    const auto current = found[i];
    const auto note = [&](const std::string& below) {
      if (std::ranges::find(found, below) == found.end()) found.push_back(below);
    };
    for (const auto* profile : host.references().for_interface(current)) {
      const auto* parent = parent_of(*profile);
      if (parent == nullptr) continue;
      const auto* below = host.references().referred_to_by(*parent);
      note(below != nullptr ? host.interface_of(*below) : *parent);
    }
    const auto* device = host.device(current);
    if (device != nullptr && device->type == "bond")
      for (const auto& port : device->ports) note(port);
  }
  return found;
}

}  // namespace csnet::model
