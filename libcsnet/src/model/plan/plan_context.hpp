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
  std::string_view word{};  ///< The name in `remove`.
};

/// The input of every stage of the planner, with the references of the request looked up once.
struct PlanContext {
  /// @param of must outlive this, and so must the others
  /// @throws Error (conflict) when a word in `remove` fits several profiles
  /// @throws Error (invalid) when the guest VLANs cannot be read
  PlanContext(const Request& of, const Facts& facts, const PlanOptions& plan_options);

  const Request& request;
  const PlanOptions& options;
  const HostIndex host;
  const References references;
  /// In the order of `remove`, without words that fit nothing.
  const std::vector<Removal> removals;
  const std::vector<VlanRange> guest_vlans;
};

}  // namespace csnet::model
