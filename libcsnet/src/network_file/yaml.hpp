#pragma once

#include "problems.hpp"
#include "source.hpp"

#include <yaml.h>

#include <string>

namespace csnet::network_file {

Place place_of(const yaml_mark_t& mark) noexcept;

/// A tag or an anchor; empty for null.
std::string text_of(const yaml_char_t* text);

/// libyaml's parser over a text.
class Parser {
 public:
  explicit Parser(std::string text);
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  /// The next event, which is valid until the next call; nullptr after the last one.
  /// @throws Stop when the text is not YAML
  const yaml_event_t* next(const Source& source, Problems& problems);

 private:
  [[noreturn]] void fail(const Source& source, Problems& problems) const;

  std::string text_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

}  // namespace csnet::network_file
