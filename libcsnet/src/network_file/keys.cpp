#include "contents.hpp"

#include <csnet/error.hpp>
#include <csnet/network_file.hpp>

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace csnet::network_file {
namespace {

/// The name of a key's type: Of<std::vector<Cidr>>::name() is "list[Cidr]".
template <class T>
struct Of {
  static std::string name() { return std::string(type_name<T>); }
};
template <>
struct Of<std::string> {
  static std::string name() { return "str"; }
};
template <>
struct Of<bool> {
  static std::string name() { return "bool"; }
};
template <std::integral T>
struct Of<T> {
  static std::string name() { return "int"; }
};
template <>
struct Of<ProbeType> {
  static std::string name() { return "ProbeType"; }
};
template <>
struct Of<MacAddress> {
  static std::string name() { return "MacAddress"; }
};
template <>
struct Of<IpAddress> {
  static std::string name() { return "IpAddress"; }
};
template <>
struct Of<Cidr> {
  static std::string name() { return "Cidr"; }
};
template <>
struct Of<Route> {
  static std::string name() { return "Route"; }
};
template <class T>
struct Of<std::optional<T>> : Of<T> {};
template <class T>
struct Of<std::vector<T>> {
  static std::string name() { return fmt::format("list[{}]", Of<T>::name()); }
};
template <class K, class T>
struct Of<std::map<K, T>> {
  static std::string name() { return fmt::format("dict[{}, {}]", Of<K>::name(), Of<T>::name()); }
};
template <class First, class... T>
struct Of<std::variant<First, T...>> {
  static std::string name() {
    std::string text = Of<First>::name();
    ((text += " | " + Of<T>::name()), ...);
    return text;
  }
};

template <>
struct Of<Profile> : Of<Profile::Types> {};

template <class T>
std::vector<FileKey> keys() {
  std::vector<FileKey> found;
  for_each_key<T>(
      [&]<class Owner, class Member, class Codec>(const Field<Owner, Member, Codec>& field) {
        found.push_back({field.name, Of<Member>::name(), in_file_words(note_of(field)),
                         field.property, field.range, field.standard, field.traits.words});
      });
  return found;
}

template <class... T>
std::vector<FileKey> keys_of(std::string_view mapping) {
  std::vector<FileKey> found;
  const bool is_known = ((mapping == type_name<T> && (found = keys<T>(), true)) || ...);
  if (!is_known) {
    throw Error(ErrorKind::invalid, fmt::format("'{}'", mapping),
                "is not a mapping of the network file", "name a class: BridgeProfile");
  }
  return found;
}

bool is_of_word(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

/// Replaces the word, but not as a part of other words.
void replace_word(std::string& text, std::string_view word, std::string_view by) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
    const auto end = at + word.size();
    const bool is_alone =
        (at == 0 || !is_of_word(text[at - 1])) && (end == text.size() || !is_of_word(text[end]));
    if (is_alone) text.replace(at, word.size(), by);
    at += is_alone ? by.size() : word.size();
  }
}

}  // namespace

std::string in_file_words(std::string_view note) {
  static constexpr auto words = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"None", "left out"},
       {"True", "true"},
       {"False", "false"},
       {"BridgePort", "{type: bridge, …}"},
       {"BondPort", "{type: bond, …}"}});
  std::string text(note);
  for (const auto& [word, by] : words) replace_word(text, word, by);
  // The file needs no quotes around a word.
  std::string bare;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto end = text.find_first_of("' ", at + 1);
    if (text[at] == '\'' && end != std::string::npos && end > at + 1 && text[end] == '\'') {
      bare.append(text, at + 1, end - at - 1);
      at = end;
    } else {
      bare += text[at];
    }
  }
  return bare;
}

}  // namespace csnet::network_file

namespace csnet::inline CSNET_ABI {

std::vector<FileKey> file_keys(std::string_view mapping) {
  using namespace network_file;
  return keys_of<Contents, Management, Uplink, BridgeProfile, VlanProfile, BondProfile,
                 EthernetProfile, BridgePort, BondPort, Ip4Config, Ip6Config, Probe>(mapping);
}

}  // namespace csnet::inline CSNET_ABI
