#pragma once

#include <csnet/csnet.hpp>
#include <csnet/fields.hpp>
#include <csnet/print.hpp>
#include <csnet/transaction.hpp>

#include <pybind11/pybind11.h>

#include <chrono>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Python's objects to csnet's values and back.
///
/// pybind's own casters are not used for that: they take True for 1, and when nothing fits they
/// print every signature instead of the name of the field that is wrong.
namespace csnet::python {

namespace py = pybind11;

/// Where a value stands, for messages: "Ip4Config.addresses[1]". Lives on the stack; read only when
/// something is wrong.
struct Where {
  std::string_view name{};
  const Where* outer = nullptr;
  Range range{};
  py::handle key{};  ///< of an element; has no name then

  [[nodiscard]] std::string text() const;
};

/// Throws TypeError: "BridgeProfile.stp: 'yes' is not a bool". `wanted` is a noun or a type().
[[noreturn]] void refuse(const Where& where, py::handle value, std::string_view wanted);

/// Python's repr(), cut where it would flood a message.
std::string shown(py::handle value);

/// Reads an int (or what has __index__), never a bool.
/// @throws Error (invalid) when it lies outside of what the member holds
std::int64_t integer(py::handle value, const Where& where, Range holds);

std::string string(py::handle value, const Where& where);

/// The text of a str, or of an object of the module ipaddress that stands for a T.
template <class T>
std::string address_text(py::handle value, const Where& where);

/// Rethrows what an address says about its text, with the field's name before it.
[[noreturn]] void rethrow(const Error& error, const Where& where);

/// Seconds (int, float) or datetime.timedelta.
/// @throws Error (invalid) unless it is positive and its milliseconds fit an int (24 days)
std::chrono::milliseconds duration(py::handle value, const Where& where);

/// type() is what documentation calls it, from() reads Python, to() makes Python.
template <class T>
struct Converter;

template <class T>
using ConverterOf = Converter<std::remove_cvref_t<T>>;

template <class T>
T from_python(py::handle value, const Where& where) {
  return Converter<T>::from(value, where);
}

template <class T>
py::object to_python(const T& value) {
  return Converter<T>::to(value);
}

template <>
struct Converter<bool> {
  static std::string type() { return "bool"; }
  static bool from(py::handle value, const Where& where) {
    if (!PyBool_Check(value.ptr())) refuse(where, value, type());
    return value.ptr() == Py_True;
  }
  static py::object to(bool value) { return py::bool_(value); }
};

template <std::integral T>
struct Converter<T> {
  static std::string type() { return "int"; }
  static T from(py::handle value, const Where& where) {
    using Limits = std::numeric_limits<T>;
    return static_cast<T>(integer(value, where, {Limits::min(), Limits::max()}));
  }
  static py::object to(T value) { return py::int_(value); }
};

template <>
struct Converter<std::string> {
  static std::string type() { return "str"; }
  static std::string from(py::handle value, const Where& where) { return string(value, where); }
  static py::object to(const std::string& value) { return py::str(value); }
};

/// An enumeration that Python knows by the same words: csnet._enums has its class.
template <class T>
struct EnumConverter {
  static std::string type();
  static T from(py::handle value, const Where& where);
  /// From a str.
  static T from_word(py::handle value, const Where& where);
  static py::object to(T value);
};
template <>
struct Converter<Severity> : EnumConverter<Severity> {};
template <>
struct Converter<Action> : EnumConverter<Action> {};
template <>
struct Converter<ProgressPhase> : EnumConverter<ProgressPhase> {};
template <>
struct Converter<ProgressAction> : EnumConverter<ProgressAction> {};
template <>
struct Converter<ProgressOutcome> : EnumConverter<ProgressOutcome> {};
template <>
struct Converter<TransactionState> : EnumConverter<TransactionState> {};
template <>
struct Converter<LacpState> : EnumConverter<LacpState> {};
template <>
struct Converter<ProbeType> : EnumConverter<ProbeType> {};

/// Seconds, as a float.
template <>
struct Converter<std::chrono::milliseconds> {
  static std::string type() { return "float"; }
  static std::chrono::milliseconds from(py::handle value, const Where& where);
  static py::object to(std::chrono::milliseconds value);
};

template <class T>
concept address = std::same_as<T, MacAddress> || std::same_as<T, IpAddress> ||
    std::same_as<T, Cidr> || std::same_as<T, Route>;

/// The class's name in Python.
template <class T>
constexpr std::string_view class_name() {
  if constexpr (std::same_as<T, MacAddress>) return "MacAddress";
  if constexpr (std::same_as<T, IpAddress>) return "IpAddress";
  if constexpr (std::same_as<T, Cidr>) return "Cidr";
  if constexpr (std::same_as<T, Route>) return "Route";
  return type_name<T>;
}

template <address T>
struct Converter<T> {
  static std::string type() { return std::string{class_name<T>()}; }
  static T from(py::handle value, const Where& where) {
    if (py::isinstance<T>(value)) return value.cast<const T&>();
    const std::string text = address_text<T>(value, where);
    try {
      return T{text};
    } catch (const Error& error) {
      rethrow(error, where);
    }
  }
  static py::object to(const T& value) { return py::cast(value); }
};

template <has_fields T>
struct Converter<T> {
  static std::string type() { return std::string{type_name<T>}; }
  static T from(py::handle value, const Where& where) {
    if (!py::isinstance<T>(value)) refuse(where, value, type());
    return value.cast<const T&>();
  }
  static py::object to(const T& value) { return py::cast(value); }
};

template <class T>
struct Converter<std::optional<T>> {
  static std::string type() { return Converter<T>::type() + " | None"; }
  static std::optional<T> from(py::handle value, const Where& where) {
    if (value.is_none()) return std::nullopt;
    return from_python<T>(value, where);
  }
  static py::object to(const std::optional<T>& value) {
    return value ? to_python(*value) : py::none();
  }
};

template <class... T>
struct Converter<std::variant<T...>> {
  static std::string type() {
    std::string text;
    ((text += (text.empty() ? "" : " | ") + Converter<T>::type()), ...);
    return text;
  }
  static std::variant<T...> from(py::handle value, const Where& where) {
    std::optional<std::variant<T...>> found;
    ((py::isinstance<T>(value) && (found = value.cast<const T&>(), true)) || ...);
    if (!found) refuse(where, value, type());
    return *std::move(found);
  }
  static py::object to(const std::variant<T...>& value) {
    return std::visit([](const auto& of) { return to_python(of); }, value);
  }
};

template <>
struct Converter<Profile> {
  static std::string type() { return Converter<Profile::Types>::type(); }
  static Profile from(py::handle value, const Where& where) {
    return from_python<Profile::Types>(value, where);
  }
  static py::object to(const Profile& value) {
    return value.visit([](const auto& of) { return to_python(of); });
  }
};

template <>
struct Converter<Item> {
  static std::string type() { return Converter<Profile>::type(); }
  static Item from(py::handle value, const Where& where) {
    return from_python<Profile>(value, where);
  }
  static py::object to(const Item& value) {
    return std::visit([](const auto& of) { return to_python(of); }, value);
  }
};

/// Any iterable, except a str, of which each letter would be taken for an element, and a dict.
py::iterator elements(py::handle value, const Where& where, std::string_view wanted);

template <class T, class Read>
std::vector<T> each_of(py::handle value, const Where& where, Read read) {
  std::vector<T> found;
  py::iterator at = elements(value, where, Converter<std::vector<T>>::type());
  for (; at != py::iterator::sentinel(); ++at) {
    const py::int_ index(found.size());
    found.push_back(read(*at, Where{.outer = &where, .key = index}));
  }
  return found;
}

/// Takes any iterable, gives a tuple: a value's fields do not change.
template <class T>
struct Converter<std::vector<T>> {
  static std::string type() { return "list[" + Converter<T>::type() + "]"; }
  static std::vector<T> from(py::handle value, const Where& where) {
    return each_of<T>(value, where, from_python<T>);
  }
  static py::object to(const std::vector<T>& values) {
    py::tuple made(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) made[i] = to_python(values[i]);
    return made;
  }
};

/// The type of what to_python() gives.
template <class T>
struct TypeOfPython {
  static std::string text() { return Converter<T>::type(); }
};
template <class T>
struct TypeOfPython<std::optional<T>> {
  static std::string text() { return TypeOfPython<T>::text() + " | None"; }
};
template <class T>
struct TypeOfPython<std::vector<T>> {
  static std::string text() { return "tuple[" + Converter<T>::type() + ", ...]"; }
};

/// The number that a text is; what is not a text stays as it is.
py::object number_of(py::handle value, const Where& where);

/// Refuses another word than `wanted`, or no str.
void check_type_word(py::handle value, const Where& where, std::string_view wanted);
bool is_word(py::handle value, std::string_view wanted);

/// The items of a dict, or of what looks like one.
py::list items(py::handle value, const Where& where, std::string_view wanted);

template <class Key, class T>
struct Converter<std::map<Key, T>> {
  static std::string type() {
    return "dict[" + Converter<Key>::type() + ", " + Converter<T>::type() + "]";
  }
  static std::map<Key, T> from(py::handle value, const Where& where) {
    std::map<Key, T> found;
    for (const py::handle item : items(value, where, type())) {
      const py::tuple pair = py::reinterpret_borrow<py::tuple>(item);
      const Where element{.outer = &where, .key = pair[0]};
      found.insert_or_assign(from_python<Key>(pair[0], element), from_python<T>(pair[1], element));
    }
    return found;
  }
  static py::object to(const std::map<Key, T>& values) {
    py::dict dict;
    for (const auto& [key, value] : values) dict[to_python(key)] = to_python(value);
    return dict;
  }
};

/// The request of plan(): a Request, one for a HostState, or the one that a ManagementNetwork makes.
Request request_of(py::handle value, const Where& where);

/// The facts of plan(): Facts, or a HostState alone.
Facts facts_of(py::handle value, const Where& where);

/// The options of plan() and Session.plan().
PlanOptions plan_options(const py::object& prune, const py::object& purge,
                         const py::object& guest_vlans, const Where& where);

}  // namespace csnet::python
