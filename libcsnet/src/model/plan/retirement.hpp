#pragma once

#include <set>
#include <string>

/// The names of retired profiles. A retired profile stays on disk with autoconnect off; where a new profile takes its
/// name, it gets a suffix: "eth0 (retired by csnet)", and "eth0 (retired by csnet 2)" where that name is taken.
///
/// The suffix is a mark that is stored in NetworkManager, so that a later plan, of another csnet maybe, knows the profile
/// again. This file alone makes it and reads it, and its form must not change.
namespace csnet::model {

/// A free name for a profile that is retired.
/// @param taken all names that are there or wanted; the new one is added
std::string name_for_retirement(const std::string& name, std::set<std::string>& taken);

/// The name without the suffix; the name itself when it has none.
std::string name_before_retirement(const std::string& name);

}  // namespace csnet::model
