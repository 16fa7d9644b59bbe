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
  add,       ///< Adds a profile; during the trial, to NetworkManager's memory alone.
  modify,    ///< Changes a profile; during the trial, in NetworkManager's memory alone.
  activate,  ///< Brings the profile up; another profile on the interface is taken down.
  reapply,   ///< Applies the changes to the active interface, which stays up.
  restart,   ///< Takes the profile down and up again, for changes that a reapply cannot apply.
  park,    ///< Keeps the interface up until the end of the trial, without addresses or controller.
  retire,  ///< Keeps the profile, with autoconnect off.
  remove,  ///< Deletes the profile.
};

/// "add", "modify", …: the enumerator's own name.
CSNET_API std::string_view to_string(Action action) noexcept;

/// When in a transaction a step is carried out.
enum class Phase {
  memory,  ///< First: changes NetworkManager's memory alone, and no interface.
  live,    ///< Second: changes the interfaces.
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
  /// The item after the step; before it, the item differs by `changes`. A new profile has no uuid
  /// yet: apply() gives it one.
  Item item{};
  /// The item's name for people: not the new one of a step that renames it, and without the suffix
  /// of a parked profile. Empty: the item's own name.
  std::string name{};
  std::vector<Change> changes{};  ///< Of add and modify.
  std::string why{};
  std::string interrupts{};         ///< The traffic that stops, and for how long; or empty.
  bool interrupts_traffic = false;  ///< Whether any traffic stops.
  /// Of activate: the interface replaces the one that the previous step parks, and no other step
  /// may come between.
  bool follows_at_once = false;

  bool operator==(const Step&) const = default;
};

/// "activate vlan 'eth0.100'"
CSNET_API std::string to_text(const Step& step);

}  // namespace csnet::inline CSNET_ABI
