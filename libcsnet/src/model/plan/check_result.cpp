#include "check_result.hpp"
#include "uplinks.hpp"

#include <csnet/error.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <set>

namespace csnet::model {
namespace {

/// The errors of a state, without the places of profiles, which differ between two states.
std::vector<Finding> errors_of(const std::vector<Profile>& profiles) {
  auto findings = validate(HostState{.profiles = profiles});
  std::erase_if(findings,
                [](const Finding& finding) { return finding.severity != Severity::error; });
  for (auto& finding : findings) finding.item.clear();
  return findings;
}

/// A port or VLAN that was put aside does not prevent a plan: it remains inactive.
bool does_nothing(const HostIndex& host, const Profile& profile) {
  return host.is_put_aside(profile) && (profile.is<VlanProfile>() || profile.controller());
}

std::vector<Profile> profiles_afterwards(const PlanContext& context, const Decisions& decisions) {
  std::set<const Profile*> gone;
  for (const auto& wanted : decisions.wanted) gone.insert(wanted.before);
  for (const auto& obsolete : decisions.obsolete) gone.insert(obsolete.profile);
  std::vector<Profile> after;
  for (const auto& profile : context.host.profiles()) {
    if (!gone.contains(&profile) && !does_nothing(context.host, profile)) after.push_back(profile);
  }
  for (const auto& wanted : decisions.wanted) after.push_back(wanted.after);
  return after;
}

bool is_there(const PlanContext& context, const std::string& reference) {
  return context.host.device(context.references.interface_of(reference)) != nullptr ||
         context.references.profile_of(reference) != nullptr;
}

/// @param instead another remedy, "add a bond 'bond0', or "; may be empty
std::string hint_with_nics(const HostIndex& host, std::string_view instead) {
  std::vector<std::string> nics;
  for (const auto& device : host.devices()) {
    if (is_nic(device)) nics.push_back(device.interface_name);
  }
  return fmt::format("{}use one of: {}", instead, fmt::join(nics, ", "));
}

void check_nic(const HostIndex& host, const EthernetProfile& nic, const std::string& interface) {
  if (host.device(interface) != nullptr) return;
  throw Error(ErrorKind::not_found, subject(nic),
              interface.empty() && nic.mac_address
                  ? fmt::format("no NIC of this host has the address {}, or several have it",
                                nic.mac_address->to_string())
                  : fmt::format("there is no interface '{}' on this host", interface),
              hint_with_nics(host, ""));
}

}  // namespace

void check_result(const PlanContext& context, const Decisions& decisions) {
  auto errors = errors_of(profiles_afterwards(context, decisions));
  if (errors.empty()) return;
  const auto before = errors_of(context.host.profiles());
  const std::set<Finding> known(before.begin(), before.end());
  std::erase_if(errors, [&](const Finding& finding) { return known.contains(finding); });
  throw_if_invalid(errors);
}

void check_interfaces(const PlanContext& context, const Decisions& decisions) {
  if (!context.host.knows_devices()) return;
  for (const auto& [_, profile, interface, changes, why] : decisions.wanted) {
    if (changes.empty() || !autoconnects(profile)) continue;
    if (const auto* nic = profile.get_if<EthernetProfile>())
      check_nic(context.host, *nic, interface);
    if (const auto* parent = parent_of(profile); parent != nullptr && !is_there(context, *parent)) {
      throw Error(ErrorKind::not_found, subject(profile),
                  fmt::format("parent '{}' is neither on this host nor in the file", *parent),
                  hint_with_nics(context.host, fmt::format("add a bond '{}', or ", *parent)));
    }
    if (const auto& above = profile.controller(); above && !is_there(context, *above)) {
      throw Error(ErrorKind::not_found, subject(profile),
                  fmt::format("controller '{}' is neither on this host nor in the file", *above),
                  "add the bridge or bond");
    }
  }
}

}  // namespace csnet::model
