#include "json.hpp"

#include "characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace csnet::network_file {
namespace {

/// Why a text is not JSON.
struct NotJson {
  std::size_t at;
  std::string message;
};

/// Thrown for a text with so many levels that only the YAML reader judges it.
struct TooDeep {};

bool is_digit(char32_t character) { return character >= U'0' && character <= U'9'; }

int hex_digit(char32_t character) {
  if (is_digit(character)) return static_cast<int>(character - U'0');
  if (character >= U'a' && character <= U'f') return static_cast<int>(character - U'a') + 10;
  if (character >= U'A' && character <= U'F') return static_cast<int>(character - U'A') + 10;
  return -1;
}

/// Finds the first mistake in a JSON text. Messages and places are those of Python's json.
class Checker {
 public:
  explicit Checker(std::u32string_view text) : text_(text) {}

  /// @throws NotJson
  /// @throws TooDeep
  void check() {
    skip_space();
    value(0);
    skip_space();
    if (at_ < text_.size()) fail(at_, "Extra data");
  }

 private:
  [[noreturn]] static void fail(std::size_t at, std::string message) {
    throw NotJson{at, std::move(message)};
  }

  [[nodiscard]] bool is_at(char32_t character) const {
    return at_ < text_.size() && text_[at_] == character;
  }

  void skip_space() {
    while (is_at(U' ') || is_at(U'\t') || is_at(U'\n') || is_at(U'\r')) ++at_;
  }

  bool take(std::u32string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  void value(int depth) {
    constexpr int deepest = 900;
    if (depth > deepest) throw TooDeep{};
    if (at_ >= text_.size()) fail(at_, "Expecting value");
    if (is_at(U'"')) return string();
    if (is_at(U'{')) return object(depth);
    if (is_at(U'[')) return array(depth);
    if (take(U"null") || take(U"true") || take(U"false")) return;
    for (const std::u32string_view word : {U"NaN", U"Infinity", U"-Infinity"}) {
      // Like Python: the first occurrence, even one within a string.
      if (take(word)) fail(text_.find(word), encode(word) + " is not JSON");
    }
    number();
  }

  void object(int depth) {
    ++at_;
    skip_space();
    if (is_at(U'}')) return void(++at_);
    while (true) {
      if (!is_at(U'"')) fail(at_, "Expecting property name enclosed in double quotes");
      string();
      skip_space();
      if (!is_at(U':')) fail(at_, "Expecting ':' delimiter");
      ++at_;
      skip_space();
      value(depth + 1);
      skip_space();
      if (is_at(U'}')) return void(++at_);
      if (!is_at(U',')) fail(at_, "Expecting ',' delimiter");
      ++at_;
      skip_space();
    }
  }

  void array(int depth) {
    ++at_;
    skip_space();
    if (is_at(U']')) return void(++at_);
    while (true) {
      value(depth + 1);
      skip_space();
      if (is_at(U']')) return void(++at_);
      if (!is_at(U',')) fail(at_, "Expecting ',' delimiter");
      ++at_;
      skip_space();
    }
  }

  void string() {
    const auto begin = at_++;
    while (true) {
      if (at_ >= text_.size()) fail(begin, "Unterminated string starting at");
      const char32_t character = text_[at_];
      if (character < 0x20) fail(at_, "Invalid control character at");
      ++at_;
      if (character == U'"') return;
      if (character == U'\\') escape(begin);
    }
  }

  void escape(std::size_t begin) {
    if (at_ >= text_.size()) fail(begin, "Unterminated string starting at");
    constexpr std::u32string_view known = U"\"\\/bfnrt";
    if (known.find(text_[at_]) != std::u32string_view::npos) return void(++at_);
    if (text_[at_] != U'u') fail(at_ - 1, "Invalid \\escape");
    const auto digits = text_.substr(at_ + 1, 4);
    if (digits.size() < 4 || at_ + 5 >= text_.size() ||
        std::ranges::any_of(digits, [](char32_t each) { return hex_digit(each) < 0; }))
      fail(at_, "Invalid \\uXXXX escape");
    at_ += 5;
  }

  void number() {
    const auto begin = at_;
    if (is_at(U'-')) ++at_;
    if (is_at(U'0')) {
      ++at_;
    } else if (at_ < text_.size() && is_digit(text_[at_])) {
      skip_digits();
    } else {
      fail(begin, "Expecting value");
    }
    if (is_at(U'.') && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
      ++at_;
      skip_digits();
    }
    if (!is_at(U'e') && !is_at(U'E')) return;
    const auto exponent = at_++;
    if (is_at(U'+') || is_at(U'-')) ++at_;
    if (at_ >= text_.size() || !is_digit(text_[at_])) return void(at_ = exponent);
    skip_digits();
  }

  void skip_digits() {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  }

  std::u32string_view text_;
  std::size_t at_ = 0;
};

std::optional<NotJson> mistake_in(std::u32string_view text) {
  try {
    Checker(text).check();
    return std::nullopt;
  } catch (NotJson& found) {
    return std::move(found);
  }
}

/// The number of a "\uXXXX" at the beginning, if it is between two bounds; otherwise 0.
char32_t escaped(std::u32string_view text, char32_t least, char32_t most) {
  if (!text.starts_with(U"\\u") || text.size() < 6) return 0;
  char32_t code = 0;
  for (const char32_t each : text.substr(2, 4)) {
    const int digit = hex_digit(each);
    if (digit < 0) return 0;
    code = code * 16 + static_cast<char32_t>(digit);
  }
  return code >= least && code <= most ? code : 0;
}

std::u32string rewritten(std::u32string_view text) {
  std::u32string made;
  made.reserve(text.size());
  while (!text.empty()) {
    const auto high = escaped(text, 0xD800, 0xDBFF);
    const auto low = high == 0 ? 0 : escaped(text.substr(6), 0xDC00, 0xDFFF);
    if (low != 0) {
      const auto code = 0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00;
      for (const char each : fmt::format("\\U{:08x}", static_cast<std::uint32_t>(code)))
        made += static_cast<char32_t>(each);
      text.remove_prefix(12);
    } else if (text.starts_with(U"\\\\")) {
      made += U"\\\\";
      text.remove_prefix(2);
    } else {
      made += text.front() == U'\t' ? U' ' : text.front();
      text.remove_prefix(1);
    }
  }
  return made;
}

}  // namespace

std::u32string as_yaml(const Source& source, Problems& problems) {
  const auto& text = source.text();
  const bool is_named_so = source.name().ends_with(".json");
  const auto begins = std::ranges::find_if_not(text, is_space);
  const bool is_empty = begins == text.end();
  if (!is_named_so && (is_empty || *begins != U'{')) return text;
  try {
    const auto mistake = mistake_in(text);
    if (!mistake) return rewritten(text);
    if (is_named_so && !is_empty) {
      problems.fatal(source.place(mistake->at), "this is not JSON: " + mistake->message,
                     "YAML may be easier to write: name the file .yaml");
    }
  } catch (const TooDeep&) {  // the YAML reader reports it
  }
  return text;
}

}  // namespace csnet::network_file
