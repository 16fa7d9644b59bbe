#pragma once

#include "problems.hpp"
#include "source.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace csnet::network_file {

/// A value of the YAML tree, with its place. The key decides later whether 100 is a number or text:
/// by YAML 1.1's rules 12:30:45 would be a number, `no` false, and 0100 would be 64.
struct Node {
  enum class Kind { text, list, map };

  Kind kind = Kind::text;
  Place place{};
  std::string text{};
  bool plain = false;                ///< Text without quotes.
  std::vector<const Node*> items{};  ///< Of a map: key, value, key, value, …
  std::size_t size = 1;              ///< The number of nodes, those of aliases included.

  [[nodiscard]] bool is_null() const;
};

/// The node's name in messages.
std::string to_text(const Node& node);

/// The one document of a file.
class Document {
 public:
  /// @throws Stop when the file cannot be read, or is empty
  Document(const Source& source, Problems& problems);

  [[nodiscard]] const Node& root() const noexcept { return *root_; }

 private:
  friend class Composer;

  std::deque<Node> nodes_{};
  const Node* root_ = nullptr;
};

}  // namespace csnet::network_file
