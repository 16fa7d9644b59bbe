#pragma once

#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>
#include <csnet/step.hpp>

#include <string>
#include <vector>

namespace csnet::inline CSNET_ABI {

struct ManagementNetwork;

/// Options of plan().
struct PlanOptions {
  /// Delete the profiles that would be retired.
  bool prune = false;
  /// Delete every profile of the host that is not wanted, also when it is not in the way, and
  /// profiles that were retired before. Profiles that Session::read() leaves out remain: those of
  /// types that csnet does not know, and of external connections.
  bool purge = false;
  /// The zone's guest VLANs, "200-299,1000". A plan warns when the management VLAN is one of them.
  std::string guest_vlans{};

  bool operator==(const PlanOptions&) const = default;
};

/// The steps from a host's state to the wanted one, in the order that interrupts the least traffic.
struct Plan {
  std::vector<Step> steps{};
  /// Findings for the operator to read before the plan is applied; none of them is an error.
  std::vector<Finding> notes{};
  Request request{};  ///< apply() plans it again and compares.
  PlanOptions options{};

  /// True when there is nothing to do: the host is as wanted.
  [[nodiscard]] bool empty() const noexcept { return steps.empty(); }

  bool operator==(const Plan&) const = default;
};

/// Computes the steps from `facts`, as Session::read() returns them, to the state that `request` wants.
///
/// Pure, deterministic and thread-safe. Profiles that `request` does not mention are left alone,
/// unless `options` say otherwise.
///
/// An existing profile for a wanted interface is adopted. plan() finds it by its uuid, or else by
/// interface and type, the active one first. It keeps its name, its uuid and the properties that
/// csnet has no field for.
///
/// A profile that is in the way is retired: one that uses a wanted NIC with an IP configuration of
/// its own, a duplicate, the former uplink of a wanted bridge, or one with an address that moves.
/// @throws Error (invalid) when `request` is invalid, alone or together with the host's profiles
/// @throws Error (invalid) when `options.purge` would delete the controller or parent of a wanted
/// profile, or nothing is wanted
/// @throws Error (conflict) when a uuid in `request` belongs to a profile of another type
CSNET_API Plan plan(const Request& request, const Facts& facts, const PlanOptions& options = {});

/// The same for the request that a recipe makes, network.desired().
CSNET_API Plan plan(const ManagementNetwork& network, const Facts& facts,
                    const PlanOptions& options = {});

/// Marks for the lines of a plan's text, such as a terminal's escape sequences.
///
/// to_text() writes a mark before each of its lines, and `end` after the line. An empty mark does
/// nothing.
struct PlanStyle {
  std::string heading{};  ///< Headings, notes of severity info, "Nothing to do".
  std::string added{};
  std::string changed{};  ///< Modified and retired profiles.
  std::string removed{};
  std::string warning{};  ///< Interrupted traffic, notes of severity warning.
  std::string end{};
};

/// Returns the plan as text for people, which fmt::print("{}", plan) prints, too.
///
/// The text says of each profile and interface what happens, why, and which traffic stops. The
/// notes follow.
CSNET_API std::string to_text(const Plan& plan, const PlanStyle& style = {});

/// Returns the plan for programs, as one JSON object: {"csnet": 1, "steps": […], "notes": […]}.
///
/// docs/transactions.md lists the keys.
CSNET_API std::string to_json(const Plan& plan);

/// The changed profiles as YAML, before and after. Ansible shows them with --diff.
struct Diff {
  std::string before{};
  std::string after{};
};
CSNET_API Diff diff(const Plan& plan);

}  // namespace csnet::inline CSNET_ABI
