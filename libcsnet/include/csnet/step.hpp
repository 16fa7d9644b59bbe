#pragma once

#include <csnet/api.hpp>
#include <csnet/profile.hpp>

#include <string>
#include <string_view>
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

}  // namespace csnet
