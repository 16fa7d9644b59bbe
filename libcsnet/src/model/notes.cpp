#include "notes.hpp"
#include "canonical.hpp"
#include "findings.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <charconv>
#include <set>
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
  Noter(const Decisions& decisions, const std::vector<Step>& live, const Host& host,
        const Names& names)
      : decisions_(decisions), live_(live), host_(host), names_(names) {}

  std::vector<Finding> run(const PlanOptions& options) {
    const auto guests = parse_vlans(options.guest_vlans);
    for (const auto& wanted : decisions_.wanted) {
      if (wanted.changes.empty()) continue;
      if (const auto* bridge = std::get_if<BridgeProfile>(&wanted.after))
        note_bridge(wanted, *bridge);
      if (const auto* vlan = std::get_if<VlanProfile>(&wanted.after)) note_guests(*vlan, guests);
      note_vlans_left_on(wanted);
      note_name_limits(wanted);
    }
    note_silence();
    note_profiles_for_any_nic();
    return std::move(notes_);
  }

 private:
  void note(Severity severity, const Profile& about, std::string evidence, std::string remedy) {
    notes_.push_back({severity, subject(about), std::move(evidence), std::move(remedy)});
  }

  void note_bridge(const Wanted& wanted, const BridgeProfile& bridge) {
    std::set<IpAddress> old_addresses;
    for (const auto& device : host_.devices()) {
      for (const auto& address : device.addresses) old_addresses.insert(address.address());
    }
    if (!bridge.ipv4 || !bridge.ipv4->addresses || old_addresses.empty()) return;
    std::vector<std::string> added;
    for (const auto& address : *bridge.ipv4->addresses) {
      if (!old_addresses.contains(address.address()))
        added.push_back(address.address().to_string());
    }
    if (added.empty()) return;
    note(Severity::info, wanted.after,
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
      const auto* above =
          controller(step.profile) ? names_.profile(*controller(step.profile)) : nullptr;
      if (above == nullptr) continue;
      const auto* wanted = decisions_.of_interface(host_.interface_of(*above));
      const auto now = canonical(wanted != nullptr ? wanted->after : *above);
      const auto* bridge = std::get_if<BridgeProfile>(&now);
      if (bridge == nullptr || !*bridge->stp || !noted.insert(bridge->interface_name).second)
        continue;
      note(Severity::info, now,
           fmt::format("STP is on: {} carries nothing for {} s after its uplink has joined",
                       bridge->interface_name, 2 * *bridge->forward_delay),
           "with one uplink there is no loop to find: stp: false");
    }
  }

  void note_guests(const VlanProfile& vlan, const Ranges& guests) {
    for (const auto& [first, last] : guests) {
      if (!vlan.id || *vlan.id < first || *vlan.id > last) continue;
      note(Severity::warning, vlan,
           fmt::format("VLAN {} is among the guest VLANs {}-{}", *vlan.id, first, last),
           "a guest network with this VLAN would move the interface into a bridge of its own and "
           "cut management off: "
           "take it out of the zone's range");
    }
  }

  void note_vlans_left_on(const Wanted& wanted) {
    if (!port(wanted.after) || !std::holds_alternative<BondPort>(*port(wanted.after))) return;
    std::set<const Profile*> leaving;
    for (const auto& one : decisions_.leaving) leaving.insert(one.profile);
    for (const auto& profile : host_.profiles()) {
      const auto* parent = parent_of(profile);
      if (parent == nullptr || leaving.contains(&profile) ||
          names_.interface_of(*parent) != wanted.interface_name)
        continue;
      const auto* now = decisions_.of_interface(host_.interface_of(profile));
      if (now != nullptr && parent_of(now->after) != nullptr &&
          names_.interface_of(*parent_of(now->after)) != wanted.interface_name)
        continue;
      note(Severity::warning, profile,
           fmt::format("lies on {}, which becomes a port of a bond: it will carry nothing any more",
                       wanted.interface_name),
           "move it onto the bond in the same plan, or remove it");
    }
  }

  void note_name_limits(const Wanted& wanted) {
    std::vector<Finding> all;
    Findings findings(all, subject(wanted.after));
    check_profile(wanted.after, findings);
    for (auto& finding : all) {
      if (finding.severity == Severity::warning) notes_.push_back(std::move(finding));
    }
  }

  void note_profiles_for_any_nic() {
    for (const auto& profile : host_.profiles()) {
      const bool for_any = std::holds_alternative<EthernetProfile>(profile) &&
                           autoconnects(profile) && host_.interface_of(profile).empty();
      if (!for_any || live_.empty()) continue;
      note(Severity::warning, profile,
           "is for any NIC, and comes up by itself: it may take a NIC that has no profile of its "
           "own",
           "give it an interface, or switch its autoconnect off");
    }
  }

  const Decisions& decisions_;
  const std::vector<Step>& live_;
  const Host& host_;
  const Names& names_;
  std::vector<Finding> notes_;
};

}  // namespace

std::vector<Finding> notes(const Decisions& decisions, const std::vector<Step>& live,
                           const Host& host, const Names& names, const PlanOptions& options) {
  return Noter(decisions, live, host, names).run(options);
}

}  // namespace csnet::model
