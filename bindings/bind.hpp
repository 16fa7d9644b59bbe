#pragma once

#include <pybind11/pybind11.h>

/// One function for each public header; each adds its classes and functions to the module
/// `csnet._csnet`.
namespace csnet::python {

/// The `__module__` of every class: users, pickles and tracebacks know `csnet`, not the extension
/// inside it.
inline constexpr const char* kPackage = "csnet";

/// The metaclass of every class, instead of pybind's own, which final classes without static
/// properties do not need: type checkers and help() see a class like any other.
inline pybind11::metaclass plain_type() {
  return pybind11::metaclass(reinterpret_cast<PyObject*>(&PyType_Type));
}

void bind_error();
void bind_address(pybind11::module_& module);
void bind_profile(pybind11::module_& module);
void bind_finding(pybind11::module_& module);
void bind_management_network(pybind11::module_& module);
void bind_network_file(pybind11::module_& module);
void bind_facts(pybind11::module_& module);
void bind_render(pybind11::module_& module);
void bind_probe(pybind11::module_& module);
void bind_plan(pybind11::module_& module);
void bind_transaction(pybind11::module_& module);
void bind_session(pybind11::module_& module);

}  // namespace csnet::python
