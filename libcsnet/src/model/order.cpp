#include "live.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace csnet::model {
namespace {

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
      if (step.action == Action::park) {
        if (const auto* parent = parent_of(step.profile))
          parked_vlans_[names.interface_of(*parent)].push_back(i);
      } else if (controller(step.profile)) {
        ports_[names.interface_of(*controller(step.profile))].push_back(i);
      }
    }
  }

  std::vector<Step> run() {
    for (std::size_t i = 0; i < operations_.size(); ++i) connect(i);
    return sort();
  }

 private:
  std::optional<std::size_t> operation_of(const std::string& interface) const {
    const auto found = by_interface_.find(interface);
    return found == by_interface_.end() ? std::nullopt : std::optional(found->second);
  }

  void put_after(std::size_t later, std::optional<std::size_t> earlier) {
    if (earlier && *earlier != later) after_[later].push_back(*earlier);
  }

  void connect(std::size_t index) {
    const auto& profile = operations_[index].step.profile;
    const auto action = operations_[index].step.action;
    if (action == Action::park || action == Action::reapply) return;
    const auto& interface = operations_[index].interface_name;
    if (controller(profile)) {
      const auto above = names_.interface_of(*controller(profile));
      const auto of_above = operation_of(above);
      if (of_above && operations_[*of_above].step.action != Action::reapply)
        put_after(index, of_above);
      wait_for_old_uplinks(index, above);
      if (is_bond(above)) wait_for_bridge_of(index, above);
    }
    if (const auto* parent = parent_of(profile))
      wait_for_parent(index, names_.interface_of(*parent));
    // What lay on a NIC that becomes a port has to be off it first.
    if (controller(profile)) {
      for (const auto on_it : parked_vlans_[interface]) put_after(index, on_it);
    }
  }

  bool is_bond(const std::string& interface) const {
    const auto* wanted = decisions_.of_interface(interface);
    return wanted != nullptr && std::holds_alternative<BondProfile>(wanted->after);
  }

  /// Two uplinks in one bridge would be a loop: the old one leaves before the new one joins.
  void wait_for_old_uplinks(std::size_t index, const std::string& bridge) {
    const auto* device = host_.device(bridge);
    if (device == nullptr || device->type != "bridge") return;
    // A bond that has no port yet carries nothing: its ports do the waiting.
    if (operations_[index].rank == Rank::bond) return;
    for (const auto& old_port : device->ports) {
      const auto of_old = operation_of(old_port);
      if (of_old && leaves(*of_old, bridge)) put_after(index, of_old);
    }
  }

  bool leaves(std::size_t index, const std::string& bridge) const {
    const auto& step = operations_[index].step;
    return step.action != Action::reapply &&
           (!controller(step.profile) || names_.interface_of(*controller(step.profile)) != bridge);
  }

  /// Likewise through a bond that is itself the bridge's port: its first NIC is the one that leaves the bridge.
  void wait_for_bridge_of(std::size_t index, const std::string& bond) {
    const auto* wanted = decisions_.of_interface(bond);
    if (wanted == nullptr || !controller(wanted->after)) return;
    wait_for_old_uplinks(index, names_.interface_of(*controller(wanted->after)));
  }

  void wait_for_parent(std::size_t index, const std::string& parent) {
    const auto of_parent = operation_of(parent);
    if (is_bond(parent)) {
      put_after(index, of_parent);
      const auto& ports = ports_[parent];
      const bool any_free = std::ranges::any_of(
          ports, [&](std::size_t port) { return operations_[port].rank == Rank::free_port; });
      const auto* device = host_.device(parent);
      const bool carries = device != nullptr && !device->ports.empty();
      for (const auto port : ports) {
        // With a free NIC the bond carries before the VLAN moves; the NIC in use follows then.
        if (operations_[port].rank == Rank::free_port || (!any_free && !carries)) {
          put_after(index, port);
        } else {
          put_after(port, index);
        }
      }
      return;
    }
    if (!of_parent) return;
    const auto* device = host_.device(parent);
    const bool is_up = device != nullptr && !device->profile.empty();
    const bool is_bridge_port = device != nullptr && !device->controller.empty();
    // Make before break: the VLAN comes up on the NIC as it is, and the NIC loses its address afterwards.
    if (is_up && !is_bridge_port && operations_[*of_parent].step.action != Action::restart) {
      put_after(*of_parent, index);
    } else {
      put_after(index, of_parent);
    }
  }

  /// By rank, and by the given order within one, as far as the dependencies allow.
  std::vector<Step> sort() {
    std::vector<std::size_t> open(operations_.size());
    std::vector<std::vector<std::size_t>> followers(operations_.size());
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      for (const auto earlier : after_[i]) {
        followers[earlier].push_back(i);
        ++open[i];
      }
    }
    const auto key = [&](std::size_t i) { return std::pair(operations_[i].rank, i); };
    std::set<std::pair<Rank, std::size_t>> ready;
    std::set<std::pair<Rank, std::size_t>> waiting;
    for (std::size_t i = 0; i < operations_.size(); ++i)
      (open[i] == 0 ? ready : waiting).insert(key(i));
    std::vector<Step> steps;
    while (!ready.empty() || !waiting.empty()) {
      // A circle, which no plan should have: its first by rank goes on.
      auto& from = ready.empty() ? waiting : ready;
      const auto next = from.begin()->second;
      from.erase(from.begin());
      steps.push_back(std::move(operations_[next].step));
      for (const auto follower : followers[next]) {
        if (--open[follower] == 0 && waiting.erase(key(follower)) > 0) ready.insert(key(follower));
      }
    }
    return steps;
  }

  std::vector<Operation> operations_;
  const Decisions& decisions_;
  const Host& host_;
  const Names& names_;
  std::vector<std::vector<std::size_t>> after_;  ///< what must come before each
  std::unordered_map<std::string, std::size_t> by_interface_;
  std::map<std::string, std::vector<std::size_t>> ports_;         ///< by their controller
  std::map<std::string, std::vector<std::size_t>> parked_vlans_;  ///< by their parent
};

}  // namespace

std::vector<Step> in_order(std::vector<Operation> operations, const Decisions& decisions,
                           const Host& host, const Names& names) {
  return Order(std::move(operations), decisions, host, names).run();
}

}  // namespace csnet::model
