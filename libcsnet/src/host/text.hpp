#pragma once

#include <string>
#include <string_view>

namespace csnet::host {

/// The kernel's words for an errno, to go on a sentence with: "connection refused".
std::string kernel_says(int error);

/// What others wrote, fit for one line of a message: white space is one blank, what is no UTF-8 or would steer a
/// terminal is '?', and what exceeds `most` bytes is "…". Python could not take a text that is no UTF-8.
std::string one_line(std::string_view text, std::size_t most);

}  // namespace csnet::host
