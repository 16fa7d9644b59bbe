#pragma once

#include "gobject.hpp"

#include <cstdint>
#include <string>

namespace csnet::nm {

inline constexpr const char* kDevice = "org.freedesktop.NetworkManager.Device";
inline constexpr const char* kActiveConnection = "org.freedesktop.NetworkManager.Connection.Active";

/// libnm's word for a value of one of its enumerations, "activated"; the number where a newer daemon knows more.
std::string word(GType type, std::uint32_t value);

}  // namespace csnet::nm
