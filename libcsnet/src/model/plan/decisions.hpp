#pragma once

#include "references.hpp"

#include <csnet/plan.hpp>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// What becomes of each profile, before any order is thought of.
namespace csnet::model {

/// A profile that is wanted.
struct Wanted {
  const Profile* before = nullptr;  ///< The one on the host that does the job; null: a new one.
  Profile after{};                  ///< Controller and parent are named as the host names them.
  std::string interface_name{};
  std::vector<Change> changes{};  ///< Empty: it is as it shall be.
  std::string why{};
};

/// A profile of the host's that has to go.
struct Leaving {
  const Profile* profile = nullptr;
  std::string interface_name{};
  bool is_removed = false;  ///< Otherwise it is retired.
  std::string why{};
};

using Indexes = std::vector<std::size_t>;

struct Decisions {
  std::vector<Wanted> wanted{};    ///< In the order of the desired state.
  std::vector<Leaving> leaving{};  ///< In the order of the host's state.
  /// Of several wanted for one interface, the one that comes up: an index into `wanted`.
  std::unordered_map<std::string, std::size_t> by_interface{};
  /// Of those that come up: the ports of each controller and the VLANs of each parent, by its interface.
  std::unordered_map<std::string, Indexes> ports{}, vlans{};

  /// Null when none is wanted for it.
  [[nodiscard]] const Wanted* of_interface(const std::string& interface_name) const;
  /// It is what its interface is to run by: it comes up, and no other for the interface comes before it.
  [[nodiscard]] bool is_in_force(const Wanted& one) const;
  [[nodiscard]] const Indexes& ports_of(const std::string& controller) const;
  [[nodiscard]] const Indexes& vlans_on(const std::string& parent) const;
};

/// @param purge what is not wanted has to go
/// @throws Error (invalid, not_found, conflict)
Decisions decide(const HostState& desired, const HostIndex& host, const References& references,
                 bool purge);

/// Which profiles of the host's have to go, and why. (leave.cpp)
/// @throws Error (invalid) when one is both wanted and to be removed, or `purge` would take what a wanted one lies on
std::vector<Leaving> leaving(const HostState& desired, const Decisions& decisions,
                             const HostIndex& host, const References& references, bool purge);

/// Interface names that the interface stands on, itself among them: a VLAN's parent, a bond's ports.
std::vector<std::string> base_of(const HostIndex& host, const std::string& interface_name);

}  // namespace csnet::model
