#!/usr/bin/python
# Copyright: csnet's authors
# Apache-2.0: see the project's LICENSE

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: profile
short_description: Manage one NetworkManager profile of a bridge, VLAN, bond or NIC
version_added: 0.1.0
description:
  - Adds, changes, deletes, activates or deactivates one profile. A change is one transaction, which csnet rolls back if
    the profile cannot be activated.
  - The module does not change what the task does not mention; a new profile gets the defaults of C(nmcli connection
    add). csnet finds the profile by I(uuid), or else by I(interface_name) and I(type), and keeps its name.
author: csnet's authors (@csnet)
options:
  state:
    description:
      - C(present) adds or changes the profile, and activates it unless I(autoconnect) is false.
      - C(up) does the same, and always activates it. Without I(type) the profile must exist.
      - C(down) deactivates it, C(absent) deletes it. Both find it by I(uuid), I(name) or I(interface_name), the first
        of them that the task gives.
    type: str
    choices: [present, absent, up, down]
    default: present
  type:
    description: The type of the profile. Needed to add or change one.
    type: str
    required: false
    choices: [bridge, vlan, bond, ethernet]
extends_documentation_fragment:
  - csnet.network.fields.profile
  - csnet.network.transactions
"""

EXAMPLES = r"""
- name: A bridge
  csnet.network.profile:
    type: bridge
    name: cloudbr1
    interface_name: cloudbr1
    stp: false
    ipv4: {method: disabled}

- name: VLAN 200 of eth1 as its port
  csnet.network.profile:
    type: vlan
    name: eth1.200
    interface_name: eth1.200
    parent: eth1
    id: 200
    controller: cloudbr1
    port: {type: bridge, path_cost: 10}

- name: With the names that nmcli uses
  csnet.network.profile:
    type: vlan
    con-name: eth1.200
    ifname: eth1.200
    dev: eth1
    id: 200
    master: cloudbr1

- name: No such profile
  csnet.network.profile:
    name: cloudbr1
    state: absent
"""

RETURN = r"""
plan:
  description: The changes that were made, or would be made in check mode, as C(csnet plan --json) prints them.
  returned: with state present and absent, and with state up where type is given
  type: dict
transaction:
  description: The transaction, also if it was rolled back. Has id, committed and steps.
  returned: when there was any profile to change, and not in check mode
  type: dict
profile:
  description: The uuid of the activated or deactivated profile.
  returned: with state up and down
  type: str
"""

from ansible_collections.csnet.network.plugins.module_utils import arguments
from ansible_collections.csnet.network.plugins.module_utils.module import Failure, Module, apply, csnet

NAMES = ("uuid", "name", "interface_name")


def main():
    module = Module(
        own=dict(
            state=dict(type="str", choices=["present", "absent", "up", "down"], default="present"),
            rollback_after=dict(type="float", default=60.0),
        ),
        fields=dict(arguments.PROFILE, type=dict(arguments.PROFILE["type"], required=False)),
        contents=lambda given: {"profiles": [given]} if "type" in given else {},
        root="profiles[0]",
        supports_check_mode=True,
        required_if=[("state", "present", ["type"])],
        required_one_of=[NAMES],
    )
    state, given = module.params["state"], module.given()
    which = next(given[name] for name in NAMES if given.get(name))
    seconds = module.params["rollback_after"]
    if state == "absent":
        module.bring_about(module.desired({"remove": [which]}), seconds)
    if state == "present":
        module.bring_about(module.desired(), seconds)
    switch(module, which, module.desired() if "type" in given and state == "up" else None, state == "up")


def switch(module, which, desired, wants_up):
    """Apply `desired`, if any, then activate or deactivate the profile. Ends the module."""
    module.require_root()
    result = {"changed": False}
    try:
        with csnet.Session() as session:
            if desired is not None:
                plan, result = module.plan(session, desired)
                if plan and not module.check_mode:
                    result["transaction"] = apply(session, plan, module.params["rollback_after"])
            found = session.find(which)
            if found is None:
                if not wants_up or result["changed"]:  # not active; or check mode did not make it
                    module.exit_json(**result)
                module.fail_json(msg="no profile is named '%s'" % which, kind="not_found", subject=which,
                                 hint="give its type and fields, and the module adds it")
            result["profile"] = found.uuid
            is_up = any(device.profile == found.uuid for device in session.devices())
            if is_up != wants_up:
                result["changed"] = True
                if not module.check_mode:
                    (session.activate if wants_up else session.deactivate)(found.uuid)
    except Failure as failed:
        module.fail_json(**dict(result, **failed.values))
    except csnet.Error as error:
        module.fail_with(error, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
