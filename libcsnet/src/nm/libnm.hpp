#pragma once

#include "gobject.hpp"

#include <NetworkManager.h>

/// libnm with owners for its handles, and the names of dbus, which all of nm uses.
namespace csnet::nm {

using namespace dbus;

using ConnectionPtr = ObjectPtr<NMConnection>;

}  // namespace csnet::nm
