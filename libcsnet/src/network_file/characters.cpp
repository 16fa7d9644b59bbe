#include "characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cwchar>
#include <string>
#include <string_view>
#include <utility>

#include <locale.h>  // NOLINT(modernize-deprecated-headers): newlocale() is POSIX's

namespace csnet::network_file {
namespace {

constexpr std::size_t longest = 60;

/// The length of the UTF-8 sequence that begins with a byte, and the range of its second byte. 0:
/// no sequence begins with it.
struct Lead {
  std::size_t length = 0;
  unsigned char least = 0x80;
  unsigned char most = 0xBF;
};

Lead lead(unsigned char byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {0};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {.length = 3, .least = 0xA0};
  if (byte == 0xED) return {.length = 3, .most = 0x9F};  // no surrogates
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {.length = 4, .least = 0x90};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {.length = 4, .most = 0x8F};
  return {0};
}

void append(std::string& to, char32_t character) {
  const auto tail = [&](unsigned shift) {
    to += static_cast<char>(0x80U | ((character >> shift) & 0x3FU));
  };
  if (character < 0x80) {
    to += static_cast<char>(character);
  } else if (character < 0x800) {
    to += static_cast<char>(0xC0U | (character >> 6U));
    tail(0);
  } else if (character < 0x10000) {
    to += static_cast<char>(0xE0U | (character >> 12U));
    tail(6);
    tail(0);
  } else {
    to += static_cast<char>(0xF0U | (character >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string escape(char32_t character) {
  const auto code = static_cast<std::uint32_t>(character);
  if (character == '\t') return "\\t";
  if (character == '\n') return "\\n";
  if (character == '\r') return "\\r";
  if (code < 0x100) return fmt::format("\\x{:02x}", code);
  if (code < 0x10000) return fmt::format("\\u{:04x}", code);
  return fmt::format("\\U{:08x}", code);
}

/// A text for messages, without quotes; "…" shows where it was cut.
std::string short_text(std::string_view text) {
  std::u32string shown;
  // A character has at most four bytes.
  const auto some = decode(text.substr(0, 4 * (longest + 1))).text;
  for (const char32_t character : std::u32string_view(some).substr(0, longest + 1)) {
    if (is_printable(character)) {
      shown += character;
    } else {
      for (const char each : escape(character)) shown += static_cast<char32_t>(each);
    }
  }
  if (shown.size() <= longest) return encode(shown);
  return encode(shown.substr(0, longest)) + "…";
}

}  // namespace

Decoded decode(std::string_view bytes) {
  Decoded found;
  found.text.reserve(bytes.size());
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    const auto [length, least, most] = lead(byte);
    // The bits of the first byte that count: 7, 5, 4 or 3.
    char32_t character = length < 2 ? byte : byte & (0x7FU >> length);
    std::size_t taken = 1;
    while (taken < length && at + taken < bytes.size()) {
      const auto next = static_cast<unsigned char>(bytes[at + taken]);
      if (next < (taken == 1 ? least : 0x80) || next > (taken == 1 ? most : 0xBF)) break;
      character = (character << 6U) | (next & 0x3FU);
      ++taken;
    }
    if (taken != length) {
      if (!found.wrong_byte) {
        found.wrong_byte = at;
        found.wrong_character = found.text.size();
      }
      character = 0xFFFD;
    }
    found.text += character;
    at += taken;
  }
  return found;
}

std::string encode(std::u32string_view text) {
  std::string made;
  made.reserve(text.size());
  for (const char32_t character : text) append(made, character);
  return made;
}

std::string first(std::string_view text, std::size_t characters) {
  const auto some = decode(text.substr(0, 4 * characters)).text;
  return encode(std::u32string_view(some).substr(0, characters));
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& each : made) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  }
  return made;
}

bool is_space(char32_t character) noexcept {
  return (character >= 0x09 && character <= 0x0D) || (character >= 0x1C && character <= 0x20) ||
         character == 0x85 || character == 0xA0 || character == 0x1680 ||
         (character >= 0x2000 && character <= 0x200A) || character == 0x2028 ||
         character == 0x2029 || character == 0x202F || character == 0x205F || character == 0x3000;
}

bool is_blank(std::u32string_view text) noexcept { return std::ranges::all_of(text, is_space); }

bool is_printable(char32_t character) noexcept {
  // Unicode's categories Cc, Cf, Cs, Co, Zs, Zl and Zp.
  static constexpr auto hidden = std::to_array<std::pair<char32_t, char32_t>>({
      {0x0, 0x1F},        {0x7F, 0xA0},        {0xAD, 0xAD},       {0x600, 0x605},
      {0x61C, 0x61C},     {0x6DD, 0x6DD},      {0x70F, 0x70F},     {0x890, 0x891},
      {0x8E2, 0x8E2},     {0x1680, 0x1680},    {0x180E, 0x180E},   {0x2000, 0x200F},
      {0x2028, 0x202F},   {0x205F, 0x206F},    {0x3000, 0x3000},   {0xD800, 0xF8FF},
      {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFB},    {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD},
      {0x110CD, 0x110CD}, {0x13430, 0x1343F},  {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
      {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF},
  });
  return std::ranges::none_of(hidden, [&](const auto& range) {
    return character >= range.first && character <= range.second;
  });
}

std::size_t width(std::u32string_view text) {
  // glibc knows how wide a character is, and whether it combines with the one before it, but only
  // in this locale. Without the locale each character takes one column.
  const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (unicode == nullptr) return text.size();
  const locale_t before = uselocale(unicode);
  std::size_t columns = 0;
  for (const char32_t character : text) {
    const int one = wcwidth(static_cast<wchar_t>(character));
    columns += one < 0 ? 1 : static_cast<std::size_t>(one);
  }
  uselocale(before);
  freelocale(unicode);
  return columns;
}

std::string quote(std::string_view text) { return fmt::format("'{}'", short_text(text)); }

std::string join(std::string_view path, std::string_view key) {
  const auto name = key.empty() ? "''" : short_text(key);
  return path.empty() ? name : fmt::format("{}.{}", path, name);
}

}  // namespace csnet::network_file
