#include "bind_value.hpp"

#include <csnet/transaction.hpp>

namespace csnet::python {

void bind_transaction(py::module_& module) {
  auto progress = bind_value<Progress>(
      module,
      "One part of a transaction, reported when it begins and again when it ends.\n\n"
      "`start` and `duration` are seconds; `str()` names the part, \"activate vlan\n"
      "'eth0.100'\". An immutable value: equal by its fields, hashable.");
  progress.def(
      "__str__", [](const Progress& self) { return to_text(self); },
      "__str__(self)\n--\n\nFor people: \"probe tcp 192.168.100.2:8250, before\".");
  bind_value<Report>(module,
                     "The result of Session.apply(), commit(), rollback() and recover().\n\n"
                     "An immutable value: equal by its fields, hashable.")
      .def(
          "__str__", [](const Report& self) { return to_text(self); },
          "__str__(self)\n--\n\n"
          "For people: whether the transaction is committed, and a line for each part.");
  bind_value<Transaction>(
      module,
      "An open transaction. An immutable value: equal by its fields, hashable.\n\n"
      "`left`: seconds until NetworkManager rolls back.");
}

}  // namespace csnet::python
