#pragma once

#include "bind.hpp"
#include "convert.hpp"
#include "describe.hpp"
#include "plain.hpp"

#include <csnet/fields.hpp>
#include <csnet/print.hpp>

#include <fmt/format.h>

#include <array>
#include <string>
#include <tuple>
#include <type_traits>

/// The Python class of a value, from its table in <csnet/fields.hpp>: a new row there is a new
/// keyword, property and docstring here.
namespace csnet::python {

/// Returns `value` with the given fields changed.
template <has_fields T>
T with_fields(T value, std::string_view function, const py::kwargs& given) {
  const Where where{.name = type_name<T>};
  std::size_t known = 0;
  for_each_field<T>([&](const auto& field) {
    const py::str name(field.name.data(), field.name.size());
    if (!given.contains(name)) return;
    ++known;
    using Member = MemberOf<T, decltype(field)>;
    value.*field.member = from_python<Member>(
        given[name], Where{.name = field.name, .outer = &where, .range = field.range});
  });
  if (known != given.size()) refuse_unknown(function, field_names<T>(), given);
  return value;
}

/// The fields that differ from those of a new T.
template <has_fields T>
py::dict mentioned(const T& value) {
  const T unmentioned{};
  py::dict found;
  for_each_field<T>([&](const auto& field) {
    if (value.*field.member == unmentioned.*field.member) return;
    found[py::str(field.name.data(), field.name.size())] = to_python(value.*field.member);
  });
  return found;
}

template <class Member>
inline constexpr bool is_literal =
    !std::is_enum_v<Member> && !has_fields<Member> && !std::is_same_v<Member, Profile> &&
    !std::is_same_v<Member, Item>;

/// "*, name='', …": the constructor's arguments.
template <has_fields T>
std::string arguments() {
  const T value{};
  std::string text = "*";
  for_each_field<T>([&](const auto& field) {
    // A signature in a docstring can have literals only: no enumerator, and no value of a class.
    constexpr bool literal = is_literal<MemberOf<T, decltype(field)>>;
    const std::string standard =
        literal ? std::string{py::repr(to_python(value.*field.member))} : "...";
    text += fmt::format(", {}={}", field.name, standard);
  });
  return text;
}

/// @param doc must outlive only the call
template <has_fields T>
py::class_<T> bind_value(py::module_& module, const char* doc) {
  const std::string name{type_name<T>};
  py::class_<T> cls(module, name.c_str(), py::is_final(), plain_type(),
                    fmt::format("{}({})\n--\n\n{}", name, arguments<T>(), doc).c_str());
  cls.attr("__module__") = kPackage;

  py::list names;
  for (const auto field : field_names<T>()) names.append(py::str(field.data(), field.size()));
  cls.attr("__match_args__") = py::tuple(names);

  cls.def(
      py::init([](const py::args& args, const py::kwargs& given) {
        refuse_positional(type_name<T>, args);
        return with_fields(T{}, type_name<T>, given);
      }),
      fmt::format("__init__(self, {})\n--\n\n"
                  "All arguments are keywords; each field's meaning is its property's docstring.",
                  arguments<T>())
          .c_str());

  const auto replace = [](const T& self, const py::kwargs& given) {
    return with_fields(self, fmt::format("{}.replace", type_name<T>), given);
  };
  cls.def("replace", replace,
          "replace(self, **fields)\n--\n\n"
          "A copy with these fields changed; None removes an optional field.\n\n"
          "Takes the constructor's arguments, and raises its errors.");
  cls.def("__replace__", replace,
          "__replace__(self, **fields)\n--\n\n"
          "For copy.replace() of Python 3.13; the same as replace().");

  for_each_field<T>([&](const auto& field) {
    const auto member = field.member;
    using Member = MemberOf<T, decltype(field)>;
    cls.def_property_readonly(
        std::string{field.name}.c_str(),
        [member](const T& self) { return to_python(self.*member); },
        describe_field(TypeOfPython<Member>::text(), note_of(field), field.range, field.property)
            .c_str());
  });

  cls.def(
      "__repr__", [](const T& self) { return to_string(self); },
      "__repr__(self)\n--\n\n"
      "The expression that makes it, without fields that are not mentioned.");
  cls.def(
      "__eq__",
      [](const T& self, py::handle other) -> py::object {
        if (!py::isinstance<T>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
        return py::bool_(self == other.cast<const T&>());
      },
      "__eq__(self, other, /)\n--\n\nEqual when every field is equal.");
  // Equal values print the same, so the hash of their text is right, and needs no second visit of
  // the fields.
  cls.def(
      "__hash__", [](const T& self) { return py::hash(py::str(to_string(self))); },
      "__hash__(self)\n--\n\nEqual values have the same hash.");
  cls.def(
      "__reduce__",
      [](const py::object& self) {
        return reduce_to_call(py::type::of(self), mentioned(self.cast<const T&>()));
      },
      "__reduce__(self)\n--\n\n"
      "For pickle and copy: the class and its mentioned fields, readable by other\n"
      "versions.");
  def_dict(cls);
  return cls;
}

}  // namespace csnet::python
