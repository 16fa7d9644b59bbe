#include "bind_value.hpp"

#include <csnet/probe.hpp>

namespace csnet::python {

void bind_probe(py::module_& module) {
  bind_value<Probe>(
      module,
      "A test of whether the host is reachable.\n\n"
      "    Probe(type='tcp', target='192.168.100.2:8250', interface_name='cloudbr0')\n"
      "    Probe(type='arp', target='192.168.100.1', interface_name='cloudbr0')\n"
      "    Probe(type='command', target='ping -c 1 -W 1 192.168.100.2', required=True)\n\n"
      "Session.apply() runs each probe before the change and after it. A probe that passed\n"
      "before must pass again; a `required` one must pass afterwards in any case. After\n"
      "the change tcp and arp are sent from `interface_name`, with its own address.\n\n"
      "An immutable value: equal by its fields, hashable.");
  module.attr("AGENT_PORT") = py::int_(agent_port);
}

}  // namespace csnet::python
