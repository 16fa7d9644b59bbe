#include "bind.hpp"
#include "convert.hpp"

#include <csnet/address.hpp>

#include <fmt/format.h>

#include <string>

namespace csnet::python {
namespace {

/// T(value), for a value that a field of type T accepts. An error in the text needs no field's
/// name.
template <address T>
T construct(py::handle value) {
  if (PyUnicode_Check(value.ptr())) return T{string(value, {.name = class_name<T>()})};
  return from_python<T>(value, {.name = class_name<T>()});
}

template <class T>
void def_order(py::class_<T>& cls, const char* name, bool (*holds)(const T&, const T&),
               const char* doc) {
  cls.def(
      name,
      [holds](const T& self, py::handle other) -> py::object {
        if (!py::isinstance<T>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
        return py::bool_(holds(self, other.cast<const T&>()));
      },
      fmt::format("{}(self, other, /)\n--\n\n{}", name, doc).c_str());
}

/// The parts that all classes of addresses have: text, order, hash, pickling.
template <address T>
py::class_<T> bind_text(py::module_& module, const char* doc) {
  const std::string name{class_name<T>()};
  py::class_<T> cls(module, name.c_str(), py::is_final(), plain_type(), doc);
  cls.attr("__module__") = kPackage;
  cls.def("__str__", &T::to_string, "__str__(self)\n--\n\nThe text that the constructor reads.");
  cls.def(
      "__repr__", [name](const T& self) { return fmt::format("{}('{}')", name, self.to_string()); },
      "__repr__(self)\n--\n\nThe expression that makes it.");
  cls.def(
      "__format__",
      [](const T& self, const py::str& spec) {
        return py::str(self.to_string()).attr("__format__")(spec);
      },
      "__format__(self, spec, /)\n--\n\nIts text, formatted like a str.");
  cls.def(
      "__hash__", [](const T& self) { return py::hash(py::str(self.to_string())); },
      "__hash__(self)\n--\n\nEqual values have the same hash.");
  cls.def(
      "__reduce__",
      [](const py::object& self) {
        return py::make_tuple(py::type::of(self), py::make_tuple(py::str(self)));
      },
      "__reduce__(self)\n--\n\nFor pickle and copy: the class and its text.");
  const char* order = "IPv4 before IPv6, then by bytes; only between values of one class.";
  def_order<T>(
      cls, "__eq__", [](const T& a, const T& b) { return a == b; },
      "Equal only to a value of the same class, not to a str.");
  def_order<T>(
      cls, "__lt__", [](const T& a, const T& b) { return a < b; }, order);
  def_order<T>(
      cls, "__le__", [](const T& a, const T& b) { return a <= b; }, order);
  def_order<T>(
      cls, "__gt__", [](const T& a, const T& b) { return a > b; }, order);
  def_order<T>(
      cls, "__ge__", [](const T& a, const T& b) { return a >= b; }, order);
  return cls;
}

void bind_mac_address(py::module_& module) {
  auto cls = bind_text<MacAddress>(
      module,
      "MacAddress(text, /)\n--\n\n"
      "An Ethernet address, MacAddress('52:54:00:ab:cd:ef'). Immutable, hashable,\n"
      "ordered.\n\n"
      "Reads any case, with ':' or '-'; prints as NetworkManager does,\n"
      "52:54:00:AB:CD:EF. A field that takes one also takes a str. Raises InvalidError\n"
      "when the text is not such an address.");
  cls.def(py::init(&construct<MacAddress>),
          "__init__(self, text, /)\n--\n\nFrom a str or a MacAddress.");
  cls.def_property_readonly(
      "is_multicast", &MacAddress::is_multicast,
      "bool: a multicast address, ff:ff:… among them, which no interface may have.");
}

void bind_ip_address(py::module_& module) {
  auto cls = bind_text<IpAddress>(
      module,
      "IpAddress(text, /)\n--\n\n"
      "An IPv4 or IPv6 address without a prefix, IpAddress('192.168.100.1'). Immutable,\n"
      "hashable, ordered.\n\n"
      "A field that takes one also takes a str, an ipaddress.IPv4Address and an\n"
      "ipaddress.IPv6Address; ipaddress.ip_address(str(address)) converts back. Raises\n"
      "InvalidError when the text is not such an address.");
  cls.def(py::init(&construct<IpAddress>),
          "__init__(self, text, /)\n--\n\n"
          "From a str, an IpAddress, an ipaddress.IPv4Address or an ipaddress.IPv6Address.");
  cls.def_property_readonly("is_ipv6", &IpAddress::is_ipv6, "bool: IPv6 rather than IPv4.");
  cls.def_property_readonly("is_ipv6_link_local", &IpAddress::is_ipv6_link_local,
                            "bool: in fe80::/10, where the kernel gives each link addresses.");
  cls.def_property_readonly(
      "packed",
      [](const IpAddress& self) {
        const std::string bytes(self.bytes().begin(), self.bytes().end());
        return py::bytes(bytes.data(), self.is_ipv6() ? 16 : 4);
      },
      "bytes: 4 or 16, in network byte order.");
}

void bind_cidr(py::module_& module) {
  auto cls = bind_text<Cidr>(
      module,
      "Cidr(text, /)\n--\n\n"
      "An address with its prefix length, Cidr('192.168.100.10/24'). Immutable,\n"
      "hashable, ordered.\n\n"
      "Host bits are kept. A field that takes one also takes a str, and an interface or\n"
      "network of the module ipaddress. Raises InvalidError when the text has no prefix,\n"
      "or one that the family does not allow.");
  cls.def(py::init(&construct<Cidr>),
          "__init__(self, text, /)\n--\n\n"
          "From a str, a Cidr, or an interface or network of the module ipaddress.");
  cls.def_property_readonly("address", &Cidr::address, "IpAddress: the part before the slash.",
                            py::return_value_policy::copy);
  cls.def_property_readonly("prefix", &Cidr::prefix,
                            "int: the prefix's length in bits, up to 32 or 128.");
  cls.def_property_readonly("is_ipv6", &Cidr::is_ipv6, "bool: IPv6 rather than IPv4.");
  cls.def(
      "__contains__",
      [](const Cidr& self, py::handle address) {
        return self.contains(from_python<IpAddress>(address, {.name = "Cidr.__contains__"}));
      },
      "__contains__(self, address, /)\n--\n\n"
      "'192.168.100.1' in cidr: the address is in this network, and of its family.");
}

void bind_route(py::module_& module) {
  auto cls = bind_text<Route>(
      module,
      "Route(destination, next_hop=None, metric=None)\n--\n\n"
      "A static route, Route('10.0.0.0/8 192.168.100.1 100'). Immutable, hashable,\n"
      "ordered.\n\n"
      "The text is nmcli's own notation: DESTINATION/PREFIX [NEXT-HOP] [METRIC].\n"
      "A field that takes one also takes a str. Raises InvalidError when the text has\n"
      "another form, or the families differ.");
  cls.def(
      py::init([](const py::object& destination, const py::object& next_hop,
                  const py::object& metric) {
        const Where where{.name = "Route"};
        if (next_hop.is_none() && metric.is_none()) {
          if (py::isinstance<Route>(destination)) return destination.cast<Route>();
          if (PyUnicode_Check(destination.ptr())) return Route{string(destination, where)};
        }
        return Route{
            from_python<Cidr>(destination, {.name = "destination", .outer = &where}),
            from_python<std::optional<IpAddress>>(next_hop, {.name = "next_hop", .outer = &where}),
            from_python<std::optional<std::uint32_t>>(metric, {.name = "metric", .outer = &where})};
      }),
      "__init__(self, destination, next_hop=None, metric=None)\n--\n\n"
      "From its parts, or from one text that has them all.",
      py::arg("destination"), py::arg("next_hop") = py::none(), py::arg("metric") = py::none());
  cls.def_property_readonly("destination", &Route::destination, "Cidr: its destination.",
                            py::return_value_policy::copy);
  cls.def_property_readonly(
      "next_hop", [](const Route& self) { return to_python(self.next_hop()); },
      "IpAddress | None: the router; None when the destination is on the link.");
  cls.def_property_readonly(
      "metric", [](const Route& self) { return to_python(self.metric()); },
      "int | None: the lowest wins; None is the device's default.\n\nRange: 0 to 4294967295.");
}

}  // namespace

void bind_address(py::module_& module) {
  bind_mac_address(module);
  bind_ip_address(module);
  bind_cidr(module);
  bind_route(module);
}

}  // namespace csnet::python
