#include "text.hpp"

#include <system_error>

namespace csnet::host {
namespace {

/// The number of bytes of the first character, or 0 when it is not valid.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  if (first < 0x80) return first < 0x20 || first == 0x7f ? 0 : 1;
  const std::size_t size = first >= 0xc2 && first < 0xe0   ? 2
                           : first >= 0xe0 && first < 0xf0 ? 3
                           : first >= 0xf0 && first < 0xf5 ? 4
                                                           : 0;
  if (size == 0 || size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  }
  const auto second = byte(1);
  // U+0080 to U+009F control terminals, too; the others are overlong, surrogates, or beyond
  // U+10FFFF.
  const bool is_refused = (first == 0xc2 && second < 0xa0) || (first == 0xe0 && second < 0xa0) ||
                          (first == 0xed && second >= 0xa0) || (first == 0xf0 && second < 0x90) ||
                          (first == 0xf4 && second >= 0x90);
  return is_refused ? 0 : size;
}

}  // namespace

std::string kernel_says(int error) {
  auto text = std::generic_category().message(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

std::string one_line(std::string_view text, std::size_t most) {
  constexpr std::string_view white = " \t\r\n\v\f";
  std::string line;
  while (true) {
    const auto begin = text.find_first_not_of(white);
    if (begin == std::string_view::npos) return line;
    if (begin > 0 && !line.empty()) line += ' ';
    text.remove_prefix(begin);
    const auto size = character_size(text);
    if (line.size() + (size == 0 ? 1 : size) > most) return line + "…";
    if (size == 0) {
      line += '?';
    } else {
      line += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
}

}  // namespace csnet::host
