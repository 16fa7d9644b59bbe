#include "bind.hpp"
#include "closable_session.hpp"
#include "convert.hpp"

#include <csnet/session.hpp>

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace csnet::python {
namespace {

/// Raises KeyboardInterrupt for Ctrl-C while a call waits without the GIL. Does nothing in a thread
/// other than Python's main one.
void check_signals() {
  const py::gil_scoped_acquire gil;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

std::vector<std::string> names_of(const py::args& which, const char* method) {
  if (which.empty())
    throw py::type_error(std::string(method) + "() takes the name of at least one profile");
  std::vector<std::string> names;
  for (const auto name : which) names.push_back(which_of(name, method));
  return names;
}

std::vector<Modification> modifications(const py::object& changes, const Where& where) {
  if (!py::isinstance(changes, py::module_::import("collections.abc").attr("Mapping")))
    refuse(where, changes, "mapping of names to profiles");
  std::vector<Modification> all;
  for (const auto which : changes) {
    const py::object profile = changes[which];
    all.push_back({.which = string(which, where),
                   .changes = from_python<Profile>(profile, {.outer = &where, .key = which})});
  }
  return all;
}

void def_reading(py::class_<ClosableSession>& cls) {
  cls.def_property_readonly(
      "version",
      [](ClosableSession& self) { return self.call([](Session& s) { return s.version(); }); },
      "str: NetworkManager's version, '1.42.4'.");
  cls.def(
      "profiles",
      [](ClosableSession& self) {
        return to_python(self.call([](Session& s) { return s.profiles(); }));
      },
      "profiles(self)\n--\n\n"
      "Every bridge, VLAN, bond and ethernet profile, sorted by name; profiles of other\n"
      "types are left out.");
  cls.def(
      "find",
      [](ClosableSession& self, const py::object& which) {
        const auto name = which_of(which, "Session.find");
        return to_python(self.call([&](Session& s) { return s.find(name); }));
      },
      "find(self, which, /)\n--\n\n"
      "The profile of that uuid, name or interface, looked for in this order; None when\n"
      "there is none.\n\n"
      "Raises ConflictError when the name fits several profiles: name one by its uuid.");
  cls.def(
      "read", [](ClosableSession& self) { return self.call([](Session& s) { return s.read(); }); },
      "read(self)\n--\n\n"
      "Reads the facts of the host for plan(), as Facts: profiles and devices of\n"
      "one moment.\n\n"
      "Profiles of external connections (a VM's tap, libvirt's bridge) are left out.");
  cls.def(
      "plan",
      [](ClosableSession& self, const py::object& desired, const py::object& prune,
         const py::object& purge, const py::object& guest_vlans) {
        const Where where{.name = "Session.plan"};
        const auto wanted = request_of(desired, {.name = "desired", .outer = &where});
        const auto options = plan_options(prune, purge, guest_vlans, where);
        return self.call([&](Session& s) { return s.plan(wanted, options); });
      },
      "plan(self, desired, /, *, prune=False, purge=False, guest_vlans='')\n--\n\n"
      "Computes the steps from the present host to `desired`, as\n"
      "csnet.plan(desired, session.read(), …) does.\n\n"
      "When nothing is to be done, the cost depends on the number of active connections,\n"
      "not on the number of profiles. Raises the errors of csnet.plan().",
      py::arg("desired"), py::pos_only(), py::kw_only(), py::arg("prune") = false,
      py::arg("purge") = false, py::arg("guest_vlans") = "");
  cls.def(
      "devices",
      [](ClosableSession& self) {
        return to_python(self.call([](Session& s) { return s.devices(); }));
      },
      "devices(self)\n--\n\n"
      "A Device for every interface that NetworkManager sees, sorted by name.");
  cls.def(
      "links",
      [](ClosableSession& self) {
        return to_python(self.call([](Session& s) { return s.links(); }));
      },
      "links(self)\n--\n\n"
      "A Link for every interface of the kernel in this process's network namespace,\n"
      "sorted by name.\n\n"
      "Includes interfaces that NetworkManager does not see. Sends nothing over the bus.");
}

void def_changing(py::class_<ClosableSession>& cls) {
  cls.def(
      "add",
      [](ClosableSession& self, const py::object& profile) {
        const auto wanted = from_python<Profile>(profile, {.name = "Session.add"});
        return self.call([&](Session& s) { return s.add(wanted); });
      },
      "add(self, profile, /)\n--\n\n"
      "Adds a profile on disk, exactly as `nmcli con add` does, and returns its uuid.\n\n"
      "NetworkManager begins to activate it at once unless `autoconnect` is False. A\n"
      "`controller` that is a profile's name is replaced by that profile's uuid; a\n"
      "missing `port` is derived from the controller. Raises InvalidError,\n"
      "NotFoundError, ConflictError.");
  cls.def(
      "add_all",
      [](ClosableSession& self, const py::object& profiles) {
        const auto wanted =
            from_python<std::vector<Profile>>(profiles, {.name = "Session.add_all"});
        return to_python(self.call([&](Session& s) { return s.add_all(wanted); }));
      },
      "add_all(self, profiles, /)\n--\n\n"
      "Adds several profiles, and returns their uuids in the same order.\n\n"
      "All are checked together before the first is sent. When one fails, csnet deletes\n"
      "those already added; the error names those that could not be deleted. Raises\n"
      "InvalidError, NotFoundError, ConflictError.");
  cls.def(
      "modify",
      [](ClosableSession& self, const py::object& which, const py::object& changes) {
        const auto name = which_of(which, "Session.modify");
        const auto wanted = from_python<Profile>(changes, {.name = "Session.modify"});
        self.call([&](Session& s) { s.modify(name, wanted); });
      },
      "modify(self, which, changes, /)\n--\n\n"
      "Changes the properties that `changes` mentions, as `nmcli con mod` does, and no\n"
      "others.\n\n"
      "`changes` is a profile of the same type, BridgeProfile(stp=False). Properties\n"
      "that csnet has no field for are kept. An active interface changes when the\n"
      "profile is activated next. Raises InvalidError, NotFoundError, ConflictError.");
  cls.def(
      "modify_all",
      [](ClosableSession& self, const py::object& changes) {
        const auto wanted = modifications(changes, {.name = "Session.modify_all"});
        self.call([&](Session& s) { s.modify_all(wanted); });
      },
      "modify_all(self, changes, /)\n--\n\n"
      "Changes several profiles, {'br0': BridgeProfile(stp=False), …}.\n\n"
      "All changes are checked together before the first is sent. When one fails, csnet\n"
      "restores the profiles already changed; the error names those that could not be\n"
      "restored. Raises InvalidError (also when two names are of one profile),\n"
      "NotFoundError, ConflictError.");
  cls.def(
      "remove",
      [](ClosableSession& self, const py::args& which) {
        const auto names = names_of(which, "Session.remove");
        self.call([&](Session& s) { s.remove_all(names); });
      },
      "remove(self, *which)\n--\n\n"
      "Deletes one or several profiles, as `nmcli con delete` does; an interface that\n"
      "uses one goes down.\n\n"
      "Every one is found before the first is deleted. When NetworkManager refuses one,\n"
      "the others are deleted, and the error names those that remain. Raises\n"
      "NotFoundError, ConflictError.");
}

void def_activating(py::class_<ClosableSession>& cls) {
  cls.def(
      "activate",
      [](ClosableSession& self, const py::args& which, const py::object& timeout,
         const py::object& related) {
        const auto names = names_of(which, "Session.activate");
        const Where where{.name = "Session.activate"};
        const ActivateOptions options{
            .timeout = duration(timeout, {.name = "timeout", .outer = &where}),
            .related = from_python<bool>(related, {.name = "related", .outer = &where})};
        self.call([&](Session& s) { s.activate_all(names, options); });
      },
      "activate(self, *which, timeout=90.0, related=True)\n--\n\n"
      "Brings one or several profiles up, in any order, and returns when all of them are\n"
      "usable.\n\n"
      "A profile is usable when its addresses are set. A port has joined its controller,\n"
      "too; every profile that is a port of the bridge or bond has joined, and the bridge\n"
      "or bond has a carrier. csnet brings up ports that NetworkManager does not bring up\n"
      "on its own.\n\n"
      "With `related=False` csnet brings up only the named profiles, and does not search\n"
      "for any others: profiles that are named by uuid come up equally fast on a host\n"
      "with thousands of profiles, and a bridge or bond none of whose ports is named is\n"
      "usable without one. `timeout`: seconds or datetime.timedelta; a bridge with STP\n"
      "needs 30 s for its carrier alone. Raises NotFoundError, ConflictError,\n"
      "TimeoutError, with NetworkManager's own reason.",
      py::kw_only(), py::arg("timeout") = 90.0, py::arg("related") = true);
  cls.def(
      "deactivate",
      [](ClosableSession& self, const py::args& which) {
        const auto names = names_of(which, "Session.deactivate");
        self.call([&](Session& s) { s.deactivate_all(names); });
      },
      "deactivate(self, *which)\n--\n\n"
      "Takes one or several profiles down, one after the other, and returns when they are\n"
      "down.\n\n"
      "Does nothing with one that is not active. Every one is found before the first is\n"
      "taken down. Raises NotFoundError, ConflictError.");
}

/// Logs every request to the logger "csnet.dbus". Does not import logging, and returns nothing,
/// when the program has not enabled that logger.
std::function<void(const std::string&)> request_log() {
  const py::dict modules = py::module_::import("sys").attr("modules");
  if (!modules.contains("logging")) return {};
  const py::object logging = modules["logging"];
  const py::object logger = logging.attr("getLogger")("csnet.dbus");
  if (!logger.attr("isEnabledFor")(logging.attr("DEBUG")).cast<bool>()) return {};
  auto debug = callback<void, const std::string&, const std::string&>(logger.attr("debug"), {});
  return [debug = std::move(debug)](const std::string& request) { debug("%s", request); };
}

std::string path_of(py::handle value, const Where& where) {
  if (!PyUnicode_Check(value.ptr()) && !py::hasattr(value, "__fspath__"))
    refuse(where, value, "str or os.PathLike");
  return string(py::module_::import("os").attr("fspath")(value), where);
}

}  // namespace

void bind_session(py::module_& module) {
  py::class_<ClosableSession> cls(
      module, "Session", py::is_final(), plain_type(),
      "Session(*, bus_address='', request_timeout=25.0, state_directory='/var/lib/csnet')\n--\n\n"
      "A session with NetworkManager over D-Bus.\n\n"
      "    with csnet.Session() as session:\n"
      "        session.add(csnet.BridgeProfile(name='cloudbr0', interface_name='cloudbr0'))\n"
      "        session.activate('cloudbr0')\n\n"
      "A profile is named by its uuid, its name or its interface, looked for in this\n"
      "order. Every call may raise UnavailableError, PermissionError or TimeoutError;\n"
      "its docstring lists further errors. Ctrl-C ends a call within 200 ms\n"
      "(NetworkManager may still finish the request), and the session can be used\n"
      "afterwards.\n\n"
      "Threads: several sessions may be used in several threads at once; a session that\n"
      "threads share serves them one after the other. Other Python threads run while a\n"
      "call waits. In the child of a fork() every call raises UnsupportedError: make a\n"
      "new Session there.\n\n"
      "Logging: every request to NetworkManager is a DEBUG record of the logger\n"
      "'csnet.dbus', if that was enabled when the session was made. It never has\n"
      "profiles, which may hold secrets.");
  cls.attr("__module__") = kPackage;
  cls.def(py::init([](const py::object& bus_address, const py::object& request_timeout,
                      const py::object& state_directory) {
            const Where where{.name = "Session"};
            return std::make_unique<ClosableSession>(SessionOptions{
                .bus_address = string(bus_address, {.name = "bus_address", .outer = &where}),
                .request_timeout =
                    duration(request_timeout, {.name = "request_timeout", .outer = &where}),
                .on_wait = check_signals,
                .on_request = request_log(),
                .state_directory =
                    path_of(state_directory, {.name = "state_directory", .outer = &where})});
          }),
          "__init__(self, *, bus_address='', request_timeout=25.0, "
          "state_directory='/var/lib/csnet')\n--\n\n"
          "Connects to NetworkManager.\n\n"
          "`bus_address`: a D-Bus address, 'unix:path=/run/dbus/system_bus_socket'; '' is\n"
          "the system bus. `request_timeout`: the time limit of one request to\n"
          "NetworkManager, in seconds or as datetime.timedelta (activation has its own).\n"
          "`state_directory`: the directory of the transaction's journal, on a disk that\n"
          "survives a reboot.\n\n"
          "Raises UnavailableError when there is no bus, or no NetworkManager on it.",
          py::kw_only(), py::arg("bus_address") = "", py::arg("request_timeout") = 25.0,
          py::arg("state_directory") = "/var/lib/csnet");
  cls.def("close", &ClosableSession::close,
          "close(self)\n--\n\n"
          "Closes the bus connection.\n\n"
          "A second close() does nothing; any other call afterwards raises InvalidError.\n"
          "When another thread is in a call, the connection is closed after that call.");
  cls.def(
      "__enter__", [](const py::object& self) { return self; },
      "__enter__(self)\n--\n\nThe session itself.");
  cls.def(
      "__exit__", [](ClosableSession& self, const py::args&) { self.close(); },
      "__exit__(self, *exception)\n--\n\nCloses the session.");
  def_reading(cls);
  def_changing(cls);
  def_activating(cls);
  def_transactions(cls);
}

}  // namespace csnet::python
