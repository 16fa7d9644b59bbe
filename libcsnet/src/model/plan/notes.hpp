#pragma once

#include "decisions.hpp"

#include <csnet/plan.hpp>

#include <vector>

namespace csnet::model {

/// What an operator should know before the plan is applied; none of it stops it.
/// @throws Error (invalid) when options.guest_vlans does not read as VLANs
std::vector<Finding> notes(const Decisions& decisions, const std::vector<Step>& live,
                           const HostIndex& host, const References& references,
                           const PlanOptions& options);

}  // namespace csnet::model
