#pragma once

#include "convert.hpp"
#include "describe.hpp"

#include <csnet/fields.hpp>

#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

/// to_dict() and from_dict(): a value as dict, list, str, int, float, bool and None, for
/// json.dumps().
namespace csnet::python {

template <has_fields T, class Field>
using MemberOf = std::remove_cvref_t<decltype(std::declval<T>().*std::declval<Field>().member)>;

template <has_fields T>
constexpr auto field_names() {
  return std::apply([](const auto&... field) { return std::array{field.name...}; }, fields<T>);
}

/// The key "type" of a profile's or a port's dict; empty for all other values.
template <class T>
inline constexpr std::string_view type_word = {};
template <has_fields T>
requires std::constructible_from<Profile, T>
inline constexpr std::string_view type_word<T> = T::type;
template <>
inline constexpr std::string_view type_word<BridgePort> = "bridge";
template <>
inline constexpr std::string_view type_word<BondPort> = "bond";

/// Whether a dict has all fields: that of an observation or a result has; that of a wanted value
/// has only the fields that it mentions.
template <class T>
inline constexpr bool has_all_fields =
    std::same_as<T, Facts> || std::same_as<T, Device> || std::same_as<T, Link> ||
    std::same_as<T, Finding> || std::same_as<T, Change> || std::same_as<T, Step> ||
    std::same_as<T, Plan> || std::same_as<T, Progress> || std::same_as<T, Report> ||
    std::same_as<T, Transaction>;

/// One specialization for each form that a value has in a dict.
template <class T>
struct Plain {
  static py::object to(const T& value) { return to_python(value); }
  static T from(py::handle value, const Where& where) { return from_python<T>(value, where); }
};

template <address T>
struct Plain<T> {
  static py::object to(const T& value) { return py::str(value.to_string()); }
  static T from(py::handle value, const Where& where) { return from_python<T>(value, where); }
};

template <class T>
requires std::is_enum_v<T>
struct Plain<T> {
  static py::object to(T value) {
    const std::string_view word = to_string(value);
    return py::str(word.data(), word.size());
  }
  static T from(py::handle value, const Where& where) {
    return Converter<T>::from_word(value, where);
  }
};

template <class T>
struct Plain<std::optional<T>> {
  static py::object to(const std::optional<T>& value) {
    return value ? Plain<T>::to(*value) : py::none();
  }
  static std::optional<T> from(py::handle value, const Where& where) {
    if (value.is_none()) return std::nullopt;
    return Plain<T>::from(value, where);
  }
};

template <class T>
struct Plain<std::vector<T>> {
  static py::object to(const std::vector<T>& values) {
    py::list list;
    for (const auto& value : values) list.append(Plain<T>::to(value));
    return list;
  }
  static std::vector<T> from(py::handle value, const Where& where) {
    return each_of<T>(value, where, Plain<T>::from);
  }
};

/// The keys of JSON are text: a number in a text is read, too.
template <std::integral Key, class T>
struct Plain<std::map<Key, T>> {
  static py::object to(const std::map<Key, T>& values) { return to_python(values); }
  static std::map<Key, T> from(py::handle value, const Where& where) {
    py::dict numbered;
    for (const py::handle item : items(value, where, "dict")) {
      const py::tuple pair = py::reinterpret_borrow<py::tuple>(item);
      numbered[number_of(pair[0], where)] = pair[1];
    }
    return from_python<std::map<Key, T>>(numbered, where);
  }
};

template <has_fields T>
struct Plain<T> {
  static py::object to(const T& value) {
    py::dict found;
    if constexpr (!type_word<T>.empty())
      found["type"] = py::str(type_word<T>.data(), type_word<T>.size());
    const T unmentioned{};
    for_each_field<T>([&](const auto& field) {
      using Member = MemberOf<T, decltype(field)>;
      constexpr bool always = has_all_fields<T> || std::is_enum_v<Member>;
      if (!always && value.*field.member == unmentioned.*field.member) return;
      found[py::str(field.name.data(), field.name.size())] = Plain<Member>::to(value.*field.member);
    });
    return found;
  }
  static T from(py::handle value, const Where& where) {
    if (!PyDict_Check(value.ptr())) refuse(where, value, "dict");
    const auto given = py::reinterpret_steal<py::dict>(PyDict_Copy(value.ptr()));
    if constexpr (!type_word<T>.empty()) {
      if (given.contains("type")) {
        check_type_word(given["type"], Where{.name = "type", .outer = &where}, type_word<T>);
        PyDict_DelItemString(given.ptr(), "type");
      }
    }
    T made;
    std::size_t known = 0;
    for_each_field<T>([&](const auto& field) {
      const py::str name(field.name.data(), field.name.size());
      if (!given.contains(name)) return;
      ++known;
      made.*field.member = Plain<MemberOf<T, decltype(field)>>::from(
          given[name], Where{.name = field.name, .outer = &where, .range = field.range});
    });
    if (known != given.size())
      refuse_unknown(std::string(type_name<T>) + ".from_dict", field_names<T>(),
                     py::reinterpret_borrow<py::kwargs>(given));
    return made;
  }
};

/// A port or a profile, by its "type".
template <class... T>
struct Plain<std::variant<T...>> {
  static py::object to(const std::variant<T...>& value) {
    return std::visit([]<class Of>(const Of& of) { return Plain<Of>::to(of); }, value);
  }
  static std::variant<T...> from(py::handle value, const Where& where) {
    if (!PyDict_Check(value.ptr())) refuse(where, value, "dict");
    const auto given = py::reinterpret_borrow<py::dict>(value);
    const py::object word = given.contains("type") ? py::object(given["type"]) : py::none();
    std::optional<std::variant<T...>> found;
    ((is_word(word, type_word<T>) && (found = Plain<T>::from(value, where), true)) || ...);
    if (found) return *std::move(found);
    std::string known;
    ((known += (known.empty() ? "" : " | ") + std::string(type_word<T>)), ...);
    refuse(Where{.name = "type", .outer = &where}, word, known);
  }
};

template <>
struct Plain<Profile> {
  static py::object to(const Profile& value) {
    return value.visit([]<class P>(const P& of) { return Plain<P>::to(of); });
  }
  static Profile from(py::handle value, const Where& where) {
    return Plain<Profile::Types>::from(value, where);
  }
};

template <>
struct Plain<Item> {
  static py::object to(const Item& value) {
    return std::visit([]<class Of>(const Of& of) { return Plain<Of>::to(of); }, value);
  }
  static Item from(py::handle value, const Where& where) {
    return Plain<Profile>::from(value, where);
  }
};

/// Adds to_dict() and from_dict().
template <has_fields T>
void def_dict(py::class_<T>& cls) {
  cls.def(
      "to_dict", [](const T& self) { return Plain<T>::to(self); },
      has_all_fields<T>
          ? "to_dict(self)\n--\n\n"
            "A dict of all fields, which json.dumps() accepts and from_dict() reads:\n"
            "addresses are text, enumerators their names, values dicts."
          : "to_dict(self)\n--\n\n"
            "A dict of the mentioned fields, which json.dumps() accepts and from_dict()\n"
            "reads: addresses are text, enumerators their names, values dicts.");
  const py::cpp_function make(
      [](const py::handle& /*class*/, const py::object& value) {
        return Plain<T>::from(value, {.name = type_name<T>});
      },
      py::name("from_dict"), py::scope(cls),
      "from_dict(cls, value, /)\n--\n\n"
      "The value from a dict of to_dict(); a missing field gets its default.\n\n"
      "Raises the constructor's errors.");
  cls.attr("from_dict") = py::reinterpret_steal<py::object>(PyClassMethod_New(make.ptr()));
}

}  // namespace csnet::python
