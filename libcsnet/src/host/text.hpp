#pragma once

#include <string>
#include <string_view>

namespace csnet::host {

/// The kernel's words for an errno, to continue a sentence: "connection refused".
std::string kernel_says(int error);

/// Makes another program's text fit for one line of a message: replaces invalid UTF-8, which Python
/// would refuse, and control characters by '?', collapses white space to a blank, and cuts the text
/// at `most` bytes with "…".
std::string one_line(std::string_view text, std::size_t most);

}  // namespace csnet::host
