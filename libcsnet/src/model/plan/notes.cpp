#include "notes.hpp"
#include "canonical.hpp"
#include "findings.hpp"
#include "interface_steps.hpp"
#include "uplinks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace csnet::model {
namespace {

using Notes = std::vector<Finding>;
using ObsoleteByUuid = std::unordered_map<std::string, const Obsolete*>;

/// Takes notes about the profile.
Findings about(const Profile& profile, Notes& notes) { return {notes, subject(profile)}; }

// ------------------------------------------------------------------ profiles that change

std::set<IpAddress> addresses_of(const HostIndex& host) {
  std::set<IpAddress> found;
  for (const auto& device : host.devices()) {
    for (const auto& address : device.addresses) found.insert(address.address());
  }
  return found;
}

void note_new_address(const std::set<IpAddress>& old, const Profile& profile, Notes& notes) {
  const auto* bridge = profile.get_if<BridgeProfile>();
  if (bridge == nullptr || !bridge->ipv4 || !bridge->ipv4->addresses || old.empty()) return;
  std::vector<std::string> added;
  for (const auto& address : *bridge->ipv4->addresses) {
    if (!old.contains(address.address())) added.push_back(address.address().to_string());
  }
  if (added.empty()) return;
  about(profile, notes)
      .info("new-address", "ipv4.addresses",
            fmt::format(
                "{} is new to this host: the agent's certificate (cloud.jks) does not name it",
                fmt::join(added, ", ")),
            "with strict authentication the management server refuses the agent until the host's "
            "certificate is renewed");
}

void note_guest_vlan(const std::vector<VlanRange>& guests, const Profile& profile, Notes& notes) {
  const auto* vlan = profile.get_if<VlanProfile>();
  if (vlan == nullptr || !profile.port() || !vlan->id) return;
  const auto found = std::ranges::find_if(guests, [&](const VlanRange& range) {
    return *vlan->id >= range.first && *vlan->id <= range.last;
  });
  if (found == guests.end()) return;
  about(profile, notes)
      .warning(
          "guest-vlan", "id",
          found->first == found->last ? fmt::format("VLAN {} is a guest VLAN", *vlan->id)
                                      : fmt::format("VLAN {} is among the guest VLANs {}-{}",
                                                    *vlan->id, found->first, found->last),
          "a guest network with this VLAN would move the interface into a bridge of its own and "
          "cut management off: take it out of the zone's range");
}

/// Warnings of validate() that are about what the plan changes.
void note_warnings(const References& references, const Wanted& wanted, Notes& notes) {
  Notes all;
  Findings findings(all, subject(wanted.after));
  const auto* vlan = wanted.after.get_if<VlanProfile>();
  const auto& its_port = wanted.after.port();
  if (its_port && std::holds_alternative<BridgePort>(*its_port)) {
    const auto* parent = parent_of(wanted.after);
    const auto below = parent != nullptr ? references.interface_of(*parent) : wanted.interface_name;
    if (vlan == nullptr || vlan->id.value_or(0) < 1000)
      warn_of_long_parent(below, vlan == nullptr ? "interface_name" : "parent", findings);
  }
  check_profile(wanted.after, findings);
  for (auto& finding : all) {
    if (finding.severity == Severity::warning) notes.push_back(std::move(finding));
  }
}

/// cloudstack-setup-agent makes an interface unmanaged when it finds no bridge.
void note_unmanaged(const HostIndex& host, const Wanted& wanted, Notes& notes) {
  const auto* device = host.device(wanted.interface_name);
  if (device == nullptr || device->state != "unmanaged") return;
  about(wanted.after, notes)
      .warning(
          "unmanaged-interface", "interface_name",
          fmt::format("NetworkManager does not manage {} now", wanted.interface_name),
          fmt::format("if it is told to leave it alone, by NM_CONTROLLED=no or unmanaged-devices, "
                      "the profile will not come up: nmcli device set {} managed yes",
                      wanted.interface_name));
}

// ------------------------------------------------------------------ profiles outside the plan

/// Whether the profile's controller is retired or deleted, and no wanted profile replaces it.
bool loses_controller(const PlanContext& context, const Decisions& decisions,
                      const ObsoleteByUuid& obsolete, const Profile& profile) {
  const auto& reference = profile.controller().value_or("");
  if (reference.empty() || !autoconnects(profile)) return false;
  if (obsolete.contains(reference)) return true;
  const auto* above = context.references.profile_of(reference);
  return above != nullptr && obsolete.contains(above->uuid()) &&
         decisions.of_interface(context.references.interface_of(reference)) == nullptr;
}

void note_left_behind(const PlanContext& context, const Decisions& decisions,
                      const ObsoleteByUuid& obsolete, Notes& notes) {
  const auto& references = context.references;
  std::unordered_map<const Profile*, const Profile*> adopted;
  for (const auto& wanted : decisions.wanted) {
    if (wanted.before != nullptr) adopted.emplace(wanted.before, &wanted.after);
  }
  for (const auto& profile : context.host.profiles()) {
    if (obsolete.contains(profile.uuid())) continue;
    const auto found = adopted.find(&profile);
    const auto& now = found == adopted.end() ? profile : *found->second;
    if (found == adopted.end() && loses_controller(context, decisions, obsolete, profile)) {
      about(profile, notes)
          .warning("controller-leaves", "controller",
                   fmt::format("{} is retired or deleted", references.controller_of(profile)),
                   "the port will carry nothing: change it in the same plan, or remove it");
    }
    const auto* parent = parent_of(now);
    if (parent == nullptr || !autoconnects(now) || !obsolete.contains(*parent)) continue;
    about(now, notes)
        .warning("parent-leaves", "parent",
                 fmt::format("is the uuid of {}, which is retired or deleted: the VLAN will "
                             "not come up after the next boot",
                             subject(*obsolete.at(*parent)->profile)),
                 fmt::format("name the interface {} as its parent in the same plan",
                             references.interface_of(*parent)));
  }
}

void note_profiles_for_any_nic(const HostIndex& host, const ObsoleteByUuid& obsolete,
                               Notes& notes) {
  for (const auto& profile : host.profiles()) {
    const auto* nic = profile.get_if<EthernetProfile>();
    if (nic == nullptr || !autoconnects(profile) || nic->mac_address ||
        obsolete.contains(profile.uuid()) || !host.interface_of(profile).empty())
      continue;
    about(profile, notes)
        .warning("profile-for-any-nic", "interface_name",
                 "is empty, and the profile comes up on its own: it may take a NIC that has no "
                 "profile of its own",
                 "give it an interface, or turn its autoconnect off");
  }
}

// ------------------------------------------------------------------ steps

/// STP blocks a port that joins for two forward delays, which shortens the time that a rollback
/// leaves.
void note_stp_delay(const PlanContext& context, const Decisions& decisions,
                    const std::vector<Step>& live, Notes& notes) {
  std::set<std::string> noted;
  for (const auto& step : live) {
    if (step.action == Action::park || step.action == Action::reapply) continue;
    const auto& reference = profile_of(step).controller();
    const auto* above = reference ? context.references.profile_of(*reference) : nullptr;
    if (above == nullptr || !above->is<BridgeProfile>()) continue;
    const auto interface = context.host.interface_of(*above);
    if (!noted.insert(interface).second) continue;
    const auto* wanted = decisions.of_interface(interface);
    const auto now = canonical(wanted != nullptr ? wanted->after : *above);
    const auto& bridge = *now.get_if<BridgeProfile>();
    if (!*bridge.stp) continue;
    about(now, notes)
        .info("stp-delay", "stp",
              fmt::format("STP is on: {} carries nothing for {} s after its uplink has joined",
                          interface, 2 * *bridge.forward_delay),
              "with one uplink there is no loop to find: turn STP off");
  }
}

}  // namespace

std::vector<Finding> notes_of_host(const PlanContext& context, const Decisions& decisions) {
  std::set<std::string, std::less<>> leave;  // interfaces that the plan takes out of their bridge
  for (const auto& obsolete : decisions.obsolete) leave.insert(obsolete.interface_name);
  for (const auto& wanted : decisions.wanted) {
    const auto* device = context.host.device(wanted.interface_name);
    if (device != nullptr && device->controller != context.references.controller_of(wanted.after))
      leave.insert(wanted.interface_name);
  }
  Notes notes;
  for (const auto& device : context.host.devices()) {
    auto uplinks = uplinks_of(device, context.host.facts());
    std::erase_if(uplinks, [&](const std::string& uplink) { return leave.contains(uplink); });
    if (uplinks.size() < 2) continue;
    Findings findings(notes, fmt::format("interface '{}'", device.interface_name));
    warn_of_uplinks(uplinks, findings);
  }
  return notes;
}

std::vector<Finding> notes(const PlanContext& context, const Decisions& decisions,
                           const std::vector<Step>& live) {
  Notes notes;
  const auto old_addresses = addresses_of(context.host);
  for (const auto& wanted : decisions.wanted) {
    if (wanted.changes.empty()) continue;
    note_new_address(old_addresses, wanted.after, notes);
    note_guest_vlan(context.guest_vlans, wanted.after, notes);
    note_warnings(context.references, wanted, notes);
    if (decisions.comes_up(wanted)) note_unmanaged(context.host, wanted, notes);
  }
  ObsoleteByUuid obsolete;
  for (const auto& each : decisions.obsolete) {
    if (!each.profile->uuid().empty()) obsolete.emplace(each.profile->uuid(), &each);
  }
  for (auto& note : notes_of_host(context, decisions)) notes.push_back(std::move(note));
  note_left_behind(context, decisions, obsolete, notes);
  note_stp_delay(context, decisions, live, notes);
  if (!live.empty()) note_profiles_for_any_nic(context.host, obsolete, notes);
  return notes;
}

}  // namespace csnet::model
