#include "bind_value.hpp"

#include <csnet/management_network.hpp>

namespace csnet::python {

void bind_management_network(py::module_& module) {
  auto cls = bind_value<ManagementNetwork>(
      module,
      "The recipe: a CloudStack KVM host's management traffic on a network of its own.\n\n"
      "NIC, or a bond of NICs → VLAN, if one is given → bridge → static address: the\n"
      "manual's steps 1 to 5, and its Scaling Logic when there is a bond.\n\n"
      "    ManagementNetwork(uplinks=['eth0'], vlan=100, bridge='cloudbr0', "
      "addresses=['192.168.100.10/24'],\n"
      "                      gateway='192.168.100.1', servers=['192.168.100.2'])\n\n"
      "An immutable value: equal by its fields, hashable, copied with replace(). The\n"
      "dicts of its properties are copies.");
  cls.def("desired", &ManagementNetwork::desired,
          "desired(self)\n--\n\n"
          "The Request that the recipe makes.\n\n"
          "Its profiles are named after their interfaces, from the NIC up to the bridge.\n"
          "Pure: needs no daemon; thread-safe. Raises InvalidError when validate() finds an\n"
          "error; warnings do not stop it.");
}

}  // namespace csnet::python
