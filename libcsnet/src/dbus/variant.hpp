#pragma once

#include <glib.h>
#include <cstdint>
#include <string>
#include <vector>

/// Reads values out of a GVariant.
namespace csnet::dbus {

/// The path that a reply begins with.
std::string path_of(GVariant* reply);

/// A value of a dictionary a{sv}; 0, false or empty when it is missing or of another type.
std::uint32_t lookup_uint32(GVariant* dictionary, const char* key);
bool lookup_bool(GVariant* dictionary, const char* key);
std::string lookup_string(GVariant* dictionary, const char* key);
std::vector<std::string> lookup_paths(GVariant* dictionary, const char* key);
/// The elements of an array of paths; empty for null.
std::vector<std::string> paths_of(GVariant* array);

}  // namespace csnet::dbus
