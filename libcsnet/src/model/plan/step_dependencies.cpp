#include "step_dependencies.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace csnet::model {

StepDependencies::StepDependencies(const PlanContext& context, const Decisions& decisions,
                                   const std::vector<Operation>& operations)
    : context_(context),
      decisions_(decisions),
      operations_(operations),
      before_(operations.size()) {
  index_followers();
  for (std::size_t i = 0; i < operations_.size(); ++i) register_operation(i);
  for (std::size_t i = 0; i < operations_.size(); ++i) connect(i);
  for (const auto& [controller, ports] : ports_) {
    if (is_bond(controller)) connect_bond_ports(controller, ports);
  }
}

/// NetworkManager brings up a profile on its own as soon as its controller or parent is there,
/// unless the plan holds it back: it blocks the profiles that it adds, changes, retires or deletes.
void StepDependencies::index_followers() {
  std::set<const Profile*> blocked;
  for (const auto& wanted : decisions_.wanted) {
    if (wanted.before != nullptr && !wanted.changes.empty()) blocked.insert(wanted.before);
  }
  for (const auto& obsolete : decisions_.obsolete) blocked.insert(obsolete.profile);
  for (const auto& profile : context_.host.profiles()) {
    const auto* device = context_.host.device_of(profile);
    const bool follows = device == nullptr && autoconnects(profile) && !blocked.contains(&profile);
    const auto above = context_.references.controller_of(profile);
    if (follows && !above.empty()) has_followers_.insert(above);
    const auto* parent = parent_of(profile);
    if (parent == nullptr || above.empty() || (device == nullptr && !follows)) continue;
    if (device != nullptr && device->controller.empty()) continue;
    vlans_in_bridges_[context_.references.interface_of(*parent)].push_back(
        {context_.host.interface_of(profile), device != nullptr ? device->controller : above});
  }
}

std::optional<std::size_t> StepDependencies::old_ports_have_left(
    const std::string& controller) const {
  return find_mark(Mark::left, controller);
}

std::optional<std::size_t> StepDependencies::find_mark(Mark mark,
                                                       const std::string& interface) const {
  const auto found = marks_.find({mark, interface});
  return found == marks_.end() ? std::nullopt : std::optional(found->second);
}

std::size_t StepDependencies::need_mark(Mark mark, const std::string& interface) {
  const auto [found, is_new] = marks_.try_emplace({mark, interface}, before_.size());
  if (is_new) before_.emplace_back();
  return found->second;
}

std::optional<std::size_t> StepDependencies::operation_of(const std::string& interface) const {
  const auto found = by_interface_.find(interface);
  return found == by_interface_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> StepDependencies::reapply_of(const std::string& interface) const {
  const auto found = operation_of(interface);
  const bool is_reapply = found && operations_[*found].step.action == Action::reapply;
  return is_reapply ? found : std::nullopt;
}

bool StepDependencies::is_bond(const std::string& interface) const {
  const auto* wanted = decisions_.of_interface(interface);
  return wanted != nullptr && wanted->after.is<BondProfile>();
}

void StepDependencies::put_after(std::size_t later, std::optional<std::size_t> earlier) {
  if (earlier && *earlier != later) before_[later].push_back(*earlier);
}

void StepDependencies::register_operation(std::size_t index) {
  const auto& [step, interface, rank] = operations_[index];
  by_interface_.emplace(interface, index);
  const auto* device = context_.host.device(interface);
  const auto above = context_.references.controller_of(profile_of(step));
  if (device != nullptr && !device->controller.empty() && device->controller != above &&
      step.action != Action::reapply)
    before_[need_mark(Mark::left, device->controller)].push_back(index);
  if (step.action == Action::park) {
    if (const auto* parent = parent_of(profile_of(step)))
      before_[need_mark(Mark::off, context_.references.interface_of(*parent))].push_back(index);
  } else if (!above.empty() && step.action != Action::reapply) {
    ports_[above].push_back(index);
  }
}

void StepDependencies::connect(std::size_t index) {
  const auto& step = operations_[index].step;
  if (step.action == Action::park) return;
  const auto* parent = parent_of(profile_of(step));
  if (step.action == Action::reapply) {
    // A VLAN's MTU cannot be above its parent's.
    if (parent != nullptr) put_after(index, reapply_of(context_.references.interface_of(*parent)));
    return;
  }
  if (profile_of(step).controller())
    connect_port(index, context_.references.controller_of(profile_of(step)));
  if (operations_[index].rank == Rank::bond &&
      has_followers_.contains(operations_[index].interface_name))
    wait_for_vlans_in_bridges(index, operations_[index].interface_name);
  if (parent != nullptr) connect_vlan(index, context_.references.interface_of(*parent));
}

void StepDependencies::connect_port(std::size_t index, const std::string& controller) {
  const auto above = operation_of(controller);
  if (above && operations_[*above].step.action != Action::reapply) put_after(index, above);
  wait_for_old_uplinks(index, controller);
  if (is_bond(controller)) {
    // The first NIC of a bond that is a bridge's port may be the bridge's old uplink.
    const auto* bond = decisions_.of_interface(controller);
    if (bond->after.controller())
      wait_for_old_uplinks(index, context_.references.controller_of(bond->after));
    wait_for_vlans_in_bridges(index, controller);
  }
  // VLANs must leave a NIC before it becomes a port.
  put_after(index, need_mark(Mark::off, operations_[index].interface_name));
}

/// Two uplinks in one bridge would be a loop: the old uplink leaves before the new one joins.
void StepDependencies::wait_for_old_uplinks(std::size_t index, const std::string& bridge) {
  const auto* above = context_.host.device(bridge);
  if (above == nullptr || above->type != "bridge") return;
  // A bond that has no port yet carries nothing: its ports wait instead.
  const auto& interface = operations_[index].interface_name;
  if (operations_[index].rank == Rank::bond && !has_followers_.contains(interface)) return;
  const auto* device = context_.host.device(operations_[index].interface_name);
  if (device == nullptr || device->controller != bridge)
    put_after(index, need_mark(Mark::left, bridge));
}

/// A VLAN in a bridge carries nothing while its bond has no NIC: before the first one joins, the
/// VLAN or the bridge's other uplink must have left.
void StepDependencies::wait_for_vlans_in_bridges(std::size_t index, const std::string& bond) {
  const auto* below = context_.host.device(bond);
  const auto vlans = vlans_in_bridges_.find(bond);
  if ((below != nullptr && !below->ports.empty()) || vlans == vlans_in_bridges_.end()) return;
  for (const auto& [vlan, bridge] : vlans->second) {
    const auto operation = operation_of(vlan);
    if (operation && operations_[*operation].step.action == Action::park) {
      put_after(index, operation);
    } else {
      wait_for_old_uplinks(index, bridge);
    }
  }
}

void StepDependencies::connect_vlan(std::size_t index, const std::string& parent) {
  if (is_bond(parent)) {
    put_after(index, need_mark(Mark::carries, parent));
    put_after(need_mark(Mark::moved, parent), index);
  }
  const auto below = operation_of(parent);
  if (!below) return;
  // Make before break: the VLAN comes up on the existing parent, which loses its address
  // afterwards. When the parent needs a larger MTU or a new link, it comes first.
  if (comes_after_vlans(*below)) {
    put_after(*below, index);
  } else {
    put_after(index, below);
  }
}

bool StepDependencies::comes_after_vlans(std::size_t parent) const {
  const auto& operation = operations_[parent];
  if (operation.step.action == Action::reapply) return operation.rank == Rank::lose;
  const auto* device = context_.host.device(operation.interface_name);
  const bool is_up = device != nullptr && device->profile.has_value();
  const bool is_port = device != nullptr && !device->controller.empty();
  return is_up && !is_port && operation.step.action == Action::activate &&
         !is_bond(operation.interface_name);
}

/// 0 for a free NIC, 1 for one that has only an address, 2 for one that carries a bridge or VLANs.
int StepDependencies::difficulty_of_port(std::size_t port) const {
  if (operations_[port].rank == Rank::free_port) return 0;
  const auto& interface = operations_[port].interface_name;
  const auto* nic = context_.host.device(interface);
  const auto off = find_mark(Mark::off, interface);
  const bool is_used =
      (nic != nullptr && !nic->controller.empty()) || (off && !before_[*off].empty());
  return is_used ? 2 : 1;
}

/// With a free NIC, the bond carries traffic before its VLANs move, and the NIC in use follows.
/// When no NIC is free, a NIC that has only an address is used first.
void StepDependencies::connect_bond_ports(const std::string& bond, const Indexes& ports) {
  const auto* device = context_.host.device(bond);
  const auto of_bond = operation_of(bond);
  const bool carries =
      device != nullptr && !device->ports.empty() && (!of_bond || of_bond == reapply_of(bond));
  int easiest = 2;
  for (const auto port : ports) easiest = std::min(easiest, difficulty_of_port(port));
  for (const auto port : ports) {
    if (!(carries && easiest > 0) && difficulty_of_port(port) == easiest) {
      put_after(need_mark(Mark::carries, bond), port);
    } else {
      put_after(port, need_mark(Mark::moved, bond));
    }
  }
}

}  // namespace csnet::model
