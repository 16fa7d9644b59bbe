#!/usr/bin/python
# Copyright: csnet's authors
# Apache-2.0: see the project's LICENSE

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: network_state
short_description: Bring several NetworkManager profiles of a host to a state, in one transaction
version_added: 0.1.0
description:
  - Adds, changes and removes bridge, VLAN, bond and ethernet profiles together. It ends with what I(probes) ask for
    reachable and the profiles on disk, or with the host as it was.
  - What is not mentioned is left alone, unless I(purge).
  - The task comes over the connection that it has. For the network that Ansible itself comes over, see
    M(csnet.network.management_network).
author: csnet's authors (@csnet)
options:
  purge:
    description:
      - Delete every bridge, VLAN, bond and ethernet profile that is not in I(profiles). Profiles of other types stay,
        and so do those that NetworkManager makes up for interfaces of others, such as the taps of VMs.
    type: bool
    default: false
  prune:
    description: Delete old profiles that would be retired, which means that they stay with autoconnect off.
    type: bool
    default: false
extends_documentation_fragment:
  - csnet.network.fields.state
  - csnet.network.transactions
"""

EXAMPLES = r"""
- name: A bridge for guests on VLAN 200
  csnet.network.network_state:
    profiles:
      - type: bridge
        name: cloudbr1
        interface_name: cloudbr1
        stp: false
        ipv4: {method: disabled}
        ipv6: {method: disabled}
      - type: vlan
        name: eth1.200
        interface_name: eth1.200
        parent: eth1
        id: 200
        controller: cloudbr1
    probes:
      - {type: tcp, target: "192.168.100.2:8250", required: true}

- name: Nothing but what the inventory says
  csnet.network.network_state:
    profiles: "{{ host_profiles }}"
    purge: true
"""

RETURN = r"""
plan:
  description: What was done, or would be; the form of C(csnet plan --json).
  returned: success, and failure once there is a plan
  type: dict
transaction:
  description: How it went, also when it was rolled back. Has id, committed and steps.
  returned: when something was to be done, and not in check mode
  type: dict
"""

from ansible_collections.csnet.network.plugins.module_utils import arguments
from ansible_collections.csnet.network.plugins.module_utils.module import Module


def main():
    module = Module(
        own=dict(
            purge=dict(type="bool", default=False),
            prune=dict(type="bool", default=False),
            rollback_after=dict(type="float", default=60.0),
        ),
        fields=arguments.STATE,
        contents=dict,
        supports_check_mode=True,
    )
    module.bring_about(module.desired(), module.params["rollback_after"], purge=module.params["purge"],
                       prune=module.params["prune"])


if __name__ == "__main__":
    main()
