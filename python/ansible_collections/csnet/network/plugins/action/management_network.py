"""On the controller: lets a host change the network over which Ansible reaches it, and connects to it again."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import secrets
import time

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.csnet.network.plugins.plugin_utils.doors import Doors

display = Display()

_BETWEEN_ATTEMPTS = 1.0
#: Seconds after which a host that does not know the run has restarted, or has never been able to start it.
_UNKNOWN_FOR = 30.0


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        self._supports_async = True
        result = super(ActionModule, self).run(tmp, task_vars)
        by_controller = self._task.args.get("commit", "by_controller") == "by_controller"
        if self._task.check_mode or not by_controller:
            result.update(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
            return result
        self._task.async_val = 0  # the controller must confirm, so it cannot poll later
        result.update(self._module("plan", task_vars))
        if result.get("failed") or not result.get("changed"):
            return result
        return _Attempt(self, task_vars).run()

    def _module(self, step, task_vars, **values):
        args = dict(self._task.args, _trial=dict(values, step=step))
        return self._execute_module(module_name=self._task.action, module_args=args, task_vars=task_vars)


class _Attempt(object):
    """One change of one host, from its start to the host's result."""

    def __init__(self, action, task_vars):
        self._action = action
        self._task_vars = task_vars
        args = action._task.args
        self._doors = Doors(action._connection, action._play_context)
        self._ways = self._ways_in(args.get("connect_to"), args.get("addresses") or [])
        self._ticket = secrets.token_hex(16)
        rollback_after = float(args.get("rollback_after", 60))
        # The host's own limits, and time for a last attempt.
        self._seconds = max(300.0, 2 * rollback_after) + rollback_after + 60
        self._errors = {}
        self._arrived = False  # whether the host has known the run
        self._leftovers = None  # a temporary directory on the host; None with pipelining

    def _ways_in(self, asked_for, addresses):
        """The addresses to try, new ones first, each with whether a connection to it may confirm the change."""
        home = self._doors.home
        if not self._doors.can_be_elsewhere:
            return {home: True}
        if asked_for:
            return {asked_for: True, **({} if asked_for == home else {home: False})}
        given = addresses.split(",") if isinstance(addresses, str) else addresses
        return dict.fromkeys([str(each).strip().split("/")[0] for each in given] + [home], True)

    def run(self):
        with self._doors:
            begun = self._begin()
            return begun if begun.get("failed") or not begun.get("changed") else self._come_back()

    def _begin(self):
        """Start the run, and return the first answer. If the connection fails, the host may have started it anyway."""
        try:
            begun = self._action._module("start", self._task_vars, ticket=self._ticket)
        except AnsibleConnectionFailure as error:
            display.vv("%s: %s" % (self._doors.home, error))
            return {"changed": True}
        self._leftovers = self._action._connection._shell.tmpdir
        self._arrived = True
        return begun

    def _come_back(self):
        began = known = time.monotonic()
        while time.monotonic() < began + self._seconds:
            states = []
            for address, may_confirm in self._ways.items():
                answer = self._ask(address, may_confirm)
                states.append(answer.get("state"))
                if answer.get("state") == "over":
                    self._remove(self._leftovers)
                    return self._final(answer["result"], address)
            self._arrived = self._arrived or not {"applying", "trial"}.isdisjoint(states)
            if "unknown" not in states or "applying" in states or "trial" in states:
                known = time.monotonic()
            elif time.monotonic() > known + _UNKNOWN_FOR:
                return self._failure("the host does not know this run: it did not start it, or has restarted since",
                                     "a host that restarts during a trial is as it was before; run the play again")
            elif not self._arrived:  # the first connection failed; a host starts a ticket only once
                self._doors.take(self._doors.home)
                begun = self._begin()
                if begun.get("failed") or not begun.get("changed"):
                    return begun
            time.sleep(_BETWEEN_ATTEMPTS)  # there is no event for a host that becomes reachable
        reasons = ["%s: %s" % pair for pair in self._errors.items()] or ["it is still applying the change"]
        return self._failure("the controller cannot reach the host after the change: " + "; ".join(reasons),
                             "without the controller, the host rolls back on its own; csnet logs the outcome to the"
                             " host's syslog")

    def _ask(self, address, may_confirm):
        """The report of the host at this address about the run; {} if the controller cannot connect."""
        try:
            self._doors.take(address)
            said = self._module("look")
            if said["state"] == "trial" and may_confirm:
                said = self._module("confirm", nonce=said["nonce"])
            self._errors.pop(address, None)
            return said
        except AnsibleError as error:  # a failed connection raises one, too
            lines = str(error).strip().splitlines() or ["no answer"]
            self._errors[address] = lines[-1]
            display.vv("%s: %s" % (address, error))
            return {}

    def _remove(self, directory):
        if directory:
            self._action._remove_tmp_path(directory)

    def _module(self, step, **values):
        answer = self._action._module(step, self._task_vars, ticket=self._ticket, **values)
        self._remove(self._action._connection._shell.tmpdir)
        if "trial" not in answer:
            raise AnsibleError(answer.get("msg", "no answer"))
        return answer["trial"]

    def _final(self, result, address):
        if not result.get("failed"):
            result["reached_at"] = address
        return result

    @staticmethod
    def _failure(message, hint):
        return {"failed": True, "changed": False, "msg": message, "hint": hint, "kind": "unavailable"}
