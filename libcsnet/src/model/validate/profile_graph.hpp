#pragma once

#include "reference_index.hpp"

#include <csnet/profile.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csnet::model {

/// The profiles of one state and the references between them, looked up once.
///
/// A profile is identified by its place in the state. References to profiles outside the state are
/// not followed.
class ProfileGraph {
 public:
  /// @param profiles must outlive this
  explicit ProfileGraph(std::span<const Profile> profiles);
  ProfileGraph(const ProfileGraph&) = delete;
  ProfileGraph& operator=(const ProfileGraph&) = delete;

  [[nodiscard]] std::size_t size() const { return profiles_.size(); }
  [[nodiscard]] const Profile& operator[](std::size_t at) const { return profiles_[at]; }

  /// The interface that the profile names, or that NetworkManager names for it: "eth0.100".
  /// Otherwise empty.
  [[nodiscard]] const std::string& interface(std::size_t at) const { return interfaces_[at]; }
  /// Whether both are for the same interface, which has one active profile at a time: then they
  /// cannot collide.
  [[nodiscard]] bool one_interface(std::size_t a, std::size_t b) const;
  /// Whether NetworkManager can bring the profile up on its own, before all others for its
  /// interface: autoconnect is not false, and no other such profile has a higher
  /// autoconnect_priority. When none has autoconnect, all count.
  [[nodiscard]] bool counts(std::size_t at) const { return counts_[at]; }

  struct Controller {
    std::size_t at;
    bool fits;  ///< Whether it has ports of this kind.
  };
  /// The profile that the controller refers to. When several have its name, one that has such
  /// ports.
  [[nodiscard]] const std::optional<Controller>& controller(std::size_t at) const {
    return controllers_[at];
  }
  /// The profile that a VLAN's parent refers to.
  [[nodiscard]] const std::optional<std::size_t>& parent(std::size_t at) const {
    return parents_[at];
  }
  /// The profile that an operator's word means.
  [[nodiscard]] std::optional<std::size_t> meant_by(std::string_view word) const;
  /// The controller's interface, or the profile's own word for a controller outside the state;
  /// empty without one.
  [[nodiscard]] std::string controller_name(std::size_t at) const;
  /// The same for a VLAN's parent.
  [[nodiscard]] std::string parent_name(std::size_t at) const;

 private:
  [[nodiscard]] std::vector<bool> find_counting() const;
  [[nodiscard]] std::optional<std::size_t> place_of(const Profile* profile) const;
  [[nodiscard]] std::optional<Controller> find_controller(std::size_t at) const;
  [[nodiscard]] std::optional<std::size_t> find_parent(std::size_t at) const;

  std::span<const Profile> profiles_;
  std::vector<std::string> interfaces_;
  std::vector<bool> counts_;
  /// One index for each kind, so that the bridge is found fast among 10,000 VLANs of one name.
  ReferenceIndex all_, with_ports_, bridges_, bonds_;
  std::vector<std::optional<Controller>> controllers_;
  std::vector<std::optional<std::size_t>> parents_;
};

/// The first profile with a value, and the first one on another interface: enough to name a rival
/// of any profile.
class FirstHolders {
 public:
  /// @param graph must outlive this
  explicit FirstHolders(const ProfileGraph& graph) : graph_(&graph) {}

  void add(std::size_t at);
  /// The first that is not for the interface of this profile.
  [[nodiscard]] std::optional<std::size_t> rival_of(std::size_t at) const;

 private:
  const ProfileGraph* graph_;
  std::optional<std::size_t> first_, second_;
};

}  // namespace csnet::model
