#pragma once

#include "guest_vlans.hpp"
#include "host_index.hpp"
#include "references.hpp"

#include <csnet/plan.hpp>

#include <string_view>
#include <vector>

namespace csnet::model {

/// A profile of the host that Request::remove names.
struct Removal {
  const Profile* profile = nullptr;
  std::string_view word{};  ///< as it is written there
};

/// The input of every stage of the planner. plan() makes it once: whatever the request refers to is looked up here.
struct PlanContext {
  /// @param request must outlive this, and so must the others
  /// @throws Error (invalid, conflict) for a word in `remove` that fits several profiles, and for unreadable guest VLANs
  PlanContext(const Request& request, const Facts& facts, const PlanOptions& options);

  const Request& request;
  const PlanOptions& options;
  const HostIndex host;
  const References references;
  const std::vector<Removal>
      removals;  ///< In the order of `remove`, without words that fit nothing.
  const std::vector<VlanRange> guest_vlans;
};

}  // namespace csnet::model
