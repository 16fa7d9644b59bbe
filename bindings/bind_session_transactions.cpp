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
      "Carries out a Plan as one transaction, and returns a Report.\n\n"
      "The transaction ends with the probes passed and the profiles on disk, or with the\n"
      "host as it was before. Nothing is written to disk before the probes have passed;\n"
      "when a process or the power fails meanwhile, the host is rolled back. Needs root,\n"
      "and must run on the host itself. An empty plan changes nothing. Ctrl-C rolls back,\n"
      "and then raises KeyboardInterrupt.\n\n"
      "- `rollback_after`: seconds or timedelta (1 s to 1 h) for the probes to pass after\n"
      "  the steps. NetworkManager rolls back on its own when it has not heard from csnet\n"
      "  for this time.\n"
      "- `hard_limit`: the time limit of the steps.\n"
      "- `commit=False`: apply() returns during the trial; commit() commits it within\n"
      "  `rollback_after`.\n"
      "- `probes`: Probes in addition to those of the plan.\n"
      "- `checks`: csnet.Check objects, called in this thread.\n"
      "- `on_progress`: called with a Progress when a step begins and when it ends; an\n"
      "  exception from it causes a rollback.\n\n"
      "Raises ConflictError when the host has changed since the plan was made, or another\n"
      "transaction is open; RolledBackError with the cause: the host is as it was;\n"
      "IncompleteError when something could not be done: see `outcome` and `left`.",
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
      "Commits a transaction that apply(commit=False) left open, or whose process has\n"
      "died.\n\n"
      "Any process may call it, for example one that has connected over the new address.\n\n"
      "Raises NotFoundError when no such transaction is open, RolledBackError when its\n"
      "time was over: the host is as it was; IncompleteError when something is left to do.");
  cls.def(
      "rollback",
      [](ClosableSession& self, const py::object& id) {
        const auto name = which_of(id, "Session.rollback");
        return self.call([&](Session& s) { return s.rollback(name); });
      },
      "rollback(self, id, /)\n--\n\n"
      "Rolls such a transaction back, or tries again to restore what an earlier rollback\n"
      "could not.\n\n"
      "Raises NotFoundError, IncompleteError when something could not be restored.");
  cls.def(
      "recover",
      [](ClosableSession& self) {
        return to_python(self.call([](Session& s) { return s.recover(); }));
      },
      "recover(self)\n--\n\n"
      "Ends a transaction whose process has died, as csnet-recover.service does at boot.\n\n"
      "Finishes a commit that had written everything, and rolls back any other\n"
      "transaction. Returns a Report, or None when no transaction is open, or the open one\n"
      "waits for its commit.\n\n"
      "Raises ConflictError when another process is working on it, IncompleteError when\n"
      "something is left to do.");
  cls.def(
      "transaction",
      [](ClosableSession& self) {
        return to_python(self.call([](Session& s) { return s.transaction(); }));
      },
      "transaction(self)\n--\n\n"
      "The open Transaction, or None. Changes nothing.");
}

}  // namespace csnet::python
