#pragma once

#include "gobject.hpp"

#include <csnet/error.hpp>

#include <string>

namespace csnet::nm {

/// What a failed request to NetworkManager means. `subject` is what the request was about.
Error to_error(const GError& error, const std::string& subject);

/// The object that the request went to is gone: somebody else removed it in between.
bool is_gone(const GError& error);

}  // namespace csnet::nm
