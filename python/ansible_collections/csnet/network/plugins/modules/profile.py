#!/usr/bin/python
# Copyright: csnet's authors
# Apache-2.0: see the project's LICENSE

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: profile
short_description: One NetworkManager profile of a bridge, VLAN, bond, NIC, or port
version_added: 0.1.0
description:
  - Adds, changes, removes, activates or deactivates one profile. A change is one transaction, which is rolled back when
    it cannot be brought into force.
  - What is not mentioned is left alone; a new profile gets what C(nmcli connection add) gives it. The profile is found
    by I(uuid), or else by I(interface_name) and I(type), and keeps its name.
author: csnet's authors (@csnet)
options:
  state:
    description:
      - C(present) makes the profile, and brings it into force unless I(autoconnect) is false.
      - C(up) does the same, and activates it in any case. Without I(type) the profile has to be there.
      - C(down) deactivates it, C(absent) deletes it. Both know it by I(uuid), I(name) or I(interface_name), the first
        that is given.
    type: str
    choices: [present, absent, up, down]
    default: present
  type:
    description: What the profile is of. Needed to make or change one.
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

- name: By nmcli's own words
  csnet.network.profile:
    type: vlan
    con-name: eth1.200
    ifname: eth1.200
    dev: eth1
    id: 200
    master: cloudbr1

- name: Gone
  csnet.network.profile:
    name: cloudbr1
    state: absent
"""

RETURN = r"""
plan:
  description: What was done, or would be; the form of C(csnet plan --json).
  returned: with state present and absent, and with state up where type is given
  type: dict
transaction:
  description: How it went, also when it was rolled back. Has id, committed and steps.
  returned: when profiles were to be changed, and not in check mode
  type: dict
profile:
  description: The uuid of the profile that was activated or deactivated.
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
    """Up or down, after `desired` is there. Ends the module."""
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
                if not wants_up or result["changed"]:  # nothing is up; or it is still to be made, in check mode
                    module.exit_json(**result)
                module.fail_json(msg="there is no profile '%s'" % which, kind="not_found", subject=which,
                                 hint="give its type and fields, and it is made")
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
