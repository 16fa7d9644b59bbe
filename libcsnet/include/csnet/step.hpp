#pragma once

#include <csnet/api.hpp>
#include <csnet/profile.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace csnet::inline CSNET_ABI {

/// The kinds of steps.
enum class Action {
  add,       ///< A new profile, for the time of the trial in NetworkManager's memory.
  modify,    ///< A change of a profile, likewise.
  activate,  ///< The interface comes up by the profile; what held it before gives way.
  reapply,   ///< The running interface takes over what changed, without going down.
  restart,   ///< Down and up again: what changed cannot be had otherwise.
  park,  ///< The interface loses its addresses and its controller, and waits until the end of the trial.
  retire,  ///< The profile stays, without autoconnect.
  remove,  ///< The profile is deleted.
};

/// "add", "modify", …: the enumerator's own name.
CSNET_API std::string_view to_string(Action action) noexcept;

/// When in a transaction a step is carried out.
enum class Phase {
  memory,  ///< First: NetworkManager's memory alone changes, and no interface.
  live,    ///< Then the interfaces change.
  disk,    ///< At the end, after the probes have passed.
};

/// add and modify: memory; retire and remove: disk; all others: live.
CSNET_API Phase phase_of(Action action) noexcept;

/// One property that changes.
struct Change {
  std::string property{};  ///< csnet's name for it: "ipv4.addresses", "port.priority".
  std::string before{};    ///< As text; empty where there was nothing.
  std::string after{};

  bool operator==(const Change&) const = default;
};

/// The thing that a step is about.
using Item = std::variant<Profile>;

/// One step of a plan.
struct Step {
  Action action = Action::add;
  /// As the step leaves it: before the step, it differs by `changes`. The uuid of a new profile is empty:
  /// NetworkManager learns it when the plan is applied.
  Item item{};
  /// The name that people know the item by: before the step renames it, without the suffix of a parked profile. Empty:
  /// the item's own.
  std::string name{};
  std::vector<Change> changes{};  ///< Of add and modify.
  std::string why{};
  std::string interrupts{};         ///< Whose traffic stops, and how long; empty: nobody's.
  bool interrupts_traffic = false;  ///< Whether any stops.
  /// Of activate: the interface takes the place of the one that the step before parks, and nothing may come between.
  bool follows_at_once = false;

  bool operator==(const Step&) const = default;
};

/// "activate vlan 'eth0.100'"
CSNET_API std::string to_text(const Step& step);

}  // namespace csnet::inline CSNET_ABI
