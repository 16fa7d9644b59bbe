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
  Request made;  ///< Of `management`; empty where that is wrong.
  Request request;
  Errors errors;
};
Judged judge(const Contents& contents);

/// Adds each error at the place in the file that it is about. Reads fields of the findings, and no text of theirs.
/// @throws Stop when there are enough problems
void add_errors(const Contents& contents, const Request& made, const Errors& errors,
                const Places& places, Problems& problems);

}  // namespace csnet::network_file
