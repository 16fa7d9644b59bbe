#include "bind_value.hpp"

#include <csnet/transaction.hpp>

namespace csnet::python {

void bind_transaction(py::module_& module) {
  bind_value<Progress>(
      module,
      "A step, probe or check of a transaction: when it begins `outcome` is '', and "
      "when it ends\nit is done, failed, undone or skipped. Times are in seconds.\n\n"
      "An immutable value: equal by its fields, hashable.");
  bind_value<Report>(
      module,
      "What Session.apply(), commit() or rollback() did. An immutable value: equal by "
      "its fields,\nhashable.");
  bind_value<Transaction>(
      module,
      "A transaction that is not over. An immutable value: equal by its fields, hashable.\n\n"
      "`state`: trial (it waits for commit or rollback), running (`holder` is at it), or\n"
      "interrupted (whoever was at it died: commit(), rollback() or the next apply() ends\n"
      "it). `left`: seconds.");
}

}  // namespace csnet::python
