#pragma once

#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>
#include <csnet/step.hpp>

#include <string>
#include <vector>

namespace csnet::inline CSNET_ABI {

struct ManagementNetwork;

struct PlanOptions {
  /// Delete what would be retired.
  bool prune = false;
  /// Delete every profile of the host's that is not wanted, in the way or not, those retired before among them. What
  /// Session::read() leaves out stays: types that csnet does not know, and what NetworkManager made up for interfaces
  /// of others.
  bool purge = false;
  /// The zone's guest VLANs, "200-299,1000": the plan warns where the management VLAN is among them.
  std::string guest_vlans{};

  bool operator==(const PlanOptions&) const = default;
};

/// The way from a host's state to the one that is wanted: steps in the order in which they interrupt least.
struct Plan {
  std::vector<Step> steps{};
  std::vector<Finding> notes{};  ///< What an operator should know before; none of them is an error.
  Request request{};             ///< apply() makes the plan again from it, and compares.
  PlanOptions options{};

  /// Nothing is to be done: the host is as it is wanted.
  [[nodiscard]] bool empty() const noexcept { return steps.empty(); }

  bool operator==(const Plan&) const = default;
};

/// The steps from `facts`, as Session::read() finds them, to what `request` wants. Pure and deterministic; thread-safe.
///
/// Profiles that `request` does not mention are left alone, unless `options` say otherwise. A profile that already does the job is
/// adopted: found by its uuid, or else by interface and type, the active one first; it keeps its name, its uuid and what
/// csnet has no field for. A profile that stands in the way is retired: one that holds a wanted NIC with an IP
/// configuration of its own, a duplicate, the former uplink of a wanted bridge, or one with an address that moves.
/// @throws Error (invalid) when `request` is invalid, by itself or together with what is on the host
/// @throws Error (invalid) when `options.purge` would delete what a wanted profile lies on, or nothing is wanted
/// @throws Error (conflict) when a uuid in `request` belongs to a profile of another type
CSNET_API Plan plan(const Request& request, const Facts& facts, const PlanOptions& options = {});

/// The same for the request that a recipe makes, network.desired().
CSNET_API Plan plan(const ManagementNetwork& network, const Facts& facts,
                    const PlanOptions& options = {});

/// Marks for lines of a plan's text, such as a terminal's escape sequences. Each stands before its lines, and `end`
/// after them; an empty one marks nothing.
struct PlanStyle {
  std::string heading{};  ///< Headings, notes of severity info, "Nothing to do".
  std::string added{};
  std::string changed{};  ///< Modified and retired profiles.
  std::string removed{};
  std::string warning{};  ///< Interrupted traffic, notes of severity warning.
  std::string end{};
};

/// A diff for people: what happens to each profile and interface, why, what traffic stops; then the notes.
/// fmt::print("{}", plan) prints it, too.
CSNET_API std::string to_text(const Plan& plan, const PlanStyle& style = {});

/// The same for programs, as one JSON object: {"csnet": 1, "steps": […], "notes": […]}. docs/transactions.md has
/// the keys.
CSNET_API std::string to_json(const Plan& plan);

/// The profiles that change, as YAML before and after: what Ansible shows with --diff.
struct Diff {
  std::string before{};
  std::string after{};
};
CSNET_API Diff diff(const Plan& plan);

}  // namespace csnet::inline CSNET_ABI
