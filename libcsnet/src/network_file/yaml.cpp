#include "yaml.hpp"

#include "characters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <new>
#include <string_view>
#include <utility>

namespace csnet::network_file {
namespace {

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A hint for an error of libyaml. libyaml reports only messages, which have been the same since
/// version 0.1.
std::string hint_for(std::string_view message) {
  if (holds(message, "mapping values are not allowed"))
    return "a ': ' inside a value needs quotes around it; else the indentation is wrong";
  if (holds(message, "unexpected end of stream")) return "a quote is missing";
  for (const auto* part :
       {"expected ':'", "expected <block end>", "expected key", "expected '-'"}) {
    if (holds(message, part))
      return "look at this line's indentation, and for a missing ':' or quote above it";
  }
  if (holds(message, "expected ',' or")) return "look for a missing comma or bracket";
  return {};
}

}  // namespace

Place place_of(const yaml_mark_t& mark) noexcept { return {mark.line + 1, mark.column + 1}; }

std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string{} : reinterpret_cast<const char*>(text);
}

Parser::Parser(std::string text) : text_(std::move(text)) {
  if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc{};
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text_.data()),
                               text_.size());
}

Parser::~Parser() {
  yaml_event_delete(&event_);
  yaml_parser_delete(&parser_);
}

const yaml_event_t* Parser::next(const Source& source, Problems& problems) {
  if (event_.type == YAML_STREAM_END_EVENT) return nullptr;
  yaml_event_delete(&event_);
  if (yaml_parser_parse(&parser_, &event_) == 0) fail(source, problems);
  return &event_;
}

void Parser::fail(const Source& source, Problems& problems) const {
  if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc{};
  const auto* const problem = parser_.problem;
  if (parser_.error == YAML_READER_ERROR) {  // source_of() has refused such texts
    problems.fatal(source.place(parser_.problem_offset),
                   fmt::format("this is not YAML: {}", problem == nullptr ? "" : problem));
  }
  const bool has_context = parser_.context != nullptr;
  Place place = place_of(problem != nullptr ? parser_.problem_mark : parser_.context_mark);
  // For an unclosed value, its beginning rather than the end of the file.
  if (has_context && source.ends_at(place)) place = place_of(parser_.context_mark);
  place = std::min(place, source.end());
  std::string message = problem != nullptr ? problem
                        : has_context      ? parser_.context
                                           : "it cannot be read";
  std::string hint;
  const auto rest = source.line_from(place);
  if (rest.starts_with(U'\t') || holds(message, "\t")) {
    message = "a tab";
    hint = "YAML is indented with spaces";
  } else if (holds(message, "cannot start any token")) {
    message = "nothing can begin with " + encode(rest.substr(0, 1));
    hint = "write the value in quotes: \"…\"";
  } else {
    hint = hint_for(message);
  }
  problems.fatal(place, "this is not YAML: " + message, std::move(hint));
}

}  // namespace csnet::network_file
