#pragma once

#include "libnm.hpp"

#include <csnet/error.hpp>

#include <string>

namespace csnet::nm {

/// csnet's error for a failed request to NetworkManager. `subject_or_none` is the thing that the
/// request was about; empty: NetworkManager.
Error to_error(const GError& error, const std::string& subject_or_none = {});

}  // namespace csnet::nm
