#include "bind_value.hpp"

#include <csnet/facts.hpp>

namespace csnet::python {

void bind_facts(py::module_& module) {
  bind_value<Device>(
      module,
      "A network interface as NetworkManager sees it now; Session.devices() returns them.\n\n"
      "An immutable value: equal by its fields, hashable.");
  bind_value<Link>(
      module,
      "A network interface as the kernel sees it now; Session.links() returns them.\n\n"
      "An immutable value: equal by its fields, hashable.");
}

}  // namespace csnet::python
