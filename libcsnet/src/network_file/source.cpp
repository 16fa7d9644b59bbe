#include "source.hpp"

#include "characters.hpp"
#include "problems.hpp"

#include <csnet/network_file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace csnet::network_file {
namespace {

constexpr std::size_t widest = 120;
constexpr auto npos = std::u32string_view::npos;

/// The length of the line break at the beginning, as YAML counts them; 0 when there is none.
std::size_t line_break(std::u32string_view text) {
  if (text.starts_with(U"\r\n")) return 2;
  constexpr std::u32string_view breaks = U"\n\r\x85\x2028\x2029";
  return !text.empty() && breaks.find(text.front()) != npos ? 1 : 0;
}

/// The length of the first line, without its break.
std::size_t line_length(std::u32string_view text) {
  return std::min(text.find_first_of(U"\n\r\x85\x2028\x2029"), text.size());
}

std::u32string printable(std::u32string_view text) {
  std::u32string made(text);
  for (char32_t& each : made) {
    if (!is_printable(each)) each = each == U'\t' ? U' ' : U'·';
  }
  return made;
}

bool is_yaml(char32_t each) {
  return each == U'\t' || each == U'\n' || each == U'\r' || (each >= 0x20 && each <= 0x7E) ||
         each == 0x85 || (each >= 0xA0 && each <= 0xD7FF) || (each >= 0xE000 && each <= 0xFEFE) ||
         (each >= 0xFF00 && each <= 0xFFFD) || each >= 0x10000;
}

[[noreturn]] void refuse(const Source& source, std::size_t index, std::string message,
                         std::string hint) {
  Problems problems(source);
  problems.add(source.place(index), "", std::move(message), std::move(hint));
  throw problems.error();
}

}  // namespace

Place Source::place(std::size_t index) const {
  auto text = std::u32string_view(text_).substr(0, index);
  Place found;
  while (true) {
    const auto length = line_length(text);
    const auto ends = line_break(text.substr(length));
    if (ends == 0) {
      found.column = length + 1;
      return found;
    }
    text.remove_prefix(length + ends);
    ++found.line;
  }
}

std::u32string_view Source::from_line(std::size_t line) const {
  std::u32string_view text = text_;
  for (std::size_t at = 1; at < line; ++at) {
    text.remove_prefix(line_length(text));
    text.remove_prefix(line_break(text));
  }
  return text;
}

std::u32string_view Source::line_from(Place place) const {
  const auto text = from_line(place.line);
  const auto line = text.substr(0, line_length(text));
  return line.substr(std::min(place.column - 1, line.size()));
}

Place Source::end() const {
  const auto last = text_.find_last_not_of(U"\r\n\u0085\u2028\u2029");
  return place(last == std::u32string::npos ? 0 : last + 1);
}

bool Source::ends_at(Place place) const {
  const auto text = from_line(place.line);
  return is_blank(text.substr(std::min(place.column - 1, text.size())));
}

std::string Source::excerpt(Place place) const {
  const auto line = line_from({.line = place.line});
  if (is_blank(line)) return {};
  const auto caret = std::min(place.column - 1, line.size());
  std::size_t start = 0;
  if (line.size() > widest && place.column - 1 > widest / 2) start = place.column - 1 - widest / 2;
  start = std::min(start, line.size());
  const auto shown = printable(line.substr(start, widest));
  const auto before = printable(line.substr(start, caret - std::min(start, caret)));
  return fmt::format("{}\n{:{}}^", encode(shown), "", width(before));
}

Error refused(const std::string& name, std::string why, std::string hint) {
  return {ErrorKind::invalid, name, std::move(why), std::move(hint)};
}

Source source_of(const std::string& name, std::string_view bytes) {
  if (bytes.size() > largest_network_file)
    throw refused(name, "has more than 1 MiB: it is not a network file", "name another file");
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    refuse({name, {}}, 0, "the file is in UTF-16", "save it as UTF-8");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  auto [text, wrong, index] = decode(bytes);
  Source source(name, std::move(text));
  if (wrong) {
    const unsigned byte = static_cast<unsigned char>(bytes[*wrong]);
    refuse(source, index, fmt::format("byte 0x{:02x} is not UTF-8", byte),
           "save the file as UTF-8");
  }
  const auto found = std::ranges::find_if_not(source.text(), is_yaml);
  if (found == source.text().end()) return source;
  const auto at = static_cast<std::size_t>(found - source.text().begin());
  if (*found == 0) refuse(source, at, "a null character: this is not a text file", "");
  refuse(
      source, at,
      fmt::format("the character U+{:04X} is not allowed here", static_cast<std::uint32_t>(*found)),
      "take it out, or write it as an escape in \"…\"");
}

}  // namespace csnet::network_file
