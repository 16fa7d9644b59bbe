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

/// The order of steps where no step depends on another: new interfaces come up beside the old ones, an old uplink waits
/// for all that does not wait for it, so that the gap is short, and an interface that only loses an address comes last.
enum class Rank { bridge, bond, free_port, reapply, free, swap, nic, park, lose };

/// The step of one interface, and its place in the order.
struct Operation {
  Step step{};
  std::string interface_name{};
  Rank rank = Rank::free;
};

/// The steps of all interfaces, in no order yet.
std::vector<Operation> interface_steps(const PlanContext& context, const Decisions& decisions);

/// The profile that an interface is parked by: no controller and no addresses. It is new, and lasts until the end of the
/// trial.
Profile parked(const Profile& profile, const std::string& interface);

/// Fills in whose traffic each step stops, and until when. (interruptions.cpp)
void describe_interruptions(const PlanContext& context, const Decisions& decisions,
                            std::vector<Operation>& operations);

/// The addresses that an active interface loses when it takes the profile over, without link-local ones.
/// (interruptions.cpp)
std::vector<Cidr> lost_addresses(const Device& device, const Profile& after);
/// Whether the interface has an address other than link-local ones. (interruptions.cpp)
bool has_address(const Device& device);

/// The changes that an active interface cannot take over without going down. (reappliable.cpp)
std::vector<std::string> not_reappliable(const Profile& before, const Profile& after,
                                         const std::vector<Change>& changes);

/// The steps in the order that interrupts least. (step_order.cpp)
std::vector<Step> in_order(const PlanContext& context, const Decisions& decisions,
                           std::vector<Operation> operations);

}  // namespace csnet::model
