#pragma once

#include <set>
#include <string>

/// The names of retired profiles.
///
/// A retired profile remains on disk with autoconnect off. When a new profile has the same name,
/// the retired one gets a suffix: "eth0 (retired by csnet)", or "eth0 (retired by csnet 2)" when
/// that name is taken. NetworkManager stores the suffix, so that a later plan, also of another
/// version of csnet, recognises the profile. Only this file writes and reads it, and its form must
/// not change.
namespace csnet::model {

/// A free name for a profile that is retired.
/// @param taken all names on the host and in the request; the new one is added
std::string name_for_retirement(const std::string& name, std::set<std::string>& taken);

/// The name without the suffix; the name itself when it has none.
std::string name_before_retirement(const std::string& name);

}  // namespace csnet::model
