#pragma once

#include "decide.hpp"

#include <csnet/plan.hpp>

#include <string>
#include <vector>

/// What has to happen to the running interfaces.
namespace csnet::model {

/// Earlier ones go first, where nothing else demands an order: what is new comes up beside what is there; then the old
/// uplink gives way to the new one; what only loses an address comes last.
enum class Rank { bridge, bond, free_port, reapply, free, park, swap, nic, lose };

/// One interface's step; an interface has one at most.
struct Operation {
  Step step{};
  std::string interface_name{};
  Rank rank = Rank::free;
};

/// In no order yet.
std::vector<Operation> live_operations(const Decisions& decisions, const Host& host,
                                       const Names& names);

/// In the order that interrupts least. (order.cpp)
std::vector<Step> in_order(std::vector<Operation> operations, const Decisions& decisions,
                           const Host& host, const Names& names);

}  // namespace csnet::model
