#pragma once

#include <string>
#include <utility>

namespace csnet::model {

#ifdef CSNET_PSEUDO_LOCALE
/// In the build of the preset `pseudo`, each Latin letter of a text for people becomes a Cyrillic
/// one, so that code that reads such a text fails (rule R19). tests/pseudo_locale.py reverses it.
inline std::string for_people(std::string text) {
  std::string out;
  for (const char c : text) {
    const bool is_small = c >= 'a' && c <= 'z';
    if (!is_small && (c < 'A' || c > 'Z')) {
      out += c;
      continue;
    }
    const unsigned code = is_small ? 0x430U + static_cast<unsigned>(c - 'a')
                                   : 0x410U + static_cast<unsigned>(c - 'A');
    out += static_cast<char>(0xC0U | code >> 6U);
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
  return out;
}
#else
/// Marks a text that no code may read back; returns it unchanged.
inline std::string for_people(std::string text) { return text; }
#endif

}  // namespace csnet::model
