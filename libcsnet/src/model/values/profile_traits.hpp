#pragma once

#include <csnet/profile.hpp>

#include <cstdint>
#include <string>
#include <utility>

/// Questions about one profile that several rooms ask.
namespace csnet::model {

/// Whether NetworkManager brings the profile up on its own; the default is yes.
bool autoconnects(const Profile& profile);
/// The autoconnect_priority; default 0.
std::int32_t priority_of(const Profile& profile);
/// Of several profiles for one interface, NetworkManager brings up the one that ranks highest.
std::pair<bool, std::int32_t> autoconnect_rank(const Profile& profile);
/// A VLAN's parent, as the profile spells it; null for other profiles, and when it mentions none.
const std::string* parent_of(const Profile& profile);

}  // namespace csnet::model
