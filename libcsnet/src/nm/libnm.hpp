#pragma once

#include "gobject.hpp"

#include <NetworkManager.h>

/// libnm, with an owner for its handles; and the names of dbus, in which all of nm speaks.
namespace csnet::nm {

using namespace dbus;

using ConnectionPtr = ObjectPtr<NMConnection>;

}  // namespace csnet::nm
