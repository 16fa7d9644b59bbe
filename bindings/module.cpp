#include "bind.hpp"

namespace py = pybind11;

PYBIND11_MODULE(_csnet, module) {
  // The docstrings have signatures in the form that inspect.signature() reads; pybind's own would
  // hide them.
  py::options options;
  options.disable_function_signatures();

  module.doc() = "csnet's C++ part. Use the package csnet, which offers all of it.";
  module.attr("__version__") = CSNET_VERSION;

  csnet::python::bind_error();
  csnet::python::bind_address(module);
  csnet::python::bind_probe(module);
  csnet::python::bind_profile(module);
  csnet::python::bind_finding(module);
  csnet::python::bind_management_network(module);
  csnet::python::bind_network_file(module);
  csnet::python::bind_facts(module);
  csnet::python::bind_render(module);
  csnet::python::bind_plan(module);
  csnet::python::bind_transaction(module);
  csnet::python::bind_session(module);
}
