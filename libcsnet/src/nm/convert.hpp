#pragma once

#include "libnm.hpp"

#include <csnet/profile.hpp>

#include <optional>

/// Profiles to and from libnm's connections, field by field along the tables of <csnet/fields.hpp>.
namespace csnet::nm {

/// A connection with what the profile mentions, normalised as the daemon would; it has a uuid.
/// @throws Error (invalid) with libnm's own words
ConnectionPtr make_connection(const Profile& profile);

/// Sets what `changes` mentions in a connection of the same type, and leaves everything else as it is.
/// @throws Error (invalid)
void write_profile(NMConnection* connection, const Profile& changes);

/// Makes a connection that says `before` say `after`, two profiles of one type, and leaves everything else as it is.
/// What `after` does not mention any more goes back to its default.
/// @throws Error (invalid)
void write_difference(NMConnection* connection, const Profile& before, const Profile& after);

/// Completes the connection and checks it. `subject` is what an error will be about.
/// @throws Error (invalid)
void normalize(NMConnection* connection, const std::string& subject);

/// Everything that csnet has a field for, defaults included; nothing for a type that csnet has no profile for.
std::optional<Profile> read_profile(NMConnection* connection);

/// Whether they say the same, but for secrets and for when NetworkManager last used them.
bool same_settings(NMConnection* a, NMConnection* b);

/// What goes over the bus. Leaves out the names that are new since 1.42, each of which libnm writes beside its old one:
/// a libnm that is newer than the daemon would otherwise fail every add.
VariantPtr to_variant(NMConnection* connection);

}  // namespace csnet::nm
