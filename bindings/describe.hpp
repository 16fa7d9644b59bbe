#pragma once

#include <csnet/fields.hpp>

#include <pybind11/pybind11.h>

#include <span>
#include <string>
#include <string_view>

/// The parts of the value classes that do not depend on their types: docstrings, errors, pickling.
namespace csnet::python {

/// A property's docstring: its type, note, range and NetworkManager's name.
std::string describe_field(std::string_view type, std::string_view note, Range range,
                           std::string_view property);

/// Throws TypeError for the first keyword that is not a field: "… got an unexpected keyword
/// argument 'sttp'; did you mean 'stp'?"
[[noreturn]] void refuse_unknown(std::string_view function,
                                 std::span<const std::string_view> fields,
                                 const pybind11::kwargs& given);

/// Throws TypeError when there are any: nobody could tell the meaning of a third positional
/// address.
void refuse_positional(std::string_view function, const pybind11::args& given);

/// The result of __reduce__: functools.partial(cls, **fields), and the empty tuple to call it with.
/// It has only the names of the class and of the mentioned fields, so that another version of csnet
/// can read it.
pybind11::tuple reduce_to_call(const pybind11::object& cls, const pybind11::dict& fields);

}  // namespace csnet::python
