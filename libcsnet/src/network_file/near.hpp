#pragma once

#include <span>
#include <string>
#include <string_view>

namespace csnet::network_file {

/// The known word that is most like `word`, or "" when none is much like it.
///
/// Words are alike by Ratcliff's and Obershelp's measure, as in Python's difflib.get_close_matches().
std::string near(std::string_view word, std::span<const std::string_view> known);

}  // namespace csnet::network_file
