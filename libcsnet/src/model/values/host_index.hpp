#pragma once

#include <csnet/host_state.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// A HostState that can be asked: who is who, and what lies on what.
namespace csnet::model {

class Host {
 public:
  /// @param state must outlive this
  explicit Host(const HostState& state);

  /// Whether it is known what runs, not only which profiles there are.
  [[nodiscard]] bool knows_devices() const { return !state_.devices.empty(); }
  [[nodiscard]] const std::vector<Profile>& profiles() const { return state_.profiles; }
  [[nodiscard]] const std::vector<Device>& devices() const { return state_.devices; }

  /// Null when there is none.
  [[nodiscard]] const Device* device(std::string_view interface_name) const;
  /// The interface that the profile holds now; null when it is not active.
  [[nodiscard]] const Device* device_of(const Profile& profile) const;
  /// What the profile is for: its interface_name, what it holds, the VLAN's "eth0.100", the NIC with its address; or "".
  [[nodiscard]] std::string interface_of(const Profile& profile) const;
  /// The profile that a controller or parent names: by uuid, by interface (the active one first), by name; null when
  /// there is none.
  /// NetworkManager knows uuids and interfaces there, so a name comes last.
  [[nodiscard]] const Profile* named(std::string_view reference) const;
  /// The profile that somebody means with a word: by uuid, by name, by interface, as Session finds it; null when there
  /// is none.
  /// @throws Error (conflict) when it fits several
  [[nodiscard]] const Profile* meant_by(std::string_view word) const;
  /// All of one interface: the active one, then the others in the state's order.
  [[nodiscard]] const std::vector<const Profile*>& of_interface(
      const std::string& interface_name) const;
  /// Null when there is none.
  [[nodiscard]] const Profile* with_uuid(const std::string& uuid) const;

 private:
  [[nodiscard]] std::string interface_of_vlan(const VlanProfile& vlan) const;

  const HostState& state_;
  std::unordered_map<std::string_view, const Device*> by_device_name_;
  std::unordered_map<std::string_view, const Device*> by_active_uuid_;
  std::map<MacAddress, const Device*>
      nic_by_address_;  ///< null: several have it, as a bond's ports
  std::unordered_map<std::string_view, const Profile*> by_uuid_;
  std::unordered_map<std::string_view, std::vector<const Profile*>> by_name_;
  std::unordered_map<std::string, std::vector<const Profile*>> by_interface_;
};

/// A network card; virtual ones of a container are such to NetworkManager.
bool is_nic(const Device& device);
/// Comes up by itself, unless it says otherwise.
bool autoconnects(const Profile& profile);
/// Of profiles for one interface, the highest comes up.
std::int32_t priority_of(const Profile& profile);
/// "bridge", "vlan", "bond" or "ethernet"
/// What a VLAN lies on, as its profile names it; null for what is no VLAN.
const std::string* parent_of(const Profile& profile);

}  // namespace csnet::model
