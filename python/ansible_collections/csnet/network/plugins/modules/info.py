#!/usr/bin/python
# Copyright: csnet's authors
# Apache-2.0: see the project's LICENSE

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: info
short_description: Read the profiles, interfaces and open transaction of a host
version_added: 0.1.0
description:
  - Reads profiles and devices from NetworkManager. Changes nothing.
author: csnet's authors (@csnet)
options: {}
requirements:
  - csnet, for the Python that runs the module, on the host
notes:
  - Does not need root, except for I(transaction), because only root can read csnet's journal.
"""

EXAMPLES = r"""
- name: Read the network
  csnet.network.info:
  register: network

- name: Interfaces without a carrier
  ansible.builtin.debug:
    msg: "{{ network.devices | rejectattr('carrier') | map(attribute='interface_name') }}"
"""

RETURN = r"""
version:
  description: NetworkManager's version.
  returned: always
  type: str
  sample: 1.42.4
csnet_version:
  description: csnet's version.
  returned: always
  type: str
profiles:
  description:
    - Every bridge, VLAN, bond and ethernet profile, with its type, its uuid and the fields that differ from
      NetworkManager's defaults, as in the network file.
  returned: always
  type: list
  elements: dict
devices:
  description:
    - Every interface that NetworkManager has, with interface_name, type, state, mac_address, mtu, carrier, controller,
      ports, profile (a uuid, or null), addresses, stale (its profile was changed since it came up) and persistent
      (whether its profile is on disk).
  returned: always
  type: list
  elements: dict
transaction:
  description: The open transaction, with id, state, holder, left (seconds) and profiles; null if none is open.
  returned: always
  type: dict
"""

from ansible_collections.csnet.network.plugins.module_utils.module import Module, csnet


def main():
    module = Module(own={}, supports_check_mode=True)
    try:
        with csnet.Session() as session:
            result = {
                "version": session.version,
                "csnet_version": csnet.__version__,
                "profiles": [csnet.as_dict(profile) for profile in session.profiles()],
                "devices": [csnet.as_dict(device) for device in session.devices()],
                "transaction": None,
            }
            try:
                found = session.transaction()
                result["transaction"] = csnet.as_dict(found) if found else None
            except csnet.PermissionError:
                module.warn("cannot tell whether a transaction is open: only root can read csnet's journal")
    except csnet.Error as error:
        module.fail_with(error)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
