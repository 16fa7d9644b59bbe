#include "findings.hpp"

#include <csnet/error.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <algorithm>

namespace csnet {
namespace {

using model::Findings;

/// The profile of the state that `reference` names, as NetworkManager would: by uuid or interface, else by name.
const Profile* find(const HostState& state, std::string_view reference) {
  const auto by = [&](auto&& matches) -> const Profile* {
    const auto found = std::ranges::find_if(state.profiles, matches);
    return found == state.profiles.end() ? nullptr : &*found;
  };
  const auto* exact =
      by([&](const Profile& p) { return uuid(p) == reference || interface_name(p) == reference; });
  return exact != nullptr ? exact : by([&](const Profile& p) { return name(p) == reference; });
}

/// Several profiles may bear the name: one that has such ports is meant.
void check_controller(const HostState& state, const Profile& profile, Findings& findings) {
  const auto& named = controller(profile);
  if (!named || named->empty()) return;
  const auto has_such_ports = [&](const Profile& other) {
    const bool bridge = std::holds_alternative<BridgeProfile>(other);
    if (!bridge && !std::holds_alternative<BondProfile>(other)) return false;
    return !port(profile) || std::holds_alternative<BridgePort>(*port(profile)) == bridge;
  };
  const Profile* other_kind = nullptr;
  for (const auto& other : state.profiles) {
    if (&other == &profile ||
        (uuid(other) != *named && interface_name(other) != *named && name(other) != *named))
      continue;
    if (has_such_ports(other)) return;
    if (other_kind == nullptr || std::holds_alternative<BridgeProfile>(other) ||
        std::holds_alternative<BondProfile>(other))
      other_kind = &other;
  }
  if (other_kind == nullptr) return;
  const bool is_bridge = std::holds_alternative<BridgeProfile>(*other_kind);
  if (is_bridge || std::holds_alternative<BondProfile>(*other_kind)) {
    findings.error(fmt::format("is a {} port, and its controller is {}",
                               is_bridge ? "bond" : "bridge", subject(*other_kind)),
                   fmt::format("give it a {}", is_bridge ? "BridgePort" : "BondPort"));
  } else {
    findings.error(
        fmt::format("controller '{}' is no bridge or bond but {}", *named, subject(*other_kind)),
        "only bridges and bonds have ports");
  }
}

void check_mtu(const HostState& state, const Profile& profile, Findings& findings) {
  const auto* vlan = std::get_if<VlanProfile>(&profile);
  if (vlan == nullptr || !vlan->mtu || !vlan->parent) return;
  const auto* parent = find(state, *vlan->parent);
  if (parent == nullptr) return;
  const auto limit = std::visit([](const auto& of) { return of.mtu; }, *parent).value_or(0);
  if (limit != 0 && *vlan->mtu > limit) {
    findings.error(
        fmt::format("mtu {} is above its parent's {}", *vlan->mtu, limit),
        fmt::format("the kernel would silently cut it: raise the mtu of {}", subject(*parent)));
  } else if (limit == 0 && *vlan->mtu > 1500) {
    findings.warning(fmt::format("mtu {}, and {} has none: the kernel's default is 1500",
                                 *vlan->mtu, subject(*parent)),
                     "give the parent an mtu at least as large");
  }
}

}  // namespace

std::vector<Finding> validate(const HostState& state) {
  std::vector<Finding> all;
  for (const auto& profile : state.profiles) {
    Findings findings(all, subject(profile));
    model::check_profile(profile, findings);
    check_controller(state, profile, findings);
    check_mtu(state, profile, findings);
  }
  return all;
}

void throw_if_invalid(std::span<const Finding> findings) {
  const auto is_error = [](const Finding& finding) { return finding.severity == Severity::error; };
  const auto first = std::ranges::find_if(findings, is_error);
  if (first == findings.end()) return;
  auto hint = first->remedy;
  for (const auto& other : findings) {
    if (!is_error(other) || &other == &*first) continue;
    hint +=
        fmt::format("{}also: {}: {}", hint.empty() ? "" : "\n  ", other.subject, other.evidence);
  }
  throw Error(ErrorKind::invalid, first->subject, first->evidence, hint);
}

}  // namespace csnet
