#include "bind_value.hpp"

#include <csnet/plan.hpp>

#include <string>

namespace csnet::python {
namespace {

void bind_plan_class(py::module_& module) {
  auto cls =
      bind_value<Plan>(module,
                       "The way from a host's state to the one that is wanted; plan() makes it.\n\n"
                       "    print(plan)            # a diff for people\n"
                       "    for step in plan: ...  # its steps\n"
                       "    if plan: ...           # something is to be done\n\n"
                       "An immutable value: equal by its fields, hashable, picklable.");
  cls.def_property_readonly("empty", &Plan::empty,
                            "bool: nothing is to be done, the host is as it is wanted.");
  cls.def(
      "__bool__", [](const Plan& self) { return !self.empty(); },
      "__bool__(self)\n--\n\nSomething is to be done.");
  cls.def(
      "__len__", [](const Plan& self) { return self.steps.size(); },
      "__len__(self)\n--\n\nHow many steps.");
  cls.def(
      "__iter__", [](const Plan& self) { return py::iter(to_python(self.steps)); },
      "__iter__(self)\n--\n\nThe steps, in their order.");
  cls.def(
      "__str__", [](const Plan& self) { return to_text(self); },
      "__str__(self)\n--\n\nA diff for people: what happens, why, and what traffic stops.");
  cls.def(
      "to_text",
      [](const Plan& self, const std::string& heading, const std::string& added,
         const std::string& changed, const std::string& removed, const std::string& warning,
         const std::string& end) {
        return to_text(self, {.heading = heading,
                              .added = added,
                              .changed = changed,
                              .removed = removed,
                              .warning = warning,
                              .end = end});
      },
      "to_text(self, *, heading='', added='', changed='', removed='', warning='', end='')\n--\n\n"
      "str(plan) with marks: each argument stands before the lines of its kind, and\n"
      "`end` after them. For a terminal they are escape sequences.",
      py::kw_only(), py::arg("heading") = "", py::arg("added") = "", py::arg("changed") = "",
      py::arg("removed") = "", py::arg("warning") = "", py::arg("end") = "");
  cls.def(
      "to_json", [](const Plan& self) { return to_json(self); },
      "to_json(self)\n--\n\n"
      "One JSON object: {'csnet': 1, 'steps': […], 'notes': […]}; docs/transactions.md\n"
      "has the keys.");
  cls.def(
      "diff",
      [](const Plan& self) {
        const auto both = diff(self);
        py::dict dict;
        dict["before"] = both.before;
        dict["after"] = both.after;
        return dict;
      },
      "diff(self)\n--\n\n"
      "{'before': …, 'after': …}, each YAML of the profiles that change: what Ansible\n"
      "shows with --diff.");
}

}  // namespace

void bind_plan(py::module_& module) {
  bind_value<Change>(module,
                     "One property of a profile that changes. An immutable value: equal by its "
                     "fields, hashable.");
  bind_value<Step>(module,
                   "One step of a Plan. An immutable value: equal by its fields, hashable.\n\n"
                   "`item` is the profile as the step leaves it; the uuid of a new one is empty.\n"
                   "`action` left out is Action.add.")
      .def(
          "__str__", [](const Step& self) { return to_text(self); },
          "__str__(self)\n--\n\n\"activate vlan 'eth0.100'\".");
  bind_value<PlanOptions>(
      module, "What plan() was told. An immutable value: equal by its fields, hashable.");
  bind_plan_class(module);
  module.def(
      "plan",
      [](const py::object& desired, const py::object& current, const py::object& prune,
         const py::object& purge, const py::object& guest_vlans) {
        const Where where{.name = "plan"};
        const auto wanted = request_of(desired, {.name = "desired", .outer = &where});
        const auto now = facts_of(current, {.name = "current", .outer = &where});
        return plan(wanted, now, plan_options(prune, purge, guest_vlans, where));
      },
      "plan(desired, current, *, prune=False, purge=False, guest_vlans='')\n--\n\n"
      "The steps from `current`, the Facts that Session.read() finds or a HostState alone,\n"
      "to `desired`, a Request, a HostState or a ManagementNetwork, as a Plan. Pure: asks\n"
      "no daemon; deterministic; thread-safe.\n\n"
      "What `desired` does not mention is left alone. A profile that already does the\n"
      "job is adopted: found by its uuid, or else by interface and type, the active one\n"
      "first; it keeps its name, its uuid and what csnet has no field for. A profile in\n"
      "the way is retired (kept, and not coming up by itself any more), or deleted with\n"
      "`prune`: one that holds a wanted NIC with an IP configuration of its own, a\n"
      "duplicate, the former uplink of a wanted bridge, one with an address that moves.\n"
      "`purge` deletes every profile that is not wanted, in the way or not, also one\n"
      "retired before. Where all of `desired` is in force, what sleeps elsewhere is no\n"
      "reason for a step: a profile that does not run, nor could on a wanted interface.\n"
      "Types that csnet does not know, and what NetworkManager made up\n"
      "for interfaces of others, read() leaves out: they stay.\n"
      "`guest_vlans`: the zone's guest VLANs, '200-299,1000', to be warned of overlaps.\n\n"
      "Raises InvalidError, also when `purge` would delete what a wanted profile lies on\n"
      "or when no profile is wanted,\n"
      "NotFoundError for an interface that neither has,\n"
      "ConflictError for a uuid of another type's profile.",
      py::arg("desired"), py::arg("current"), py::kw_only(), py::arg("prune") = false,
      py::arg("purge") = false, py::arg("guest_vlans") = "");
}

}  // namespace csnet::python
