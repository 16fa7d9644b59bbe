#pragma once

#include "libnm.hpp"

#include <csnet/error.hpp>

#include <string>

namespace csnet::nm {

/// csnet's error for a failed request to NetworkManager. `subject` is the thing that the request
/// was about; empty: NetworkManager.
Error to_error(const GError& error, const std::string& subject = {});

}  // namespace csnet::nm
