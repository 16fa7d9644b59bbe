#include "bind_value.hpp"

#include <csnet/plan.hpp>

#include <string>

namespace csnet::python {
namespace {

void bind_plan_class(py::module_& module) {
  auto cls =
      bind_value<Plan>(module,
                       "The steps from a host's state to the wanted one; plan() returns it.\n\n"
                       "    print(plan)            # a diff for people\n"
                       "    for step in plan: ...  # its steps\n"
                       "    if plan: ...           # there is something to do\n\n"
                       "An immutable value: equal by its fields, hashable, picklable.");
  cls.def_property_readonly("empty", &Plan::empty,
                            "bool: there is nothing to do, the host is as wanted.");
  cls.def(
      "__bool__", [](const Plan& self) { return !self.empty(); },
      "__bool__(self)\n--\n\nThere is something to do.");
  cls.def(
      "__len__", [](const Plan& self) { return self.steps.size(); },
      "__len__(self)\n--\n\nThe number of steps.");
  cls.def(
      "__iter__", [](const Plan& self) { return py::iter(to_python(self.steps)); },
      "__iter__(self)\n--\n\nThe steps, in their order.");
  cls.def(
      "__str__", [](const Plan& self) { return to_text(self); },
      "__str__(self)\n--\n\nA diff for people: what happens, why, and which traffic stops.");
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
      "str(plan) with marks: each argument is put before each line of its kind, and\n"
      "`end` after the line. For a terminal they are escape sequences.",
      py::kw_only(), py::arg("heading") = "", py::arg("added") = "", py::arg("changed") = "",
      py::arg("removed") = "", py::arg("warning") = "", py::arg("end") = "");
  cls.def(
      "to_json", [](const Plan& self) { return to_json(self); },
      "to_json(self)\n--\n\n"
      "One JSON object: {'csnet': 1, 'steps': […], 'notes': […]}; docs/transactions.md\n"
      "lists the keys.");
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
      "{'before': …, 'after': …}, each YAML of the profiles that change. Ansible shows\n"
      "them with --diff.");
}

}  // namespace

void bind_plan(py::module_& module) {
  bind_value<Change>(module,
                     "One property of a profile that changes. An immutable value: equal by its "
                     "fields, hashable.");
  bind_value<Step>(module,
                   "One step of a Plan. An immutable value: equal by its fields, hashable.\n\n"
                   "`item` is the profile after the step; the uuid of a new one is empty.\n"
                   "`action` left out is Action.add.")
      .def(
          "__str__", [](const Step& self) { return to_text(self); },
          "__str__(self)\n--\n\n\"activate vlan 'eth0.100'\".");
  bind_value<PlanOptions>(
      module, "The options of plan(). An immutable value: equal by its fields, hashable.");
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
      "Computes the steps from `current`, as Session.read() returns it, to `desired`.\n\n"
      "`desired` is a Request, a HostState or a ManagementNetwork, `current` Facts or a\n"
      "HostState. Pure: needs no\n"
      "daemon; deterministic; thread-safe. Profiles that `desired` does not mention are\n"
      "left alone, unless the options say otherwise.\n\n"
      "An existing profile for a wanted interface is adopted. plan() finds it by its\n"
      "uuid, or else by interface and type, the active one first. It keeps its name, its\n"
      "uuid and the properties that csnet has no field for.\n\n"
      "A profile that is in the way is retired (kept with autoconnect off), or deleted\n"
      "with `prune`: one that uses a wanted NIC with an IP configuration of its own, a\n"
      "duplicate, the former uplink of a wanted bridge, one with an address that moves.\n"
      "`purge` deletes every profile that is not wanted, also one that is not in the way\n"
      "or was retired before. Profiles that read() leaves out remain: those of types that\n"
      "csnet does not know, and of external connections. When all of `desired` is active\n"
      "and unchanged, an inactive profile for another interface is not a reason for a\n"
      "step.\n\n"
      "`guest_vlans`: the zone's guest VLANs, '200-299,1000'; the plan warns of overlaps.\n\n"
      "Raises InvalidError, also when `purge` would delete the controller or parent of a\n"
      "wanted profile or when no profile is wanted; NotFoundError for an interface that\n"
      "neither state has; ConflictError for a uuid of another type's profile.",
      py::arg("desired"), py::arg("current"), py::kw_only(), py::arg("prune") = false,
      py::arg("purge") = false, py::arg("guest_vlans") = "");
}

}  // namespace csnet::python
