#include "bind_value.hpp"

#include <csnet/host_state.hpp>
#include <csnet/profile.hpp>

namespace csnet::python {
namespace {

template <class P>
void bind_type(py::module_& module, const char* doc) {
  auto cls = bind_value<P>(module, doc);
  cls.attr("type") = py::str(P::type.data(), P::type.size());
}

/// bridge_slave() and bond_slave() differ only in their names and the port.
template <class OfPort>
void def_slave(py::module_& module, const char* name,
               EthernetProfile (*make)(std::string, std::string, std::string, OfPort),
               const char* doc) {
  module.def(
      name,
      [make, name](const py::object& profile, const py::object& interface_name,
                   const py::object& controller, const py::object& port) {
        const Where where{.name = name};
        return make(string(profile, {.name = "name", .outer = &where}),
                    string(interface_name, {.name = "interface_name", .outer = &where}),
                    string(controller, {.name = "controller", .outer = &where}),
                    port.is_none() ? OfPort{}
                                   : from_python<OfPort>(port, {.name = "port", .outer = &where}));
      },
      doc, py::arg("name"), py::arg("interface_name"), py::arg("controller"),
      py::arg("port") = py::none());
}

}  // namespace

void bind_profile(py::module_& module) {
  bind_value<Ip4Config>(
      module,
      "The IPv4 settings of a profile (NetworkManager's ipv4.*; the manual's step 5).\n\n"
      "Ip4Config(method='manual', addresses=['192.168.100.10/24'],\n"
      "gateway='192.168.100.1'). A field that is None is not mentioned: it gets\n"
      "NetworkManager's default in a new profile, and Session.modify() leaves it alone.");
  bind_value<Ip6Config>(
      module,
      "The IPv6 settings of a profile (NetworkManager's ipv6.*).\n\n"
      "Ip6Config(method='disabled'). A field that is None is not mentioned: it gets\n"
      "NetworkManager's default in a new profile, and Session.modify() leaves it alone.");
  bind_value<BridgePort>(module,
                         "The settings of a bridge's port (bridge-port.*; the manual's step 4).\n\n"
                         "A profile with them as `port` is a port of a bridge. BridgePort() means\n"
                         "NetworkManager's defaults.");
  bind_value<BondPort>(
      module,
      "The settings of a bond's port (bond-port.*; the manual's Scaling Logic).\n\n"
      "A profile with them as `port` is a port of a bond. BondPort() means\n"
      "NetworkManager's defaults.");
  bind_type<BridgeProfile>(
      module,
      "A bridge, as a NetworkManager profile (the manual's step 3).\n\n"
      "BridgeProfile(name='cloudbr0', interface_name='cloudbr0', stp=False) is what\n"
      "`nmcli con add type bridge con-name cloudbr0 ifname cloudbr0 stp no` makes. An\n"
      "immutable value: equal by its fields, hashable, copied with replace(). A field\n"
      "that is None is not mentioned.");
  bind_type<VlanProfile>(
      module,
      "A VLAN on top of another interface, as a NetworkManager profile (the manual's\n"
      "step 2).\n\n"
      "VlanProfile(name='eth0.100', interface_name='eth0.100', parent='eth0', id=100).\n"
      "With controller='cloudbr0' and port=BridgePort() it is the bridge's port (step\n"
      "4). An immutable value: equal by its fields, hashable, copied with replace(). A\n"
      "field that is None is not mentioned.");
  bind_type<BondProfile>(
      module,
      "A bond of several NICs, as a NetworkManager profile (the manual's Scaling\n"
      "Logic).\n\n"
      "BondProfile(name='bond0', interface_name='bond0', mode='802.3ad',\n"
      "options={'miimon': '100'}). An immutable value: equal by its fields, hashable,\n"
      "copied with replace(). A field that is None is not mentioned.");
  bind_type<EthernetProfile>(
      module,
      "A NIC, as a NetworkManager profile (the manual's step 1).\n\n"
      "EthernetProfile(name='eth0', interface_name='eth0'). With a controller and a\n"
      "port, nmcli calls it bridge-slave or bond-slave. An immutable value: equal by its\n"
      "fields, hashable, copied with replace(). A field that is None is not mentioned.");
  bind_value<HostState>(
      module,
      "The state of a host's network, wanted or current: both are of the same type.\n\n"
      "HostState(profiles=[BridgeProfile(…), VlanProfile(…)]). An immutable value:\n"
      "equal by its fields, hashable, copied with replace(profiles=[*state.profiles, …]).");
  bind_value<Request>(
      module,
      "A request for a state: the wanted HostState, what shall no longer be there, and\n"
      "what must be reachable afterwards.\n\n"
      "Request(wanted=HostState(profiles=[…]), remove=['eth0']). An immutable value: equal\n"
      "by its fields, hashable, copied with replace().");
  bind_value<Facts>(
      module,
      "The facts of a host, as Session.read() finds them: the current HostState, and the\n"
      "interfaces that NetworkManager sees.\n\n"
      "An immutable value: equal by its fields, hashable, copied with replace().");

  def_slave(module, "bridge_slave", &csnet::bridge_slave,
            "bridge_slave(name, interface_name, controller, port=None)\n--\n\n"
            "The profile that `nmcli con add type bridge-slave con-name NAME ifname\n"
            "INTERFACE_NAME master CONTROLLER` makes.\n\n"
            "It is of type ethernet, so NetworkManager never activates it on a VLAN device,\n"
            "as the manual's step 4 expects. Make the VlanProfile itself the port instead, as\n"
            "ManagementNetwork does. `port`: a BridgePort, for other values than\n"
            "NetworkManager's defaults.");
  def_slave(module, "bond_slave", &csnet::bond_slave,
            "bond_slave(name, interface_name, controller, port=None)\n--\n\n"
            "The profile that `nmcli con add type bond-slave con-name NAME ifname\n"
            "INTERFACE_NAME master CONTROLLER` makes.\n\n"
            "`port`: a BondPort, for other values than NetworkManager's defaults.");
}

}  // namespace csnet::python
