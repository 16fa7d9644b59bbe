#pragma once

#include "decisions.hpp"

#include <csnet/plan.hpp>

#include <vector>

namespace csnet::model {

/// Findings for the operator to read before the plan is applied. No note stops it.
/// @param live the steps of the interfaces
std::vector<Finding> notes(const PlanContext& context, const Decisions& decisions,
                           const std::vector<Step>& live);

/// The notes about the host that hold also when there is nothing to do: bridges that still have
/// several uplinks after the decisions.
std::vector<Finding> notes_of_host(const PlanContext& context, const Decisions& decisions);

}  // namespace csnet::model
