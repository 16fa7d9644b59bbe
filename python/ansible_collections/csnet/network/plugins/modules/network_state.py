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
  - Adds, changes and deletes bridge, VLAN, bond and ethernet profiles together, in one transaction. It ends either with
    all I(probes) passed and the profiles on disk, or with the host as it was.
  - Without I(purge), the module does not change what the task does not mention.
  - The task uses its present connection to the host. To change the network over which Ansible reaches the host, use
    M(csnet.network.management_network).
author: csnet's authors (@csnet)
options:
  purge:
    description:
      - Delete every bridge, VLAN, bond and ethernet profile that is not in I(profiles). csnet keeps profiles of other
        types, and those that NetworkManager generates for external interfaces, such as the taps of VMs.
    type: bool
    default: false
  prune:
    description: Delete profiles that csnet would otherwise retire, which means to keep them with autoconnect off.
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

- name: Exactly the profiles of the inventory
  csnet.network.network_state:
    profiles: "{{ host_profiles }}"
    purge: true
"""

RETURN = r"""
plan:
  description: The changes that were made, or would be made in check mode, as C(csnet plan --json) prints them.
  returned: success, and failure after the plan was made
  type: dict
transaction:
  description: The transaction, also if it was rolled back. Has id, committed and steps.
  returned: when there was anything to change, and not in check mode
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
