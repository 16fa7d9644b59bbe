#pragma once

#include "plan_context.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

/// The decision about each profile, before the steps have an order.
namespace csnet::model {

/// A wanted profile.
struct Wanted {
  const Profile* before = nullptr;  ///< The host's profile that it adopts; null: it is added.
  Profile after{};  ///< The result, with the host's names for controller and parent.
  std::string interface_name{};
  std::vector<Change> changes{};  ///< Empty: `before` is as wanted.
  std::string why{};
};

/// A profile of the host that is retired or deleted.
struct Obsolete {
  const Profile* profile = nullptr;
  std::string interface_name{};
  bool is_removed = false;  ///< It is deleted; otherwise it is retired.
  std::string why{};
};

using Indexes = std::vector<std::size_t>;

struct Decisions {
  std::vector<Wanted> wanted{};      ///< In the order of the desired state.
  std::vector<Obsolete> obsolete{};  ///< In the order of the host's state.
  /// The wanted profile that comes up on each interface: an index into `wanted`.
  std::unordered_map<std::string, std::size_t> by_interface{};
  /// The wanted profiles that come up, by the interface of their controller or parent: indexes into
  /// `wanted`.
  std::unordered_map<std::string, Indexes> ports{}, vlans{};

  /// The one that comes up on the interface; null when none is wanted for it.
  [[nodiscard]] const Wanted* of_interface(const std::string& interface_name) const;
  /// Whether NetworkManager brings it up on its own, and before all others for the interface.
  [[nodiscard]] bool comes_up(const Wanted& one) const;
  [[nodiscard]] const Indexes& ports_of(const std::string& controller) const;
  [[nodiscard]] const Indexes& vlans_on(const std::string& parent) const;
};

/// Decides about every profile: matches them, finds the obsolete ones, and completes the wanted
/// ones.
/// @throws Error (invalid, not_found, conflict)
Decisions decide(const PlanContext& context);

/// The host's profiles that are in the way of the wanted ones, or are to be deleted.
/// @throws Error (invalid) when one is both wanted and to be deleted, or `purge` would delete the
/// controller or parent of a wanted profile
std::vector<Obsolete> obsolete_profiles(const PlanContext& context, const Decisions& decisions);

}  // namespace csnet::model
