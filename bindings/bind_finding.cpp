#include "bind_value.hpp"

#include <csnet/finding.hpp>
#include <csnet/validate.hpp>

namespace csnet::python {

void bind_finding(py::module_& module) {
  bind_value<Finding>(
      module,
      "One thing that a check saw. An immutable value: equal by its fields, hashable.\n\n"
      "`severity` left out is Severity.error. str(finding) is \"SUBJECT: FIELD: MESSAGE\".")
      .def(
          "__str__", [](const Finding& finding) { return to_python(to_text(finding)); },
          "__str__(self)\n--\n\n\"SUBJECT: FIELD: MESSAGE\".");
  module.def(
      "validate",
      [](const py::object& what) {
        if (py::isinstance<ManagementNetwork>(what))
          return to_python(validate(what.cast<const ManagementNetwork&>()));
        return to_python(validate(request_of(what, {.name = "validate"})));
      },
      "validate(what, /)\n--\n\n"
      "Every problem of a HostState, a Request or a ManagementNetwork at once, as a tuple of\n"
      "Finding in its profiles' order.\n\n"
      "An empty tuple: there is none. Pure: asks no daemon, raises nothing for a wrong\n"
      "value; thread-safe. Each profile is checked alone, then what lies between them;\n"
      "profiles that are not in the state are assumed to be right. A ManagementNetwork\n"
      "is checked together with the profiles that it makes, and for CloudStack's own\n"
      "limits on names; `field` is then one of its own.");
  module.def(
      "_finding_kinds",
      [] {
        py::list all;
        for (const auto& [id, meaning] : finding_kinds()) all.append(py::make_tuple(id, meaning));
        return all;
      },
      "Every id that a finding can have, and what it stands for: docs are made from it.");
}

}  // namespace csnet::python
