#pragma once

#include "decisions.hpp"

#include <csnet/plan.hpp>

#include <string>
#include <vector>

/// What has to happen to the running interfaces.
namespace csnet::model {

/// The profile that a step of the planner's is about.
inline const Profile& profile_of(const Step& step) { return *step.item.get_if<Profile>(); }

/// Earlier ones go first, where nothing else demands an order: what is new comes up beside what is there; an old uplink
/// waits for all that does not wait for it, so that the gap is short; what only loses an address comes last.
enum class Rank { bridge, bond, free_port, reapply, free, swap, nic, park, lose };

/// One interface's step; an interface has one at most.
struct Operation {
  Step step{};
  std::string interface_name{};
  Rank rank = Rank::free;
};

/// The profile that an interface waits with: no controller, no addresses. A new one.
Profile parked(const Profile& profile, const std::string& interface);
/// What the parked profile stands for.
std::string name_before_parking(const std::string& name);

/// In no order yet.
std::vector<Operation> live_operations(const Decisions& decisions, const HostIndex& host,
                                       const References& references);

/// Whose traffic stops by each operation, and until when. (interrupts.cpp)
void describe_interruptions(std::vector<Operation>& operations, const Decisions& decisions,
                            const HostIndex& host, const References& references);

/// Which of these changes a running interface cannot take over without going down. (reapply.cpp)
std::vector<std::string> not_reappliable(const Profile& before, const Profile& after,
                                         const std::vector<Change>& changes);

/// Addresses that a running interface loses to the profile; those of the link alone do not count. (interrupts.cpp)
std::vector<Cidr> lost_addresses(const Device& device, const Profile& after);
bool is_link_local(const Cidr& cidr);

/// In the order that interrupts least. (order.cpp)
std::vector<Step> in_order(std::vector<Operation> operations, const Decisions& decisions,
                           const HostIndex& host, const References& references);

}  // namespace csnet::model
