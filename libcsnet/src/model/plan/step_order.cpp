#include "interface_steps.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace csnet::model {
namespace {

/// Operations and marks, "the old uplinks of cloudbr0 have left", each after others. A mark spares an edge from each of
/// many to each of many.
class Order {
 public:
  Order(std::vector<Operation> operations, const Decisions& decisions, const Host& host,
        const Names& names)
      : operations_(std::move(operations)),
        decisions_(decisions),
        host_(host),
        names_(names),
        after_(operations_.size()) {
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const auto& step = operations_[i].step;
      by_interface_.emplace(operations_[i].interface_name, i);
      const auto* device = host.device(operations_[i].interface_name);
      const auto above = names.controller_of(profile_of(step));
      if (device != nullptr && !device->controller.empty() && device->controller != above &&
          step.action != Action::reapply)
        after_[mark("left", device->controller)].push_back(i);
      if (step.action == Action::park) {
        if (const auto* parent = parent_of(profile_of(step)))
          after_[mark("off", names.interface_of(*parent))].push_back(i);
      } else if (!above.empty() && step.action != Action::reapply) {
        ports_[above].push_back(i);
      }
    }
  }

  std::vector<Step> run() {
    for (std::size_t i = 0; i < operations_.size(); ++i) connect(i);
    for (const auto& [above, ports] : ports_) {
      if (is_bond(above)) connect_ports(above, ports);
    }
    return sort();
  }

 private:
  std::size_t mark(std::string_view what, const std::string& interface) {
    const auto [found, is_new] =
        marks_.emplace(fmt::format("{} {}", what, interface), after_.size());
    if (is_new) after_.emplace_back();
    return found->second;
  }

  [[nodiscard]] std::optional<std::size_t> operation_of(const std::string& interface) const {
    const auto found = by_interface_.find(interface);
    return found == by_interface_.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] std::optional<std::size_t> reapply_of(const std::string& interface) const {
    const auto found = operation_of(interface);
    const bool is_reapply = found && operations_[*found].step.action == Action::reapply;
    return is_reapply ? found : std::nullopt;
  }

  void put_after(std::size_t later, std::optional<std::size_t> earlier) {
    if (earlier && *earlier != later) after_[later].push_back(*earlier);
  }

  void connect(std::size_t index) {
    const auto& profile = profile_of(operations_[index].step);
    const auto action = operations_[index].step.action;
    if (action == Action::park) return;
    if (action == Action::reapply) {
      // A VLAN's MTU is its parent's at most.
      if (const auto* parent = parent_of(profile))
        put_after(index, reapply_of(names_.interface_of(*parent)));
      return;
    }
    if (profile.controller()) {
      const auto above = names_.controller_of(profile);
      const auto of_above = operation_of(above);
      if (of_above && operations_[*of_above].step.action != Action::reapply)
        put_after(index, of_above);
      wait_for_old_uplinks(index, above);
      if (is_bond(above)) wait_for_bridge_of(index, above);
      // What lay on a NIC that becomes a port has to be off it first.
      put_after(index, mark("off", operations_[index].interface_name));
    }
    if (const auto* parent = parent_of(profile))
      wait_for_parent(index, names_.interface_of(*parent));
  }

  [[nodiscard]] bool is_bond(const std::string& interface) const {
    const auto* wanted = decisions_.of_interface(interface);
    return wanted != nullptr && wanted->after.is<BondProfile>();
  }

  /// Two uplinks in one bridge would be a loop: the old one leaves before the new one joins.
  void wait_for_old_uplinks(std::size_t index, const std::string& bridge) {
    const auto* above = host_.device(bridge);
    if (above == nullptr || above->type != "bridge") return;
    // A bond that has no port yet carries nothing: its ports do the waiting.
    if (operations_[index].rank == Rank::bond) return;
    const auto* device = host_.device(operations_[index].interface_name);
    if (device == nullptr || device->controller != bridge) put_after(index, mark("left", bridge));
  }

  /// Likewise through a bond that is itself the bridge's port: its first NIC is the one that leaves the bridge.
  void wait_for_bridge_of(std::size_t index, const std::string& bond) {
    const auto* wanted = decisions_.of_interface(bond);
    if (wanted != nullptr && wanted->after.controller())
      wait_for_old_uplinks(index, names_.controller_of(wanted->after));
  }

  void wait_for_parent(std::size_t index, const std::string& parent) {
    const auto of_parent = operation_of(parent);
    if (is_bond(parent)) {
      put_after(index, mark("carries", parent));
      put_after(mark("moved", parent), index);
    }
    if (!of_parent) return;
    // Make before break: the VLAN comes up on what is there, which loses its address afterwards. With a larger MTU or
    // a link of its own, what is below has to come first.
    if (comes_after_vlans(*of_parent)) {
      put_after(*of_parent, index);
    } else {
      put_after(index, of_parent);
    }
  }

  [[nodiscard]] bool comes_after_vlans(std::size_t parent) const {
    const auto& operation = operations_[parent];
    if (operation.step.action == Action::reapply) return operation.rank == Rank::lose;
    const auto* device = host_.device(operation.interface_name);
    const bool is_up = device != nullptr && device->profile;
    const bool is_port = device != nullptr && !device->controller.empty();
    return is_up && !is_port && operation.step.action == Action::activate &&
           !is_bond(operation.interface_name);
  }

  /// With a free NIC the bond carries before its VLANs move, and the NIC in use follows then. A NIC that has an address
  /// and nothing on it will do where none is free.
  void connect_ports(const std::string& bond, const Indexes& ports) {
    const auto* device = host_.device(bond);
    const auto of_bond = operation_of(bond);
    const bool carries =
        device != nullptr && !device->ports.empty() && (!of_bond || of_bond == reapply_of(bond));
    const auto ease = [&](std::size_t port) {
      if (operations_[port].rank == Rank::free_port) return 0;
      const auto* nic = host_.device(operations_[port].interface_name);
      const auto off = marks_.find(fmt::format("off {}", operations_[port].interface_name));
      const bool is_used = (nic != nullptr && !nic->controller.empty()) ||
                           (off != marks_.end() && !after_[off->second].empty());
      return is_used ? 2 : 1;
    };
    int easiest = 2;
    for (const auto port : ports) easiest = std::min(easiest, ease(port));
    for (const auto port : ports) {
      if (!(carries && easiest > 0) && ease(port) == easiest) {
        put_after(mark("carries", bond), port);
      } else {
        put_after(port, mark("moved", bond));
      }
    }
  }

  /// By rank, and by the given order within one, as far as the dependencies allow.
  std::vector<Step> sort() {
    open_.resize(after_.size());
    followers_.resize(after_.size());
    for (std::size_t i = 0; i < after_.size(); ++i) {
      for (const auto earlier : after_[i]) followers_[earlier].push_back(i);
      open_[i] = after_[i].size();
    }
    for (std::size_t i = 0; i < operations_.size(); ++i)
      (open_[i] == 0 ? ready_ : waiting_).insert(key(i));
    for (auto i = operations_.size(); i < after_.size(); ++i) {
      if (after_[i].empty()) finish(i);
    }
    std::vector<Step> steps;
    while (!ready_.empty() || !waiting_.empty()) {
      if (ready_.empty() && break_circle(steps)) continue;
      auto& from = ready_.empty() ? waiting_ : ready_;
      const auto next = from.begin()->second;
      from.erase(from.begin());
      steps.push_back(std::move(operations_[next].step));
      finish(next);
    }
    return steps;
  }

  [[nodiscard]] std::pair<Rank, std::size_t> key(std::size_t i) const {
    return {operations_[i].rank, i};
  }

  void finish(std::size_t node) {
    Indexes done = {node};
    while (!done.empty()) {
      const auto followers = std::exchange(followers_[done.back()], {});
      done.pop_back();
      for (const auto follower : followers) {
        if (--open_[follower] > 0) continue;
        if (follower >= operations_.size()) {
          done.push_back(follower);
        } else if (waiting_.erase(key(follower)) > 0) {
          ready_.insert(key(follower));
        }
      }
    }
  }

  /// Two bridges that change their uplinks wait for each other: one of the uplinks leaves and is kept apart.
  bool break_circle(std::vector<Step>& steps) {
    for (const auto& [_, index] : waiting_) {
      auto& operation = operations_[index];
      const auto* device = host_.device(operation.interface_name);
      if (device == nullptr || device->controller.empty()) continue;
      const auto left = mark("left", device->controller);
      if (left >= followers_.size() || std::erase(followers_[index], left) == 0) continue;
      const auto* holder = device->profile ? host_.with_uuid(*device->profile) : nullptr;
      steps.push_back(
          {.action = Action::park,
           .item = parked(holder != nullptr ? *holder : profile_of(operation.step),
                          operation.interface_name),
           .why = fmt::format("it leaves {} before it joins {}", device->controller,
                              names_.controller_of(profile_of(operation.step))),
           .interrupts = std::exchange(operation.step.interrupts, {}),
           .interrupts_traffic = std::exchange(operation.step.interrupts_traffic, false)});
      followers_.emplace_back(Indexes{left});
      finish(followers_.size() - 1);
      return true;
    }
    return false;
  }

  std::vector<Operation> operations_;
  const Decisions& decisions_;
  const Host& host_;
  const Names& names_;
  std::vector<Indexes> after_;  ///< what must come before each
  std::unordered_map<std::string, std::size_t> marks_;
  std::unordered_map<std::string, std::size_t> by_interface_;
  std::map<std::string, Indexes> ports_;  ///< by their controller
  std::vector<Indexes> followers_;
  std::vector<std::size_t> open_;
  std::set<std::pair<Rank, std::size_t>> ready_, waiting_;
};

}  // namespace

std::vector<Step> in_order(std::vector<Operation> operations, const Decisions& decisions,
                           const Host& host, const Names& names) {
  auto steps = Order(std::move(operations), decisions, host, names).run();
  for (std::size_t i = 1; i < steps.size(); ++i) {
    auto& step = steps[i];
    step.follows_at_once = steps[i - 1].action == Action::park && step.action == Action::activate &&
                           !step.interrupts_traffic && profile_of(step).controller().has_value();
  }
  return steps;
}

}  // namespace csnet::model
