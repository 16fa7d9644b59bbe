#include "bind_value.hpp"

#include <csnet/probe.hpp>

namespace csnet::python {

void bind_probe(py::module_& module) {
  bind_value<Probe>(
      module,
      "Something that shows whether the host is reachable.\n\n"
      "    Probe(type='tcp', target='192.168.100.2:8250', interface_name='cloudbr0')\n"
      "    Probe(type='arp', target='192.168.100.1', interface_name='cloudbr0')\n"
      "    Probe(type='command', target='ping -c 1 -W 1 192.168.100.2', required=True)\n\n"
      "Session.apply() runs each before the change and after it: what passed before must\n"
      "pass again, and what is `required` must pass afterwards in any case. After the\n"
      "change tcp and arp go out of `interface_name`, from its own address.\n\n"
      "An immutable value: equal by its fields, hashable.");
  module.attr("AGENT_PORT") = py::int_(agent_port);
}

}  // namespace csnet::python
