#pragma once

#include <csnet/profile.hpp>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Finds the profile that a word refers to.
namespace csnet::model {

/// Profiles by uuid, by name and by interface.
///
/// This class has both orders in which csnet looks a word up:
/// - A word that an operator wrote (Request::remove, Session::find): uuid, name, interface.
///   Operators know profiles by their names.
/// - A controller or a parent in a profile: uuid, interface, name. NetworkManager knows uuids and
///   interfaces there, and no names, so a name must never hide an interface.
class ReferenceIndex {
 public:
  /// Makes a profile known by its uuid alone, so that a VLAN finds a parent that is added after it.
  /// @param profile must outlive this
  void add_uuid(const Profile& profile);
  /// Of several profiles with one name or interface, the one that is added first is preferred.
  /// @param profile must outlive this
  /// @param interface_name the interface that the profile is for, or ""; must outlive this
  void add(const Profile& profile, std::string_view interface_name);

  /// The profile with the uuid; null when there is none.
  [[nodiscard]] const Profile* with_uuid(std::string_view uuid) const;
  /// The profiles for the interface, in the order of their adding; none for "".
  [[nodiscard]] const std::vector<const Profile*>& for_interface(std::string_view name) const;

  /// All profiles that fit an operator's word equally well; empty when none does.
  [[nodiscard]] std::vector<const Profile*> fitting(std::string_view word) const;
  /// The profile that an operator's word means; null when there is none.
  /// @throws Error (conflict) that lists the uuids when the word fits several
  [[nodiscard]] const Profile* meant_by(std::string_view word) const;
  /// The profile that a controller or a parent refers to; null when there is none.
  /// @param except is found by its uuid alone: the profile that refers, which may have its
  /// controller's name
  [[nodiscard]] const Profile* referred_to_by(std::string_view reference,
                                              const Profile* except = nullptr) const;

  /// The interface that the profile itself names; empty when it names none. For a VLAN without a
  /// name, the one that NetworkManager generates from its parent and its id, "eth0.100"; empty when
  /// NetworkManager would shorten it.
  [[nodiscard]] std::string named_interface(const Profile& profile) const;

 private:
  using Profiles = std::vector<const Profile*>;

  std::unordered_map<std::string_view, const Profile*> by_uuid_;
  std::unordered_map<std::string_view, Profiles> by_name_;
  std::unordered_map<std::string_view, Profiles> by_interface_;
};

}  // namespace csnet::model
