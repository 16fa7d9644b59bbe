#include "interface_steps.hpp"
#include "step_dependencies.hpp"

#include <fmt/format.h>
#include <set>
#include <utility>

namespace csnet::model {
namespace {

/// Sorts operations by rank, and by the given order within one rank, as far as the dependencies
/// allow.
class Schedule {
 public:
  Schedule(const PlanContext& context, const StepDependencies& dependencies,
           std::vector<Operation>& operations)
      : context_(context),
        dependencies_(dependencies),
        operations_(operations),
        followers_(dependencies.before().size()),
        open_(dependencies.before().size()) {
    const auto& before = dependencies.before();
    for (std::size_t node = 0; node < before.size(); ++node) {
      for (const auto earlier : before[node]) followers_[earlier].push_back(node);
      open_[node] = before[node].size();
    }
    for (std::size_t i = 0; i < operations_.size(); ++i)
      (open_[i] == 0 ? ready_ : waiting_).insert(key(i));
    for (auto mark = operations_.size(); mark < before.size(); ++mark) {
      if (before[mark].empty()) finish(mark);
    }
  }

  std::vector<Step> steps() && {
    while (!ready_.empty() || !waiting_.empty()) {
      if (ready_.empty() && break_circle()) continue;
      auto& from = ready_.empty() ? waiting_ : ready_;
      const auto next = from.begin()->second;
      from.erase(from.begin());
      steps_.push_back(std::move(operations_[next].step));
      finish(next);
    }
    return std::move(steps_);
  }

 private:
  using Key = std::pair<Rank, std::size_t>;

  [[nodiscard]] Key key(std::size_t index) const { return {operations_[index].rank, index}; }

  void finish(std::size_t node) {
    const auto followers = std::exchange(followers_[node], {});
    release(followers);
  }

  /// Removes one predecessor from each of these nodes.
  void release(Indexes nodes) {
    while (!nodes.empty()) {
      const auto node = nodes.back();
      nodes.pop_back();
      if (--open_[node] > 0) continue;
      if (node < operations_.size()) {
        if (waiting_.erase(key(node)) > 0) ready_.insert(key(node));
        continue;
      }
      const auto followers = std::exchange(followers_[node], {});
      nodes.insert(nodes.end(), followers.begin(), followers.end());
    }
  }

  /// Two bridges that exchange their uplinks wait for each other: one of the uplinks is parked
  /// first.
  bool break_circle() {
    for (const auto& [_, index] : waiting_) {
      auto& operation = operations_[index];
      const auto* device = context_.host.device(operation.interface_name);
      if (device == nullptr || device->controller.empty()) continue;
      const auto left = dependencies_.old_ports_have_left(device->controller);
      if (!left || std::erase(followers_[index], *left) == 0) continue;
      steps_.push_back(parked_meanwhile(operation, *device));
      release({*left});
      return true;
    }
    return false;
  }

  /// The interruption begins with this step, so it has the text, and not the step that joins.
  [[nodiscard]] Step parked_meanwhile(Operation& operation, const Device& device) const {
    const auto* holder = context_.host.references().with_uuid(device.profile.value_or(""));
    const auto& profile = holder != nullptr ? *holder : profile_of(operation.step);
    const auto above = context_.references.controller_of(profile_of(operation.step));
    return {.action = Action::park,
            .item = parked(profile, operation.interface_name),
            .name = profile.name(),
            .why = fmt::format("it leaves {} before it joins {}", device.controller, above),
            .interrupts = std::exchange(operation.step.interrupts, {}),
            .interrupts_traffic = std::exchange(operation.step.interrupts_traffic, false)};
  }

  const PlanContext& context_;
  const StepDependencies& dependencies_;
  std::vector<Operation>& operations_;
  std::vector<Indexes> followers_;  ///< The nodes that wait for each node.
  std::vector<std::size_t> open_;   ///< The number of nodes that each node waits for.
  std::set<Key> ready_, waiting_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> in_order(const PlanContext& context, const Decisions& decisions,
                           std::vector<Operation> operations) {
  const StepDependencies dependencies(context, decisions, operations);
  auto steps = Schedule(context, dependencies, operations).steps();
  for (std::size_t i = 1; i < steps.size(); ++i) {
    auto& step = steps[i];
    step.follows_at_once = steps[i - 1].action == Action::park && step.action == Action::activate &&
                           !step.interrupts_traffic && profile_of(step).controller().has_value();
  }
  return steps;
}

}  // namespace csnet::model
