#pragma once

#include "decisions.hpp"

namespace csnet::model {

/// Refuses a plan after which the host would be wrong in a way in which it is not wrong already.
/// @throws Error (invalid)
void check_result(const PlanContext& context, const Decisions& decisions);

/// Refuses profiles whose NIC, parent or controller is neither on the host nor in the request.
/// @throws Error (not_found)
void check_interfaces(const PlanContext& context, const Decisions& decisions);

}  // namespace csnet::model
