#pragma once

#include "libnm.hpp"

#include <csnet/profile.hpp>

#include <optional>

/// Converts profiles to and from libnm's connections, field by field by <csnet/fields.hpp>.
namespace csnet::nm {

/// Makes a connection with the fields that the profile mentions, normalised as the daemon would. It
/// has a uuid.
/// @throws Error (invalid) with libnm's own words
ConnectionPtr make_connection(const Profile& profile);

/// Sets the fields that `changes` mentions in a connection of the same type, and nothing else.
/// @throws Error (invalid)
void write_profile(NMConnection* connection, const Profile& changes);

/// Changes a connection from `before` to `after`, two profiles of one type, and nothing else. A
/// field that only `before` mentions is reset to its default.
/// @throws Error (invalid)
void write_difference(NMConnection* connection, const Profile& before, const Profile& after);

/// Completes the connection and checks it. `subject` is the subject of an error.
/// @throws Error (invalid)
void normalize(NMConnection* connection, const std::string& subject);

/// Every property that csnet has a field for, defaults included; nothing for a type that csnet has
/// no profile for.
std::optional<Profile> read_profile(NMConnection* connection);

/// Whether they are equal, apart from secrets and the time of their last use.
bool same_settings(NMConnection* a, NMConnection* b);

/// The settings to send over the bus, without the property names that are newer than 1.42. libnm
/// writes each of them beside its old name, and an older daemon would refuse it.
VariantPtr to_variant(NMConnection* connection);

}  // namespace csnet::nm
