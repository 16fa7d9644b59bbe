#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Text by its characters (Unicode code points): columns count them, and messages cut between them.
namespace csnet::network_file {

/// UTF-8 as characters; a sequence that is not UTF-8 becomes U+FFFD.
struct Decoded {
  std::u32string text{};
  std::optional<std::size_t> wrong_byte{};  ///< The index of the first one that is not UTF-8.
  std::size_t wrong_character = 0;          ///< The number of characters before it.
};
Decoded decode(std::string_view bytes);

std::string encode(std::u32string_view text);

/// The first characters of a text that is UTF-8.
std::string first(std::string_view text, std::size_t characters);

/// The text with 'A' to 'Z' as small letters.
std::string lower(std::string_view text);

/// White space, line breaks included.
bool is_space(char32_t character) noexcept;
bool is_blank(std::u32string_view text) noexcept;

/// Whether a terminal prints it without side effects: false for controls, formats, and spaces other
/// than ' '.
bool is_printable(char32_t character) noexcept;

/// The columns of a terminal that these characters take.
std::size_t width(std::u32string_view text);

/// A piece of the file in a message: in quotes, short, and in one line.
std::string quote(std::string_view text);

/// The path of a key: "profiles[0].ipv4". Short, and in one line.
std::string join(std::string_view path, std::string_view key);

}  // namespace csnet::network_file
