#include "notes.hpp"
#include "canonical.hpp"
#include "findings.hpp"
#include "interface_steps.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <charconv>
#include <set>
#include <unordered_map>
#include <utility>

namespace csnet::model {
namespace {

using Ranges = std::vector<std::pair<unsigned, unsigned>>;

unsigned vlan_number(std::string_view text, std::string_view all) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > 4094) {
    throw Error(ErrorKind::invalid, "guest_vlans",
                fmt::format("'{}' in '{}' is not a VLAN id (1 to 4094)", text, all),
                "write ranges and numbers: '200-299,1000'");
  }
  return number;
}

Ranges parse_vlans(std::string_view text) {
  Ranges ranges;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const auto part = text.substr(at, end - at);
    const auto dash = part.find('-');
    const auto first = vlan_number(part.substr(0, dash), text);
    const auto last =
        dash == std::string_view::npos ? first : vlan_number(part.substr(dash + 1), text);
    ranges.emplace_back(std::min(first, last), std::max(first, last));
    at = end + 1;
  }
  return ranges;
}

class Noter {
 public:
  Noter(const Decisions& decisions, const std::vector<Step>& live, const HostIndex& host,
        const References& references)
      : decisions_(decisions), live_(live), host_(host), references_(references) {
    for (const auto& leaving : decisions.leaving) {
      if (!leaving.profile->uuid().empty()) leaving_.emplace(leaving.profile->uuid(), &leaving);
    }
    for (const auto& wanted : decisions.wanted) {
      if (wanted.before != nullptr) adopted_.emplace(wanted.before, &wanted);
    }
  }

  std::vector<Finding> run(const PlanOptions& options) {
    const auto guests = parse_vlans(options.guest_vlans);
    for (const auto& wanted : decisions_.wanted) {
      if (wanted.changes.empty()) continue;
      if (wanted.after.is<BridgeProfile>()) note_new_address(wanted.after);
      if (const auto* vlan = wanted.after.get_if<VlanProfile>()) note_guests(*vlan, guests);
      note_name_limits(wanted);
      note_unmanaged(wanted);
    }
    note_what_is_left_behind();
    note_silence();
    note_profiles_for_any_nic();
    return std::move(notes_);
  }

 private:
  /// Notes about a profile: `of(profile).warning(…)`.
  Findings of(const Profile& profile) { return {notes_, subject(profile)}; }

  void note_new_address(const Profile& profile) {
    const auto& ip = *profile.get_if<BridgeProfile>().ipv4;
    if (!ip || !ip->addresses || ip->addresses->empty()) return;
    if (old_addresses_.empty()) {
      for (const auto& device : host_.devices()) {
        for (const auto& address : device.addresses) old_addresses_.insert(address.address());
      }
    }
    if (old_addresses_.empty()) return;
    std::vector<std::string> added;
    for (const auto& address : *ip->addresses) {
      if (!old_addresses_.contains(address.address()))
        added.push_back(address.address().to_string());
    }
    if (added.empty()) return;
    of(profile).info(
        "new-address", "ipv4.addresses",
        fmt::format("{} is new to this host: the agent's certificate (cloud.jks) does not name it",
                    fmt::join(added, ", ")),
        "with strict authentication the management server refuses the agent until the host's "
        "certificate is renewed");
  }

  /// STP keeps a port that joins silent for two forward delays, which eats into the time that a rollback leaves.
  void note_silence() {
    std::set<std::string> noted;
    for (const auto& step : live_) {
      if (step.action == Action::park || step.action == Action::reapply) continue;
      const auto* above = profile_of(step).controller()
                              ? references_.profile_of(*profile_of(step).controller())
                              : nullptr;
      if (above == nullptr || !above->is<BridgeProfile>()) continue;
      const auto interface = host_.interface_of(*above);
      if (!noted.insert(interface).second) continue;
      const auto* wanted = decisions_.of_interface(interface);
      const auto now = canonical(wanted != nullptr ? wanted->after : *above);
      const auto& bridge = *now.get_if<BridgeProfile>();
      if (!*bridge.stp) continue;
      of(now).info("stp-delay", "stp",
                   fmt::format("STP is on: {} carries nothing for {} s after its uplink has joined",
                               interface, 2 * *bridge.forward_delay),
                   "with one uplink there is no loop to find: turn STP off");
    }
  }

  void note_guests(const VlanProfile& vlan, const Ranges& guests) {
    for (const auto& [first, last] : guests) {
      if (!vlan.port() || !vlan.id || *vlan.id < first || *vlan.id > last) continue;
      of(vlan).warning(
          "guest-vlan", "id",
          first == last
              ? fmt::format("VLAN {} is a guest VLAN", *vlan.id)
              : fmt::format("VLAN {} is among the guest VLANs {}-{}", *vlan.id, first, last),
          "a guest network with this VLAN would move the interface into a bridge of its own and "
          "cut management off: take it out of the zone's range");
      return;
    }
  }

  void note_name_limits(const Wanted& wanted) {
    std::vector<Finding> all;
    Findings findings(all, subject(wanted.after));
    const auto* vlan = wanted.after.get_if<VlanProfile>();
    const auto& its_port = wanted.after.port();
    if (its_port && std::holds_alternative<BridgePort>(*its_port)) {
      const auto* parent = parent_of(wanted.after);
      const auto below =
          parent != nullptr ? references_.interface_of(*parent) : wanted.interface_name;
      if (vlan == nullptr || vlan->id.value_or(0) < 1000)
        warn_of_long_parent(below, vlan == nullptr ? "interface_name" : "parent", findings);
    }
    check_profile(wanted.after, findings);
    for (auto& finding : all) {
      if (finding.severity == Severity::warning) notes_.push_back(std::move(finding));
    }
  }

  /// What cloudstack-setup-agent leaves behind where it found no bridge.
  void note_unmanaged(const Wanted& wanted) {
    const auto* device = host_.device(wanted.interface_name);
    if (device == nullptr || device->state != "unmanaged" || !decisions_.is_in_force(wanted))
      return;
    of(wanted.after)
        .warning("unmanaged-interface", "interface_name",
                 fmt::format("NetworkManager does not manage {} now", wanted.interface_name),
                 fmt::format(
                     "if it is told to leave it alone, by NM_CONTROLLED=no or unmanaged-devices, "
                     "the profile will not come up: nmcli device set {} managed yes",
                     wanted.interface_name));
  }

  /// Profiles that the plan leaves alone, and that lose what they lie on.
  void note_what_is_left_behind() {
    for (const auto& profile : host_.profiles()) {
      if (leaving_.contains(profile.uuid())) continue;
      const auto found = adopted_.find(&profile);
      if (found == adopted_.end()) note_controller_that_goes(profile);
      const auto& now = found == adopted_.end() ? profile : found->second->after;
      if (!autoconnects(now)) continue;
      if (const auto* parent = parent_of(now)) note_parent(now, *parent);
    }
  }

  void note_controller_that_goes(const Profile& profile) {
    if (!profile.controller() || !autoconnects(profile)) return;
    const auto found = leaving_.find(*profile.controller());
    const auto above = references_.controller_of(profile);
    const auto* still = references_.profile_of(*profile.controller());
    const bool goes =
        found != leaving_.end() || (still != nullptr && leaving_.contains(still->uuid()) &&
                                    decisions_.of_interface(above) == nullptr);
    if (!goes) return;
    of(profile).warning("controller-leaves", "controller",
                        fmt::format("{} is retired or deleted", above),
                        "the port will carry nothing: change it in the same plan, or remove it");
  }

  void note_parent(const Profile& profile, const std::string& parent) {
    const auto found = leaving_.find(parent);
    if (found == leaving_.end()) return;
    const auto below = references_.interface_of(parent);
    of(profile).warning("parent-leaves", "parent",
                        fmt::format("is the uuid of {}, which is retired or deleted: the VLAN will "
                                    "not come up after the next boot",
                                    subject(*found->second->profile)),
                        fmt::format("name the interface {} as its parent in the same plan", below));
  }

  void note_profiles_for_any_nic() {
    if (live_.empty()) return;
    for (const auto& profile : host_.profiles()) {
      const auto* nic = profile.get_if<EthernetProfile>();
      if (nic == nullptr || !autoconnects(profile) || nic->mac_address ||
          leaving_.contains(profile.uuid()) || !host_.interface_of(profile).empty())
        continue;
      of(profile).warning("profile-for-any-nic", "interface_name",
                          "is empty, and the profile comes up on its own: it may take a NIC that "
                          "has no profile of its own",
                          "give it an interface, or turn its autoconnect off");
    }
  }

  const Decisions& decisions_;
  const std::vector<Step>& live_;
  const HostIndex& host_;
  const References& references_;
  std::unordered_map<std::string, const Leaving*> leaving_;    ///< by uuid
  std::unordered_map<const Profile*, const Wanted*> adopted_;  ///< by what it was
  std::set<IpAddress> old_addresses_;
  std::vector<Finding> notes_;
};

}  // namespace

std::vector<Finding> notes(const Decisions& decisions, const std::vector<Step>& live,
                           const HostIndex& host, const References& references,
                           const PlanOptions& options) {
  return Noter(decisions, live, host, references).run(options);
}

}  // namespace csnet::model
