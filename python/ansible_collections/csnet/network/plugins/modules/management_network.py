#!/usr/bin/python
# Copyright: csnet's authors
# Apache-2.0: see the project's LICENSE

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: management_network
short_description: Put a KVM host's management traffic on a VLAN and a bridge of its own
version_added: 0.1.0
description:
  - NIC or bond, VLAN, bridge and static address, as NetworkManager profiles that are exactly what nmcli would make.
  - One transaction, which ends either with what the probes ask for reachable and the profiles on disk, or with the host
    as it was. The probes are TCP 8250 of each of I(servers), the gateway's ARP, and I(probes).
  - The options are the keys of csnet's network file. What is not mentioned is left alone.
author: csnet's authors (@csnet)
options:
  commit:
    description:
      - Who decides that the new network stays. C(by_controller) applies it in the background on the host; the
        controller then connects anew, and only when it got through does the host commit. A host that sees nobody within
        I(rollback_after) rolls back alone, and the task fails with its report.
      - C(by_host) lets the probes alone decide, and the task waits for the host over the connection it has. Where that
        connection is cut, so is the task; the host goes on by itself. A probe that did not pass before the change, as
        when there was no way to the servers yet, is not asked for after it, unless it is in I(probes) with
        C(required=true).
      - With C(async), C(by_controller) still ends before the task does; C(by_host) can be polled.
    type: str
    choices: [by_controller, by_host]
    default: by_controller
  connect_to:
    description:
      - With C(commit=by_controller) the address or name by which the controller must get through after the change.
      - Left out, it is one of I(addresses), or the address that the host has for Ansible now.
    type: str
  prune:
    description: Delete old profiles that would be retired, which means that they stay with autoconnect off.
    type: bool
    default: false
  guest_vlans:
    description: The zone's guest VLANs, C(200-299,1000). Warns where the management VLAN is among them.
    type: str
    default: ""
extends_documentation_fragment:
  - csnet.network.fields.management
  - csnet.network.fields.state
  - csnet.network.transactions
"""

EXAMPLES = r"""
- name: Management traffic on VLAN 100
  csnet.network.management_network:
    uplink: eth0
    vlan: 100
    bridge: cloudbr0
    addresses: ["{{ management_address }}/24"]
    gateway: 192.168.100.1
    servers: [192.168.100.2]
    stp: false
  register: moved

- name: The next tasks come over the new address
  ansible.builtin.set_fact:
    ansible_host: "{{ moved.reached_at | default(ansible_host) }}"

- name: Two NICs, which become an LACP bond
  csnet.network.management_network:
    uplink: [eno1, eno2]
    vlan: 100
    addresses: [192.168.100.10/24]
    gateway: 192.168.100.1
    rollback_after: 120
"""

RETURN = r"""
plan:
  description: What was done, or would be; the form of C(csnet plan --json).
  returned: success, and failure once there is a plan
  type: dict
  contains:
    csnet:
      description: The version of this form.
      type: int
    pending:
      description: Whether something was to be done.
      type: bool
    steps:
      description: In their order, each with action, subject, name, interface_name, uuid, why, interrupts,
        interrupts_traffic, follows_at_once and changes.
      type: list
      elements: dict
    notes:
      description: What an operator should know, each with severity, id, subject, field, message and hint.
      type: list
      elements: dict
transaction:
  description: How it went, also when it was rolled back.
  returned: when something was to be done, and not in check mode
  type: dict
  contains:
    id:
      description: The transaction's; empty when it was rolled back.
      type: str
    committed:
      description: Whether it lasts.
      type: bool
    steps:
      description: Steps and probes, each with what, outcome, detail, start and duration (seconds).
      type: list
      elements: dict
reached_at:
  description: The address over which the controller got through.
  returned: when something changed, with commit=by_controller
  type: str
  sample: 192.168.100.10
"""

import traceback

from ansible_collections.csnet.network.plugins.module_utils import arguments, trial
from ansible_collections.csnet.network.plugins.module_utils.module import Failure, Module, apply, csnet, failure


def as_file(given):
    contents = {name: given.pop(name) for name in arguments.STATE if name in given}
    return dict(contents, management=given)


def main():
    module = Module(
        own=dict(
            commit=dict(type="str", choices=["by_controller", "by_host"], default="by_controller"),
            connect_to=dict(type="str"),
            prune=dict(type="bool", default=False),
            guest_vlans=dict(type="str", default=""),
            rollback_after=dict(type="float", default=60.0),
            # Of the action plugin: where in the course of things this call is.
            _trial=dict(type="dict", options=dict(
                step=dict(type="str", choices=["plan", "start", "look", "confirm"]),
                ticket=dict(type="str"),
                nonce=dict(type="str", no_log=True),
            )),
        ),
        fields=dict(arguments.MANAGEMENT, **arguments.STATE),
        contents=as_file,
        root="management",
        supports_check_mode=True,
    )
    attempt = module.params["_trial"] or {}
    step = attempt.get("step")
    if step == "look":
        module.exit_json(trial=trial.look(attempt["ticket"]))
    if step == "confirm":
        module.exit_json(trial=trial.confirm(attempt["ticket"], attempt["nonce"]))
    if module.params["commit"] == "by_controller" and not module.check_mode and not step:
        module.fail_json(msg="commit=by_controller is what the action plugin does: call the module by its full name, "
                             "csnet.network.management_network, in a task")
    desired = module.desired()
    options = {"prune": module.params["prune"], "guest_vlans": module.params["guest_vlans"]}
    module.require_root()
    if step == "start":
        begin(module, attempt["ticket"], desired, options)
    module.check_mode = module.check_mode or step == "plan"
    module.bring_about(desired, module.params["rollback_after"], **options)


def begin(module, ticket, desired, options):
    """The plan is the answer; a process that goes on applies it, and waits for a controller."""
    def work(attempt):
        result = {}
        try:
            with csnet.Session() as session:
                plan, result = module.plan(session, desired, **options)
                attempt.answer(result)
                attempt.wait_for_module()
                if plan:
                    checks = [attempt.check(csnet)]
                    result["transaction"] = apply(session, plan, module.params["rollback_after"], checks)
        except Failure as failed:
            result = dict(result, failed=True, **failed.values)
        except csnet.Error as error:
            result = dict(result, changed=False, failed=True, **failure(error))
        except Exception as error:  # nobody else would say it
            result = dict(result, changed=False, failed=True, kind="bug", msg="%s: %s" % (type(error).__name__, error),
                          exception=traceback.format_exc())
        attempt.over(result)

    module.exit_json(**trial.start(ticket, work))


if __name__ == "__main__":
    main()
