#include "bind_value.hpp"

#include <csnet/finding.hpp>
#include <csnet/validate.hpp>

namespace csnet::python {

void bind_finding(py::module_& module) {
  bind_value<Finding>(
      module,
      "One result of a check. An immutable value: equal by its fields, hashable.\n\n"
      "`severity` left out is Severity.error. str(finding) is \"SUBJECT: FIELD: MESSAGE\".")
      .def(
          "__str__", [](const Finding& finding) { return to_python(to_text(finding)); },
          "__str__(self)\n--\n\n\"SUBJECT: FIELD: MESSAGE\".");
  module.def(
      "validate",
      [](const py::object& what) {
        if (py::isinstance<ManagementNetwork>(what))
          return to_python(validate(what.cast<const ManagementNetwork&>()));
        if (py::isinstance<Facts>(what)) return to_python(validate(what.cast<const Facts&>()));
        return to_python(validate(request_of(what, {.name = "validate"})));
      },
      "validate(what, /)\n--\n\n"
      "Every problem of a HostState, a Request, a ManagementNetwork or Facts, as a tuple\n"
      "of Finding in the order of the profiles.\n\n"
      "The tuple is empty when there is none. Pure: needs no daemon, raises nothing for\n"
      "a wrong value; thread-safe. Each profile is checked alone, then the relations\n"
      "between profiles; profiles outside the state are assumed to be right. A\n"
      "ManagementNetwork is checked together with the profiles that it makes, and for\n"
      "CloudStack's limits on names; `field` is then one of its own. Of Facts, bridges\n"
      "with several uplinks are found.");
  module.def(
      "_finding_kinds",
      [] {
        py::list all;
        for (const auto& [id, meaning] : finding_kinds()) all.append(py::make_tuple(id, meaning));
        return all;
      },
      "Every id that a finding can have, and its meaning: a page of docs is made from it.");
}

}  // namespace csnet::python
