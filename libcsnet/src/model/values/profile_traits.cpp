#include "profile_traits.hpp"

namespace csnet::model {

bool autoconnects(const Profile& profile) {
  return profile.visit([](const auto& of) { return of.autoconnect.value_or(true); });
}

std::int32_t priority_of(const Profile& profile) {
  return profile.visit([](const auto& of) { return of.autoconnect_priority.value_or(0); });
}

std::pair<bool, std::int32_t> autoconnect_rank(const Profile& profile) {
  return {autoconnects(profile), priority_of(profile)};
}

const std::string* parent_of(const Profile& profile) {
  const auto* vlan = profile.get_if<VlanProfile>();
  return vlan != nullptr && vlan->parent ? &*vlan->parent : nullptr;
}

}  // namespace csnet::model
