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
  - Makes profiles for NIC or bond, VLAN, bridge and static address, exactly as nmcli would make them.
  - Works in one transaction, which ends either with all probes passed and the profiles on disk, or with the host as it
    was. The probes are a TCP connection to port 8250 of each of I(servers), an ARP request to the gateway, and
    I(probes).
  - The options are the keys of the network file. The module does not change what the task does not mention.
author: csnet's authors (@csnet)
options:
  commit:
    description:
      - How csnet decides whether to commit. With C(by_controller), the host applies the change in the background, and
        commits when the controller has connected to it again. A host to which no controller connects within
        I(rollback_after) rolls back on its own, and the task fails with its report.
      - With C(by_host), only the probes decide, and the task waits for the host over its present connection. If the
        change cuts this connection, the task fails, and the host continues on its own. A probe that did not pass before
        the change, for example because the host had no route to the servers yet, need not pass after it, unless it is
        in I(probes) with C(required=true).
      - With C(async), C(by_controller) still ends before the task does; C(by_host) can be polled.
    type: str
    choices: [by_controller, by_host]
    default: by_controller
  connect_to:
    description:
      - With C(commit=by_controller), the address or name by which the controller must reach the host after the change.
      - By default, the controller tries I(addresses) and the present address of the host.
    type: str
  prune:
    description: Delete profiles that csnet would otherwise retire, which means to keep them with autoconnect off.
    type: bool
    default: false
  guest_vlans:
    description: The guest VLANs of the CloudStack zone, such as C(200-299,1000). Warns if the management VLAN is one.
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

- name: Connect to the new address in the next tasks
  ansible.builtin.set_fact:
    ansible_host: "{{ moved.reached_at | default(ansible_host) }}"

- name: An LACP bond of two NICs
  csnet.network.management_network:
    uplink: [eno1, eno2]
    vlan: 100
    addresses: [192.168.100.10/24]
    gateway: 192.168.100.1
    rollback_after: 120
"""

RETURN = r"""
plan:
  description: The changes that were made, or would be made in check mode, as C(csnet plan --json) prints them.
  returned: success, and failure after the plan was made
  type: dict
  contains:
    csnet:
      description: The version of the format.
      type: int
    pending:
      description: Whether there was anything to change.
      type: bool
    steps:
      description: The steps in their order, each with action, subject, name, interface_name, uuid, why, interrupts,
        interrupts_traffic, follows_at_once and changes.
      type: list
      elements: dict
    notes:
      description: Notes for the operator, each with severity, id, subject, field, message and hint.
      type: list
      elements: dict
transaction:
  description: The transaction, also if it was rolled back.
  returned: when there was anything to change, and not in check mode
  type: dict
  contains:
    id:
      description: The id of the transaction; empty if it was rolled back.
      type: str
    committed:
      description: Whether csnet committed it.
      type: bool
    steps:
      description: The steps and probes, each with what, outcome, detail, start and duration (seconds).
      type: list
      elements: dict
reached_at:
  description: The address at which the controller reached the host after the change.
  returned: when anything changed, with commit=by_controller
  type: str
  sample: 192.168.100.10
"""

import traceback

from ansible_collections.csnet.network.plugins.module_utils import arguments, controller_confirms
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
            # From the action plugin: the part of the run that this call does.
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
        module.exit_json(trial=controller_confirms.look(attempt["ticket"]))
    if step == "confirm":
        module.exit_json(trial=controller_confirms.confirm(attempt["ticket"], attempt["nonce"]))
    if module.params["commit"] == "by_controller" and not module.check_mode and not step:
        module.fail_json(msg="commit=by_controller needs the action plugin: call the module by its full name, "
                             "csnet.network.management_network, in a task")
    desired = module.desired()
    options = {"prune": module.params["prune"], "guest_vlans": module.params["guest_vlans"]}
    module.require_root()
    if step == "start":
        begin(module, attempt["ticket"], desired, options)
    module.check_mode = module.check_mode or step == "plan"
    module.bring_about(desired, module.params["rollback_after"], **options)


def begin(module, ticket, desired, options):
    """Return the plan, and let a process on the host apply it and wait for the controller. Ends the module."""
    def work(run):
        result = {}
        try:
            with csnet.Session() as session:
                plan, result = module.plan(session, desired, **options)
                run.answer(result)
                run.wait_for_module()
                if plan:
                    checks = [run.check(csnet)]
                    result["transaction"] = apply(session, plan, module.params["rollback_after"], checks)
        except Failure as failed:
            result = dict(result, failed=True, **failed.values)
        except csnet.Error as error:
            result = dict(result, changed=False, failed=True, **failure(error))
        except Exception as error:  # no other code would report it
            result = dict(result, changed=False, failed=True, kind="bug", msg="%s: %s" % (type(error).__name__, error),
                          exception=traceback.format_exc())
        run.over(result)

    module.exit_json(**controller_confirms.start(ticket, work))


if __name__ == "__main__":
    main()
