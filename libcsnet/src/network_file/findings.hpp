#pragma once

#include "contents.hpp"
#include "problems.hpp"
#include "reader.hpp"

#include <csnet/finding.hpp>

#include <vector>

namespace csnet::network_file {

/// The errors that validate() finds in a file, without its warnings.
struct Errors {
  std::vector<Finding> of_management;
  std::vector<Finding> of_request;
};

/// The request of a file, and its errors.
struct Judged {
  Request made;  ///< From `management`; empty when that has errors.
  Request request;
  Errors errors;
};
Judged judge(const Contents& contents);

/// Adds each error at its place in the file. Reads the findings' fields, not their texts.
/// @throws Stop when there are enough problems
void add_errors(const Contents& contents, const Judged& judged, const Places& places,
                Problems& problems);

}  // namespace csnet::network_file
