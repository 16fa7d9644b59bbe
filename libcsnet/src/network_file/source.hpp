#pragma once

#include <csnet/error.hpp>

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace csnet::network_file {

/// A line and a column of the file; both begin with 1.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;

  auto operator<=>(const Place&) const = default;
};

/// The text of a file, with its name for messages.
class Source {
 public:
  Source(std::string name, std::u32string text) : name_(std::move(name)), text_(std::move(text)) {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::u32string& text() const noexcept { return text_; }

  /// The place of the character with this index.
  [[nodiscard]] Place place(std::size_t index) const;
  /// The place after the last character that is not a line break: libyaml may name a line after the
  /// end.
  [[nodiscard]] Place end() const;
  /// The rest of the line from this place on.
  [[nodiscard]] std::u32string_view line_from(Place place) const;
  /// Whether only white space follows.
  [[nodiscard]] bool ends_at(Place place) const;
  /// The line, cut if it is very long, with a caret below it; empty for an empty line.
  [[nodiscard]] std::string excerpt(Place place) const;

 private:
  /// The text from the beginning of a line.
  [[nodiscard]] std::u32string_view from_line(std::size_t line) const;

  std::string name_;
  std::u32string text_;
};

/// The error for a file that cannot be read.
Error refused(const std::string& name, std::string why, std::string hint);

/// The bytes as text.
/// @throws FileError when they are not a text that YAML allows
/// @throws Error (invalid) when there are more than largest_network_file
Source source_of(const std::string& name, std::string_view bytes);

}  // namespace csnet::network_file
