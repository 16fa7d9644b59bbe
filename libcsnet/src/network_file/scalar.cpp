#include "scalar.hpp"

#include "characters.hpp"
#include "contents.hpp"
#include "near.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace csnet::network_file {
namespace {

constexpr std::string_view decimal = "0123456789";
constexpr std::size_t most_digits = 20;

bool is_made_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

std::string_view without_minus(std::string_view text) {
  return text.starts_with('-') ? text.substr(1) : text;
}

bool is_whole(std::string_view text) {
  const auto digits = without_minus(text);
  return is_made_of(digits, decimal) && (digits == "0" || !digits.starts_with('0'));
}

/// "1.5", "1e3", "1_000", "0x1F": texts that some programs take for a number.
bool is_odd_number(std::string_view text) {
  if (text.size() > 2 && text[0] == '0' &&
      std::string_view("xXoObB").find(text[1]) != std::string_view::npos)
    return is_made_of(text.substr(2), "0123456789abcdefABCDEF");
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !is_made_of(text.substr(0, 1), decimal)) return false;
  const auto ends = text.find_first_not_of("0123456789_.");
  if (ends == std::string_view::npos) return true;
  auto exponent = text.substr(ends);
  if (exponent.front() != 'e' && exponent.front() != 'E') return false;
  exponent.remove_prefix(1);
  if (exponent.starts_with('-') || exponent.starts_with('+')) exponent.remove_prefix(1);
  return is_made_of(exponent, decimal);
}

[[noreturn]] void refuse_number(const Node& node) {
  const std::string& text = node.text;
  const auto digits = without_minus(text);
  if (is_made_of(digits, decimal)) {  // and begins with 0
    const auto first_digit = std::min(text.find_first_not_of("-0"), text.size() - 1);
    throw Wrong{first(text, 40) + " is octal to some programs",
                "write " + first(text.substr(first_digit), 40)};
  }
  if (is_odd_number(text))
    throw Wrong{first(text, 40) + " is not a whole number", "write it with digits only"};
  throw Wrong{to_text(node) + " is not a number"};
}

}  // namespace

bool boolean(const Node& node) {
  const auto word = lower(node.text);
  const bool is_true = word == "true" || word == "yes" || word == "on";
  const bool is_false = word == "false" || word == "no" || word == "off";
  if (!is_true && !is_false) throw Wrong{to_text(node) + " is neither true nor false"};
  if (!node.plain)
    throw Wrong{to_text(node) + " is text, and must be true or false", "remove the quotes"};
  return is_true;
}

std::int64_t integer(const Node& node, const Key& key) {
  const std::string& text = node.text;
  if (!is_whole(text)) refuse_number(node);
  if (!node.plain)
    throw Wrong{to_text(node) + " is text, and must be a number", "remove the quotes"};
  constexpr Range anything;
  const auto least = key.range.min == anything.min ? 0 : key.range.min;
  const auto most = key.range.max == anything.max
                        ? std::int64_t{std::numeric_limits<std::uint32_t>::max()}
                        : key.range.max;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && number >= least && number <= most) return number;
  const auto shown = text.size() <= most_digits ? text : text.substr(0, most_digits) + "…";
  if (least == 1 && most == 4094) throw Wrong{shown + " is not a VLAN id (1 to 4094)"};
  std::string hint;
  if (!key.note.empty()) hint = fmt::format("{}: {}", key.name, in_file_words(key.note));
  throw Wrong{fmt::format("{} is out of range ({} to {})", shown, least, most), std::move(hint)};
}

ProbeType probe_type(const Node& node) {
  static constexpr std::array all = {ProbeType::tcp, ProbeType::arp, ProbeType::command};
  const auto& word = text(node);
  std::vector<std::string_view> words;
  for (const auto type : all) {
    if (to_string(type) == word) return type;
    words.push_back(to_string(type));
  }
  const auto likely = near(first(word, 40), words);
  throw Wrong{"csnet has no type " + quote(word),
              likely.empty() ? fmt::format("use one of: {}", fmt::join(words, ", "))
                             : fmt::format("did you mean '{}'?", likely)};
}

const std::string& text(const Node& node) {
  if (node.text.find('\0') != std::string::npos) throw Wrong{"holds a null character"};
  return node.text;
}

void refuse_address(const Node& node, const Error& error) {
  throw Wrong{quote(node.text) + " " + error.message(), error.hint()};
}

}  // namespace csnet::network_file
