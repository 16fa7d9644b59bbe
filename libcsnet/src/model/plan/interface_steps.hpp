#pragma once

#include "decisions.hpp"

#include <csnet/plan.hpp>

#include <string>
#include <variant>
#include <vector>

/// The steps of the interfaces. An interface has one step at most.
namespace csnet::model {

/// The profile that a step is about.
inline const Profile& profile_of(const Step& step) { return std::get<Profile>(step.item); }

/// The order of steps that do not depend on each other.
///
/// New interfaces come up beside the old ones. An old uplink waits for all steps that do not wait
/// for it, so that the gap is short. An interface that only loses an address comes last.
enum class Rank { bridge, bond, free_port, reapply, free, swap, nic, park, lose };

/// The step of one interface, and its place in the order.
struct Operation {
  Step step{};
  std::string interface_name{};
  Rank rank = Rank::free;
};

/// The steps of all interfaces, in no order yet.
std::vector<Operation> interface_steps(const PlanContext& context, const Decisions& decisions);

/// The temporary profile that parks an interface, without controller and addresses.
Profile parked(const Profile& profile, const std::string& interface);

/// Fills in the traffic that each step stops, and for how long. (interruptions.cpp)
void describe_interruptions(const PlanContext& context, const Decisions& decisions,
                            std::vector<Operation>& operations);

/// The addresses that an active interface loses with this profile, without link-local ones.
/// (interruptions.cpp)
std::vector<Cidr> lost_addresses(const Device& device, const Profile& after);
/// Whether the interface has an address other than link-local ones. (interruptions.cpp)
bool has_address(const Device& device);

/// The changes that an active interface cannot apply while it is up. (reappliable.cpp)
std::vector<std::string> not_reappliable(const Profile& before, const Profile& after,
                                         const std::vector<Change>& changes);

/// The steps in the order that interrupts the least traffic. (step_order.cpp)
std::vector<Step> in_order(const PlanContext& context, const Decisions& decisions,
                           std::vector<Operation> operations);

}  // namespace csnet::model
