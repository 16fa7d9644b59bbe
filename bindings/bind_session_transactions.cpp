#include "closable_session.hpp"

#include <csnet/session.hpp>

#include <string>
#include <vector>

namespace csnet::python {
namespace {

std::vector<Check> checks_of(const py::object& checks, const Where& outer) {
  std::vector<Check> found;
  const Where where{.name = "checks", .outer = &outer};
  const py::object check_class = py::module_::import("csnet._check").attr("Check");
  py::iterator at = elements(checks, where, "list[Check]");
  for (; at != py::iterator::sentinel(); ++at) {
    const py::int_ index(found.size());
    const Where element{.outer = &where, .key = index};
    if (!py::isinstance(*at, check_class)) refuse(element, *at, "Check");
    const py::object passes = at->attr("passes");
    found.push_back({.name = string(at->attr("name"), {.name = "name", .outer = &element}),
                     .passes = callback<bool>(passes, {.name = "passes", .outer = &element}),
                     .required = from_python<bool>(at->attr("required"),
                                                   {.name = "required", .outer = &element})});
  }
  return found;
}

}  // namespace

void def_transactions(py::class_<ClosableSession>& cls) {
  cls.def(
      "apply",
      [](ClosableSession& self, const py::object& plan, const py::object& rollback_after,
         const py::object& hard_limit, const py::object& commit, const py::object& probes,
         const py::object& checks, const py::object& on_progress) {
        const Where where{.name = "Session.apply"};
        const auto wanted = from_python<Plan>(plan, {.name = "plan", .outer = &where});
        ApplyOptions options{
            .rollback_after = duration(rollback_after, {.name = "rollback_after", .outer = &where}),
            .hard_limit = duration(hard_limit, {.name = "hard_limit", .outer = &where}),
            .commit = from_python<bool>(commit, {.name = "commit", .outer = &where}),
            .probes = from_python<std::vector<Probe>>(probes, {.name = "probes", .outer = &where}),
            .checks = checks_of(checks, where)};
        if (!on_progress.is_none()) {
          options.on_progress = callback<void, const Progress&>(
              on_progress, {.name = "on_progress", .outer = &where});
        }
        return self.call([&](Session& s) { return s.apply(wanted, options); });
      },
      "apply(self, plan, /, *, rollback_after=30.0, hard_limit=300.0, commit=True, probes=(), "
      "checks=(), on_progress=None)\n"
      "--\n\n"
      "Carries out a Plan as one transaction, and returns a Report: it ends with what the\n"
      "probes ask for reachable and the profiles on disk, or with the host as it was.\n\n"
      "Nothing is written to disk before the probes have passed; whoever dies meanwhile,\n"
      "the host goes back. Needs root, and to run on the host itself. An empty plan\n"
      "sends nothing that changes anything. Ctrl-C rolls back, and is raised then.\n\n"
      "`rollback_after`: seconds or timedelta (1 s to 1 h) for the probes to pass once the\n"
      "steps are done; also how long NetworkManager waits for a csnet that has died.\n"
      "`hard_limit`: for all of it. `commit=False`: the trial goes on when this returns;\n"
      "commit() within `rollback_after` makes it last. `probes`: Probes beside those of the\n"
      "plan. `checks`: csnet.Check objects, called in this thread. `on_progress`: called\n"
      "with a Progress when a step begins and when it ends; what it raises rolls back.\n\n"
      "Raises ConflictError when the host is no longer what the plan was made from, or\n"
      "another transaction is open; RolledBackError naming the cause: the host is as it\n"
      "was; IncompleteError when something could not be done: `outcome` and `left` say what.",
      py::arg("plan"), py::pos_only(), py::kw_only(), py::arg("rollback_after") = 30.0,
      py::arg("hard_limit") = 300.0, py::arg("commit") = true, py::arg("probes") = py::tuple(),
      py::arg("checks") = py::tuple(), py::arg("on_progress") = py::none());
  cls.def(
      "commit",
      [](ClosableSession& self, const py::object& id) {
        const auto name = which_of(id, "Session.commit");
        return self.call([&](Session& s) { return s.commit(name); });
      },
      "commit(self, id, /)\n--\n\n"
      "Makes a transaction last that apply(commit=False) left open, or whose process\n"
      "died: from any process, over any connection.\n\n"
      "Raises NotFoundError when no such transaction is open, RolledBackError when its\n"
      "time was over: the host is as it was; IncompleteError when something is left to do.");
  cls.def(
      "rollback",
      [](ClosableSession& self, const py::object& id) {
        const auto name = which_of(id, "Session.rollback");
        return self.call([&](Session& s) { return s.rollback(name); });
      },
      "rollback(self, id, /)\n--\n\n"
      "Takes such a transaction back, or tries again what could not be restored.\n\n"
      "Raises NotFoundError, IncompleteError when something is not as it was.");
  cls.def(
      "recover",
      [](ClosableSession& self) {
        return to_python(self.call([](Session& s) { return s.recover(); }));
      },
      "recover(self)\n--\n\n"
      "Ends a transaction whose process has died, as csnet-recover.service does at boot:\n"
      "finishes a commit that had written everything, and undoes all else. Returns a Report,\n"
      "or None when no transaction is open, or the open one waits for its commit.\n\n"
      "Raises ConflictError when another process is at work on it, IncompleteError when\n"
      "something is left to do.");
  cls.def(
      "transaction",
      [](ClosableSession& self) {
        return to_python(self.call([](Session& s) { return s.transaction(); }));
      },
      "transaction(self)\n--\n\n"
      "The Transaction that is not over, or None. Changes nothing.");
}

}  // namespace csnet::python
