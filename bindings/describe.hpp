#pragma once

#include <csnet/fields.hpp>

#include <pybind11/pybind11.h>

#include <span>
#include <string>
#include <string_view>

/// What the value classes say about themselves, and what does not depend on their types.
namespace csnet::python {

/// A property's docstring: type, note, range, NetworkManager's name of it.
std::string describe_field(std::string_view type, std::string_view note, Range range,
                           std::string_view property);

/// Throws TypeError for the first keyword that is no field: "… got an unexpected keyword argument
/// 'sttp'; did you mean 'stp'?"
[[noreturn]] void refuse_unknown(std::string_view function,
                                 std::span<const std::string_view> fields,
                                 const pybind11::kwargs& given);

/// Throws TypeError when there are any: a third positional address would be a guessing game.
void refuse_positional(std::string_view function, const pybind11::args& given);

/// What __reduce__ returns: functools.partial(cls, **fields), and the empty tuple to call it with.
/// Of csnet it holds nothing but the names of the class and of the fields that are mentioned, so
/// that another version can read it.
pybind11::tuple reduce_to_call(const pybind11::object& cls, const pybind11::dict& fields);

}  // namespace csnet::python
