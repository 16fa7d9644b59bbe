"""Shared by the modules: csnet on the host, one failure that reports all wrong input, and results."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import difflib
import json
import os
import signal
import syslog
import traceback

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

try:
    import csnet

    IMPORT_ERROR = None
except ImportError as error:
    csnet = None
    IMPORT_ERROR = (error.name or "csnet", str(error), traceback.format_exc())


class Module(AnsibleModule):
    """An AnsibleModule on a host that has csnet.

    own: the module's own arguments. fields: the arguments that come from csnet's tables.
    contents: a function that makes the contents of a network file from the given fields.
    root: the path of the fields in that file, "management".
    """

    def __init__(self, own, fields=None, contents=None, root="", **options):
        self._own, self._fields = own, fields or {}
        self._contents, self._root = contents, root
        super(Module, self).__init__(argument_spec=dict(self._fields, **own), **options)
        if IMPORT_ERROR is not None:
            self._fail_without_csnet()
        self._is_rehearsal = self.check_mode
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the change may end the SSH session

    def fail_json(self, msg, **values):
        """Fail with all mistakes in the arguments. Ansible would report only the first, and none that csnet finds."""
        validation = getattr(self, "validation_result", None)
        if validation is not None and validation.error_messages and "problems" not in values and csnet is not None:
            problems = self._unknown(validation.unsupported_parameters)
            of_fields = self._problems_of_file() if self._contents else []
            for mistake in map(str, validation.error_messages):
                is_own = any("'%s'" % name in mistake or " of %s " % name in mistake for name in self._own)
                is_unknown = "Supported parameters include" in mistake
                if is_own or not (of_fields or is_unknown):
                    problems.append({"path": "", "message": mistake, "hint": ""})
            problems += of_fields
            self._fail_with_problems(problems)
        super(Module, self).fail_json(msg=msg, **values)

    def _unknown(self, names):
        problems = []
        for name in sorted(".".join(each) if isinstance(each, tuple) else each for each in names):
            spec = self.argument_spec
            for word in name.split(".")[:-1]:
                spec = spec.get(word, {}).get("options") or {}
            near = difflib.get_close_matches(name.split(".")[-1], spec, 1)
            hint = "did you mean '%s'?" % near[0] if near else ""
            problems.append({"path": name, "message": "unknown option", "hint": hint})
        return problems

    def _fail_without_csnet(self):
        name, reason, trace = IMPORT_ERROR
        missing = "csnet" if name.startswith("csnet") else name
        self.fail_json(
            msg="%s (%s)" % (missing_required_lib(missing), reason),
            hint="install csnet for this Python (docs/installing.md), with libnm and libyaml (Debian: libnm0 "
                 "libyaml-0-2, Red Hat: NetworkManager-libnm libyaml); or set ansible_python_interpreter to a Python "
                 "that has it",
            missing=missing, exception=trace)

    def fail_with(self, error, **values):
        self.fail_json(**dict(dict(changed=has_changed(error), **failure(error)), **values))

    def require_root(self):
        if os.geteuid() != 0 and not self.check_mode:
            self.fail_json(msg="%s: needs root, to change the network" % self._name, kind="permission",
                           subject=self._name, hint="become: true")

    def given(self):
        """The fields that the task mentions, by csnet's names."""
        return _mentioned(self.params, self._fields)

    def desired(self, contents=None):
        """The wanted HostState: that of a network file with these contents. Fails with all mistakes at once."""
        try:
            return self._load(contents or self._contents(self.given()))
        except csnet.Error as error:
            self._fail_with_problems(self._as_problems(error))

    def _problems_of_file(self):
        try:
            self._load(self._contents(self.given()))
        except csnet.Error as error:
            return self._as_problems(error)
        return []

    def _load(self, contents):
        return csnet.loads(json.dumps(contents), self._name)

    def _as_problems(self, error):
        """The problems of a file, with paths as in the task."""
        problems = []
        for problem in error.problems:
            path = problem.path
            if self._root and (path + ".").startswith(self._root + "."):
                path = path[len(self._root) + 1:]
            problems.append({"path": path, "message": problem.message, "hint": problem.hint})
        return problems

    def _fail_with_problems(self, problems):
        sentences = ["%s%s%s%s" % (each["path"], ": " if each["path"] else "", each["message"],
                                   " (hint: %s)" % each["hint"] if each["hint"] else "") for each in problems]
        self.fail_json(msg="; ".join(sentences), kind="invalid", subject=self._name, hint="", problems=problems)

    def plan(self, session, desired, **options):
        """Make the plan and its part of the result. Notes of severity warning become Ansible's warnings.

        A change that is on trial may look as wanted without being permanent. So apply() with an empty plan comes first:
        it refuses while a transaction is open, and finishes one whose process was killed.
        """
        if not self._is_rehearsal and session.transaction() is not None:
            session.apply(csnet.Plan())
        plan = session.plan(desired, **options)
        warnings = ["%s (%s)" % (note, note.hint) for note in plan.notes
                    if note.severity is csnet.Severity.warning]
        result = {"changed": bool(plan), "plan": csnet.as_dict(plan)}
        if warnings:
            result["warnings"] = warnings
        if self._diff:
            result["diff"] = plan.diff()
        return plan, result

    def bring_about(self, desired, rollback_after, **options):
        """Make the plan, and apply it except in check mode. Ends the module."""
        self.require_root()
        result = {}
        try:
            with csnet.Session() as session:
                plan, result = self.plan(session, desired, **options)
                if plan and not self.check_mode:
                    result["transaction"] = apply(session, plan, rollback_after)
        except Failure as failed:
            self.fail_json(**dict(result, **failed.values))
        except csnet.Error as error:
            self.fail_with(error, **dict(result, changed=False))
        self.exit_json(**result)


class Failure(Exception):
    """A transaction failed; `values` is its part of the result."""

    def __init__(self, values):
        super(Failure, self).__init__(values["msg"])
        self.values = values


def failure(error):
    value = csnet.as_dict(error)
    value["msg"] = value.pop("message")
    return value


def has_changed(error):
    """Whether the host is not as it was before the error."""
    return isinstance(error, csnet.TransactionError) and error.outcome is not csnet.TransactionOutcome.rolled_back


def apply(session, plan, rollback_after, checks=()):
    """Apply the plan, and return the report as a dictionary. SIGTERM rolls back.

    Raises Failure with the steps that csnet took.
    """
    def stop(*dummy):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not end the rollback
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    syslog.openlog("csnet")  # the connection may end, and with it the result
    steps = []

    def note(step):
        is_check_before = (step.phase, step.action) == (csnet.ProgressPhase.before, csnet.ProgressAction.check)
        if step.outcome is not csnet.ProgressOutcome.begun and not is_check_before:
            steps.append(csnet.as_dict(step))

    try:
        report = session.apply(plan, rollback_after=rollback_after, hard_limit=hard_limit(rollback_after),
                               checks=checks, on_progress=note)
        syslog.syslog("transaction %s committed" % report.id)
        return csnet.as_dict(report)
    except csnet.Error as error:
        values = failure(error)
        changed = has_changed(error)
        committed = changed and error.outcome is csnet.TransactionOutcome.committed_incomplete
    except KeyboardInterrupt:
        if any((step["action"], step["outcome"]) == ("commit", "done") for step in steps):
            return {"id": "", "committed": True, "steps": steps}  # the interrupt came too late
        changed = committed = False
        values = {"msg": "rolled back: interrupted", "kind": "rolled_back", "subject": "rolled back",
                  "hint": "the host is as it was", "outcome": "rolled_back", "left": []}
    syslog.syslog(syslog.LOG_ERR, "%s (%s)" % (values["msg"], values["hint"]))
    raise Failure(dict(values, changed=changed, transaction={"id": "", "committed": committed, "steps": steps}))


def hard_limit(rollback_after):
    """The seconds that the steps may take."""
    return max(300.0, 2 * rollback_after)


def _mentioned(given, spec):
    if not isinstance(given, dict):
        return given  # wrong, and csnet will report it
    found = {}
    for name, argument in spec.items():
        value = given.get(name)
        if value is None:
            continue
        inner = argument.get("options")
        if inner and isinstance(value, list):
            value = [_mentioned(each, inner) for each in value]
        elif inner:
            value = _mentioned(value, inner)
        found[name] = value
    return found
