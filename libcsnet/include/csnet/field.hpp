#pragma once

#include <csnet/api.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

/// The types of the tables of fields; the tables themselves are in profile_fields.hpp and fields.hpp.
namespace csnet::inline CSNET_ABI {

/// The range of a number, both ends included.
struct Range {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// NetworkManager's default of a field: none, a number or a boolean, or a word.
using Standard = std::variant<std::monostate, std::int64_t, std::string_view>;

/// Further columns of a field's row.
struct FieldTraits {
  std::string_view noun = {};  ///< A value in messages: "VLAN id"; empty: messages name the field.
  std::span<const std::string_view> words = {};  ///< The only values that are right; empty: any.
  bool reappliable = false;  ///< Device.Reapply (NetworkManager 1.42) changes an active interface.
};

/// How NetworkManager keeps a field's value. Each is a type, and converts a few types of values, so that a field that
/// is kept in another way does not compile without a codec of its own.
namespace codec {
struct Property {};  ///< A property of the setting: a text, a number, a boolean or a list of texts.
struct Addresses {};
struct Routes {};
struct IngressPriorities {};
struct EgressPriorities {};
struct BondMode {};     ///< The option "mode" of bond.options.
struct BondOptions {};  ///< The other options.
struct Coalesce {};     ///< The options "coalesce-…" of the setting ethtool.
}  // namespace codec

template <class T, class Member, class Codec = codec::Property>
struct Field {
  std::string_view name;
  Member T::*member;
  /// NetworkManager's property, "bridge.forward-delay"; empty when there is none.
  std::string_view property;
  /// Unit, default, meaning: the field's docstring in Python. Empty: `traits.words` say it.
  std::string_view note;
  Range range = {};
  Standard standard = {};
  FieldTraits traits = {};
  [[no_unique_address]] Codec codec = {};
};
template <class T, class Member, class Codec = codec::Property>
Field(std::string_view, Member T::*, std::string_view, std::string_view, Range = {}, Standard = {},
      FieldTraits = {}, Codec = {}) -> Field<T, Member, Codec>;

/// "auto (the default), manual or disabled": the right words of a field.
CSNET_API std::string words_text(std::span<const std::string_view> words, const Standard& standard);

/// The note of a field's row; of a field with `words`, these.
template <class Row>
std::string note_of(const Row& field) {
  return field.note.empty() ? words_text(field.traits.words, field.standard)
                            : std::string(field.note);
}

/// The class's name, as it is in C++ and in Python.
template <class T>
inline constexpr std::string_view type_name = {};

/// A std::tuple of Field<T, …>, in the order of the constructor's arguments.
template <class T>
inline constexpr std::tuple<> fields = {};

template <class T>
concept has_fields = !type_name<T>.empty();

/// Calls visit(field) for each Field of T.
template <has_fields T, class Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, fields<T>);
}

}  // namespace csnet::inline CSNET_ABI
