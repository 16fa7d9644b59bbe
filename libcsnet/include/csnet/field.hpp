#pragma once

#include <csnet/api.hpp>

#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

/// The types of the tables of fields; the tables themselves are in fields.hpp.
namespace csnet::inline CSNET_ABI {

/// The range of a number, both ends included.
struct Range {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// NetworkManager's default of a field: none, a number or a boolean, or a word.
using Standard = std::variant<std::monostate, std::int64_t, std::string_view>;

template <class T, class Member>
struct Field {
  std::string_view name;
  Member T::*member;
  /// NetworkManager's property, "bridge.forward-delay"; empty when there is none.
  std::string_view property;
  std::string_view note;  ///< Unit, default, meaning: the field's docstring in Python.
  Range range = {};
  Standard standard = {};
};
template <class T, class Member>
Field(std::string_view, Member T::*, std::string_view, std::string_view, Range = {}, Standard = {})
    -> Field<T, Member>;

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
