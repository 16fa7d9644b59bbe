#pragma once

#include <csnet/finding.hpp>
#include <csnet/host_state.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace csnet {

/// What a step does. The first two touch memory alone, the next four the running interfaces, the last two the disk.
enum class Action {
  add,       ///< A new profile, for the time of the trial in NetworkManager's memory.
  modify,    ///< A change of a profile, likewise.
  activate,  ///< The interface comes up by the profile; what held it before gives way.
  reapply,   ///< The running interface takes over what changed, without going down.
  restart,   ///< Down and up again: what changed cannot be had otherwise.
  park,  ///< The interface loses its addresses and its controller, and waits until the end of the trial.
  retire,  ///< The profile stays, and does not come up by itself any more.
  remove,  ///< The profile is deleted.
};

/// "add", "modify", …: the enumerator's own name.
CSNET_API std::string_view to_string(Action action) noexcept;

/// One property that changes.
struct Change {
  std::string property{};  ///< csnet's name for it: "ipv4.addresses", "port.priority".
  std::string before{};    ///< As text; empty where there was nothing.
  std::string after{};

  bool operator==(const Change&) const = default;
};

struct Step {
  Action action = Action::add;
  /// The profile as the step leaves it: what it was before differs by `changes`. Its uuid is empty when the profile is
  /// new: NetworkManager learns it when the plan is applied.
  Profile profile{};
  std::vector<Change> changes{};  ///< Of add and modify.
  std::string why{};
  std::string interrupts{};         ///< Whose traffic stops, and how long; empty: nobody's.
  bool interrupts_traffic = false;  ///< Whether any stops.
  /// Of activate: the interface takes the place of the one that the step before parks, and nothing may come between.
  bool follows_at_once = false;

  bool operator==(const Step&) const = default;
};

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
  HostState desired{};           ///< What it was made from: apply() makes it again and compares.
  PlanOptions options{};

  /// Nothing is to be done: the host is as it is wanted.
  [[nodiscard]] bool empty() const noexcept { return steps.empty(); }

  bool operator==(const Plan&) const = default;
};

/// The steps from `current`, as Session::read() gives it, to `desired`. Pure and deterministic; thread-safe.
///
/// What `desired` does not mention is left alone, unless `options` say otherwise. A profile that already does the job is
/// adopted: found by its uuid, or else by interface and type, the active one first; it keeps its name, its uuid and what
/// csnet has no field for. A profile that stands in the way is retired: one that holds a wanted NIC with an IP
/// configuration of its own, a duplicate, the former uplink of a wanted bridge, or one with an address that moves.
/// @throws Error (invalid) when `desired` is invalid, by itself or together with what is on the host
/// @throws Error (invalid) when `options.purge` would delete what a wanted profile lies on, or nothing is wanted
/// @throws Error (conflict) when a uuid in `desired` belongs to a profile of another type
CSNET_API Plan plan(const HostState& desired, const HostState& current,
                    const PlanOptions& options = {});

/// A diff for people: what happens to each profile and interface, why, what traffic stops; then the notes.
/// fmt::print("{}", plan) prints it, too.
CSNET_API std::string to_text(const Plan& plan);

/// The same for programs, as one JSON object: {"csnet": 1, "steps": […], "notes": […]}. docs/transactions.md has
/// the keys.
CSNET_API std::string to_json(const Plan& plan);

/// The profiles that change, as YAML before and after: what Ansible shows with --diff.
struct Diff {
  std::string before{};
  std::string after{};
};
CSNET_API Diff diff(const Plan& plan);

}  // namespace csnet
