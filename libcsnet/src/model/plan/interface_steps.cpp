#include "interface_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace csnet::model {
namespace {

using Interfaces = std::set<std::string>;

/// The action that an interface needs for a wanted profile.
struct Reaction {
  Action action = Action::activate;
  std::string why{};
};

/// Whether an active interface does not depend on the property.
bool is_dormant(const Change& change, const std::string& interface) {
  return change.property == "name" || change.property.starts_with("autoconnect") ||
         (change.property == "interface_name" && change.after == interface);
}

std::vector<Change> changes_of_interface(const Wanted& wanted) {
  std::vector<Change> found;
  for (const auto& change : wanted.changes) {
    if (!is_dormant(change, wanted.interface_name)) found.push_back(change);
  }
  return found;
}

/// The changed fields of a VLAN that need a new interface of the same name; "" when there are none.
std::string changed_link(const References& references, const Wanted& wanted) {
  const auto* before = wanted.before->get_if<VlanProfile>();
  const auto* after = wanted.after.get_if<VlanProfile>();
  if (before == nullptr || after == nullptr) return {};
  const auto below = [&](const VlanProfile& vlan) {
    return references.interface_of(vlan.parent.value_or(""));
  };
  const bool moves = below(*before) != below(*after);
  if (before->id == after->id) return moves ? "parent" : "";
  return moves ? "parent and id" : "id";
}

std::string why_activate(const HostIndex& host, const Wanted& wanted) {
  const auto* device = host.device(wanted.interface_name);
  const auto* holder =
      device == nullptr ? nullptr : host.references().with_uuid(device->profile.value_or(""));
  if (holder != nullptr && holder != wanted.before)
    return fmt::format("{}'{}' gives way to it",
                       holder->name() == wanted.after.name() ? "the other " : "", holder->name());
  return wanted.before == nullptr ? "it is new" : "it is down";
}

/// For changes that a reapply cannot apply.
Reaction start_anew(const References& references, const Wanted& wanted,
                    std::vector<std::string> properties) {
  const auto link = changed_link(references, wanted);
  if (!link.empty())
    return {Action::restart,
            fmt::format("a new {} needs a new interface: down, and up again", link)};
  // The settings of a port follow from "port".
  if (std::ranges::find(properties, "port") != properties.end())
    std::erase_if(properties, [](const auto& property) { return property.starts_with("port."); });
  return {Action::activate,
          fmt::format("changes of {} need a new activation", fmt::join(properties, ", "))};
}

/// Nothing when the interface is as wanted, or stays down.
std::optional<Reaction> reaction_to(const PlanContext& context, const Decisions& decisions,
                                    const Wanted& wanted) {
  const auto& host = context.host;
  const auto* device = wanted.before != nullptr ? host.device_of(*wanted.before) : nullptr;
  if (!decisions.comes_up(wanted)) {
    // A profile without autoconnect stays down; but if it is active, its changes are applied.
    const auto* first = decisions.of_interface(wanted.interface_name);
    if (device == nullptr || first == nullptr || decisions.comes_up(*first)) return std::nullopt;
  }
  const bool is_up = device != nullptr || (wanted.before != nullptr && !host.knows_devices());
  if (!is_up) return Reaction{Action::activate, why_activate(host, wanted)};

  const auto above = context.references.controller_of(wanted.after);
  const bool has_left = device != nullptr && !above.empty() && device->controller != above &&
                        context.references.controller_of(*wanted.before) == above;
  if (has_left) return Reaction{Action::activate, fmt::format("it is not in {} now", above)};

  const auto changes = changes_of_interface(wanted);
  auto anew = not_reappliable(*wanted.before, wanted.after, changes);
  if (!anew.empty()) return start_anew(context.references, wanted, std::move(anew));
  if (!changes.empty()) return Reaction{Action::reapply, "it applies the changes and stays up"};
  if (device != nullptr && device->stale)
    return Reaction{Action::reapply, "its profile has changed since it was activated"};
  return std::nullopt;
}

bool is_active(const Device* device) { return device != nullptr && device->profile.has_value(); }

/// The parents of active VLANs.
Interfaces parents_in_use(const PlanContext& context) {
  Interfaces found;
  for (const auto& profile : context.host.profiles()) {
    const auto* parent = parent_of(profile);
    if (parent != nullptr && context.host.device_of(profile) != nullptr)
      found.insert(context.references.interface_of(*parent));
  }
  return found;
}

/// The rank of an interface that comes up.
/// @param is_in_use the interface has an address, a controller or a VLAN
Rank rank_of_start(const Profile& profile, bool is_active, bool is_in_use) {
  if (!is_active && profile.is<BridgeProfile>()) return Rank::bridge;
  if (!is_active && profile.is<BondProfile>()) return Rank::bond;
  const auto& its_port = profile.port();
  if (its_port && std::holds_alternative<BondPort>(*its_port) && !is_in_use) return Rank::free_port;
  if (!is_active) return Rank::free;
  return profile.is<EthernetProfile>() ? Rank::nic : Rank::swap;
}

/// The operations found so far, one for each interface.
class Operations {
 public:
  Operations(const PlanContext& context, const Decisions& decisions)
      : context_(context), decisions_(decisions), parents_in_use_(parents_in_use(context)) {}

  void add_wanted(const Wanted& wanted) {
    auto reaction = reaction_to(context_, decisions_, wanted);
    if (!reaction) return;
    const auto* device = context_.host.device(wanted.interface_name);
    Rank rank{};
    if (reaction->action == Action::reapply) {
      const bool loses = device != nullptr && !lost_addresses(*device, wanted.after).empty();
      rank = loses ? Rank::lose : Rank::reapply;
    } else {
      const bool is_in_use =
          device != nullptr && (has_address(*device) || !device->controller.empty() ||
                                parents_in_use_.contains(wanted.interface_name));
      rank = rank_of_start(wanted.after, is_active(device), is_in_use);
    }
    add({.step = {.action = reaction->action,
                  .item = with_interfaces(wanted.after, wanted.interface_name),
                  .name = wanted.after.name(),
                  .why = std::move(reaction->why)},
         .interface_name = wanted.interface_name,
         .rank = rank});
  }

  /// Parks an interface whose profile is obsolete, unless a wanted profile takes it over.
  void add_obsolete(const Obsolete& obsolete) {
    const auto* device = context_.host.device_of(*obsolete.profile);
    if (device == nullptr || by_interface_.contains(device->interface_name)) return;
    const bool only_loses = device->controller.empty() && device->ports.empty();
    add({.step = {.action = Action::park,
                  .item = parked(*obsolete.profile, device->interface_name),
                  .name = obsolete.profile->name(),
                  .why = obsolete.why},
         .interface_name = device->interface_name,
         .rank = only_loses ? Rank::lose : Rank::park});
  }

  /// A bridge or bond that starts anew loses its ports. Ports with a profile are activated after
  /// it, and then the ports of a bond among them.
  void add_ports_of_restarted() {
    std::unordered_map<std::string, std::vector<const Profile*>> ports;
    for (const auto& profile : context_.host.profiles()) {
      if (profile.controller() && context_.host.device_of(profile) != nullptr)
        ports[context_.references.controller_of(profile)].push_back(&profile);
    }
    // NOLINTNEXTLINE(modernize-loop-convert): it grows meanwhile
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const auto action = all_[i].step.action;
      const auto* device = context_.host.device(all_[i].interface_name);
      const bool starts = action == Action::activate || action == Action::restart;
      if (!starts || !is_active(device) || device->ports.empty()) continue;
      for (const auto* port : ports[device->interface_name]) restart_port(*port, *device);
    }
  }

  std::vector<Operation> all() && { return std::move(all_); }

 private:
  void add(Operation operation) {
    by_interface_.emplace(operation.interface_name, all_.size());
    all_.push_back(std::move(operation));
  }

  void restart_port(const Profile& port, const Device& above) {
    const auto& interface = context_.host.device_of(port)->interface_name;
    auto why = fmt::format("{} starts anew, and it joins again", above.interface_name);
    if (const auto found = by_interface_.find(interface); found != by_interface_.end()) {
      auto& operation = all_[found->second];
      if (operation.step.action != Action::reapply) return;
      operation.step.action = Action::activate;
      operation.step.why = std::move(why);
      operation.rank = Rank::swap;
      return;
    }
    const auto* wanted = decisions_.of_interface(interface);
    const auto& profile = wanted != nullptr && wanted->before == &port ? wanted->after : port;
    add({.step = {.action = Action::activate,
                  .item = with_interfaces(profile, interface),
                  .name = profile.name(),
                  .why = std::move(why)},
         .interface_name = interface,
         .rank = Rank::swap});
  }

  /// A step names its interface and the controller's, also when the profile names none, or a uuid.
  [[nodiscard]] Profile with_interfaces(Profile profile, const std::string& interface) const {
    profile.visit([&](auto& of) {
      // A new profile is found by its name and interface, which must be those of its add step.
      if (of.interface_name.empty() && !of.uuid.empty()) of.interface_name = interface;
      if (of.controller) of.controller = context_.references.interface_of(*of.controller);
    });
    return profile;
  }

  const PlanContext& context_;
  const Decisions& decisions_;
  const Interfaces parents_in_use_;
  std::vector<Operation> all_;
  std::unordered_map<std::string, std::size_t> by_interface_;
};

}  // namespace

/// The suffix tells an operator why the interface has this profile. No code reads it.
Profile parked(const Profile& profile, const std::string& interface) {
  auto waiting = profile;
  waiting.visit([&](auto& of) {
    of.name += " (parked by csnet)";
    if (of.interface_name.empty()) of.interface_name = interface;
    of.uuid.clear();
    of.autoconnect = false;
    of.controller.reset();
    of.port.reset();
    of.ipv4 = Ip4Config{.method = "disabled"};
    of.ipv6 = Ip6Config{.method = "disabled"};
  });
  return waiting;
}

std::vector<Operation> interface_steps(const PlanContext& context, const Decisions& decisions) {
  Operations operations(context, decisions);
  for (const auto& wanted : decisions.wanted) operations.add_wanted(wanted);
  for (const auto& obsolete : decisions.obsolete) operations.add_obsolete(obsolete);
  operations.add_ports_of_restarted();
  auto all = std::move(operations).all();
  describe_interruptions(context, decisions, all);
  return all;
}

}  // namespace csnet::model
