#include "interface_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace csnet::model {
namespace {

constexpr std::string_view kParked = " (parked by csnet)";

/// Nothing of the running interface depends on it.
bool is_dormant(const Change& change, const std::string& interface) {
  return change.property == "name" || change.property.starts_with("autoconnect") ||
         (change.property == "interface_name" && change.after == interface);
}

std::vector<Change> live_part(const Wanted& wanted) {
  std::vector<Change> live;
  for (const auto& change : wanted.changes) {
    if (wanted.before == nullptr || !is_dormant(change, wanted.interface_name))
      live.push_back(change);
  }
  return live;
}

class Collector {
 public:
  Collector(const Decisions& decisions, const Host& host, const Names& names)
      : decisions_(decisions), host_(host), names_(names) {
    for (const auto& profile : host.profiles()) {
      const auto* parent = parent_of(profile);
      if (parent != nullptr && host.device_of(profile) != nullptr)
        carries_vlans_.insert(names.interface_of(*parent));
    }
  }

  std::vector<Operation> run() {
    for (const auto& wanted : decisions_.wanted) consider(wanted);
    for (const auto& leaving : decisions_.leaving) consider(leaving);
    follow_controllers();
    describe_interruptions(operations_, decisions_, host_, names_);
    return std::move(operations_);
  }

 private:
  void consider(const Wanted& wanted) {
    const auto* device = wanted.before != nullptr ? host_.device_of(*wanted.before) : nullptr;
    const bool is_up = device != nullptr || (wanted.before != nullptr && !host_.knows_devices());
    if (!decisions_.is_in_force(wanted)) {
      const auto* first = decisions_.of_interface(wanted.interface_name);
      // What does not come up by itself stays down; but what somebody has brought up takes over its changes.
      if (device == nullptr || first == nullptr || decisions_.is_in_force(*first)) return;
    }
    if (!is_up) {
      add(Action::activate, wanted, why_activate(wanted));
      return;
    }
    const auto changes = live_part(wanted);
    const auto above = names_.controller_of(wanted.after);
    const bool has_left = device != nullptr && !above.empty() && device->controller != above &&
                          names_.controller_of(*wanted.before) == above;
    if (changes.empty() && !has_left && (device == nullptr || !device->stale)) return;
    auto anew = not_reappliable(*wanted.before, wanted.after, changes);
    if (has_left) {
      add(Action::activate, wanted, fmt::format("it is not in {} now", above));
    } else if (anew.empty()) {
      add(Action::reapply, wanted,
          changes.empty() ? "it still runs by what its profile said before"
                          : "it takes over the changes while it runs");
    } else {
      const auto link = new_link(wanted);
      // "port" says it: what the port is set to follows from it.
      if (std::ranges::find(anew, "port") != anew.end())
        std::erase_if(anew, [](const auto& property) { return property.starts_with("port."); });
      add(link.empty() ? Action::activate : Action::restart, wanted,
          link.empty()
              ? fmt::format("it takes over {} only when it starts anew", fmt::join(anew, ", "))
              : fmt::format("a new {} needs a new interface: down, and up again", link));
    }
  }

  /// What makes another interface of a VLAN under the same name, or nothing.
  [[nodiscard]] std::string new_link(const Wanted& wanted) const {
    if (wanted.before == nullptr) return {};
    const auto* before = wanted.before->get_if<VlanProfile>();
    const auto* after = wanted.after.get_if<VlanProfile>();
    if (before == nullptr || after == nullptr) return {};
    const auto below = [&](const VlanProfile& vlan) {
      return names_.interface_of(vlan.parent.value_or(""));
    };
    const bool moves = below(*before) != below(*after);
    if (before->id == after->id) return moves ? "parent" : "";
    return moves ? "parent and id" : "id";
  }

  [[nodiscard]] std::string why_activate(const Wanted& wanted) const {
    const auto* device = host_.device(wanted.interface_name);
    const auto* holder =
        device == nullptr || !device->profile ? nullptr : host_.with_uuid(*device->profile);
    if (holder != nullptr && holder != wanted.before)
      return fmt::format("{}'{}' gives way to it",
                         holder->name() == wanted.after.name() ? "the other " : "", holder->name());
    return wanted.before == nullptr ? "it is new" : "it is down";
  }

  void add(Action action, const Wanted& wanted, std::string why) {
    const auto* device = host_.device(wanted.interface_name);
    const bool is_there = device != nullptr && device->profile;
    push({.step = {.action = action,
                   .item = in_names_of_interfaces(wanted.after, wanted.interface_name),
                   .why = std::move(why)},
          .interface_name = wanted.interface_name,
          .rank = action == Action::reapply
                      ? device != nullptr && !lost_addresses(*device, wanted.after).empty()
                            ? Rank::lose
                            : Rank::reapply
                      : rank_of_start(wanted, is_there)});
  }

  [[nodiscard]] Rank rank_of_start(const Wanted& wanted, bool is_there) const {
    if (!is_there && wanted.after.is<BridgeProfile>()) return Rank::bridge;
    if (!is_there && wanted.after.is<BondProfile>()) return Rank::bond;
    const auto& port = wanted.after.port();
    if (port && std::holds_alternative<BondPort>(*port) && !is_in_use(wanted.interface_name))
      return Rank::free_port;
    if (!is_there) return Rank::free;
    return wanted.after.is<EthernetProfile>() ? Rank::nic : Rank::swap;
  }

  /// The step says which interface it is about and where it joins, also where the profile does not, or by a uuid.
  [[nodiscard]] Profile in_names_of_interfaces(Profile profile,
                                               const std::string& interface) const {
    profile.visit([&](auto& of) {
      // A new one is found again by what its add says.
      if (of.interface_name.empty() && !of.uuid.empty()) of.interface_name = interface;
      if (of.controller) of.controller = names_.interface_of(*of.controller);
    });
    return profile;
  }

  /// Something hangs on it: an address, a controller, a VLAN.
  [[nodiscard]] bool is_in_use(const std::string& interface) const {
    const auto* device = host_.device(interface);
    if (device == nullptr) return false;
    const bool has_address = !std::ranges::all_of(device->addresses, is_link_local);
    return has_address || !device->controller.empty() || carries_vlans_.contains(interface);
  }

  void consider(const Leaving& leaving) {
    const auto* device = host_.device_of(*leaving.profile);
    if (device == nullptr) return;
    if (has_operation_.contains(device->interface_name)) return;  // which takes it over
    const bool only_loses = device->controller.empty() && device->ports.empty();
    push({.step = {.action = Action::park,
                   .item = parked(*leaving.profile, device->interface_name),
                   .why = leaving.why},
          .interface_name = device->interface_name,
          .rank = only_loses ? Rank::lose : Rank::park});
  }

  /// A bridge or bond that starts anew lets its ports go: those that NetworkManager holds for it start again, and so on
  /// with the ports of a bond among them.
  void follow_controllers() {
    std::unordered_map<std::string, std::vector<const Profile*>> ports;
    for (const auto& profile : host_.profiles()) {
      if (profile.controller() && host_.device_of(profile) != nullptr)
        ports[names_.controller_of(profile)].push_back(&profile);
    }
    std::size_t next = 0;  // those that join again come behind, and have their turn
    while (next < operations_.size()) {
      const auto interface = operations_[next].interface_name;
      const auto action = operations_[next++].step.action;
      const auto* device = host_.device(interface);
      const bool starts_anew = (action == Action::activate || action == Action::restart) &&
                               device != nullptr && device->profile;
      if (!starts_anew || device->ports.empty()) continue;
      for (const auto* port : ports[interface]) join_again(*port, *device);
    }
  }

  void join_again(const Profile& port, const Device& above) {
    const auto& interface = host_.device_of(port)->interface_name;
    auto why = fmt::format("{} starts anew, and it joins again", above.interface_name);
    if (const auto found = has_operation_.find(interface); found != has_operation_.end()) {
      auto& operation = operations_[found->second];
      if (operation.step.action != Action::reapply) return;
      operation.step.action = Action::activate;
      operation.step.why = std::move(why);
      operation.rank = Rank::swap;
      return;
    }
    const auto* wanted = decisions_.of_interface(interface);
    const auto& profile = wanted != nullptr && wanted->before == &port ? wanted->after : port;
    push({.step = {.action = Action::activate,
                   .item = in_names_of_interfaces(profile, interface),
                   .why = std::move(why)},
          .interface_name = interface,
          .rank = Rank::swap});
  }

  void push(Operation operation) {
    has_operation_.emplace(operation.interface_name, operations_.size());
    operations_.push_back(std::move(operation));
  }

  const Decisions& decisions_;
  const Host& host_;
  const Names& names_;
  std::vector<Operation> operations_;
  std::unordered_map<std::string, std::size_t> has_operation_;  ///< by the interface
  std::set<std::string, std::less<>> carries_vlans_;
};

}  // namespace

Profile parked(const Profile& profile, const std::string& interface) {
  auto waiting = profile;
  waiting.visit([&](auto& of) {
    of.name += kParked;
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

std::string name_before_parking(const std::string& name) {
  return name.ends_with(kParked) ? name.substr(0, name.size() - kParked.size()) : name;
}

std::vector<Operation> live_operations(const Decisions& decisions, const Host& host,
                                       const Names& names) {
  return Collector(decisions, host, names).run();
}

}  // namespace csnet::model
