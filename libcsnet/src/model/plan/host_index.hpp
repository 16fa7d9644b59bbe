#pragma once

#include "profile_traits.hpp"
#include "reference_index.hpp"

#include <csnet/host_state.hpp>

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The facts of the host, indexed.
namespace csnet::model {

class HostIndex {
 public:
  /// @param facts must outlive this
  explicit HostIndex(const Facts& facts);
  HostIndex(const HostIndex&) = delete;
  HostIndex& operator=(const HostIndex&) = delete;

  /// Whether the state of the interfaces is known, and not only the profiles.
  [[nodiscard]] bool knows_devices() const { return !facts_.devices.empty(); }
  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] const std::vector<Profile>& profiles() const { return facts_.current.profiles; }
  [[nodiscard]] const std::vector<Device>& devices() const { return facts_.devices; }
  /// The host's profiles by uuid, name and interface. Of several for one interface, the active one
  /// comes first.
  [[nodiscard]] const ReferenceIndex& references() const { return references_; }

  /// Null when there is none.
  [[nodiscard]] const Device* device(std::string_view interface_name) const;
  /// The interface that the profile is active on; null when it is inactive.
  [[nodiscard]] const Device* device_of(const Profile& profile) const;
  /// The interface that the profile is for: its interface_name, the interface that it is active on,
  /// the name that NetworkManager generates for a VLAN, or the NIC with its MAC address; "" when
  /// none of these is known.
  [[nodiscard]] std::string interface_of(const Profile& profile) const;
  /// Whether the profile is inactive, and NetworkManager does not bring it up on its own.
  [[nodiscard]] bool is_put_aside(const Profile& profile) const;

 private:
  const Facts& facts_;
  ReferenceIndex references_;
  std::vector<std::string> interfaces_;  ///< of each profile; references_ points into it
  std::unordered_map<std::string_view, const Device*> by_device_name_;
  std::unordered_map<std::string_view, const Device*> by_active_uuid_;
  /// Null: several NICs have the address, as the ports of a bond do.
  std::map<MacAddress, const Device*> nic_by_address_;
};

}  // namespace csnet::model
