#pragma once

#include "libnm.hpp"

#include <csnet/error.hpp>

#include <string>

namespace csnet::nm {

/// Says what a failed request to NetworkManager means. `subject` is what the request was about; empty: NetworkManager.
Error to_error(const GError& error, const std::string& subject = {});

}  // namespace csnet::nm
