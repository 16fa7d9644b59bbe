#!/usr/bin/python
# Copyright: csnet's authors
# Apache-2.0: see the project's LICENSE

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: info
short_description: The profiles, interfaces and open transaction of a host
version_added: 0.1.0
description:
  - Reads what NetworkManager has. Changes nothing.
author: csnet's authors (@csnet)
options: {}
requirements:
  - csnet, for the Python that runs the module, on the host
notes:
  - Needs no root, but for I(transaction), since whether one is open is in a file of root's.
"""

EXAMPLES = r"""
- name: What is there
  csnet.network.info:
  register: network

- name: Interfaces without a carrier
  ansible.builtin.debug:
    msg: "{{ network.devices | rejectattr('carrier') | map(attribute='interface_name') }}"
"""

RETURN = r"""
version:
  description: NetworkManager's.
  returned: always
  type: str
  sample: 1.42.4
csnet_version:
  description: csnet's.
  returned: always
  type: str
profiles:
  description:
    - Every bridge, VLAN, bond and ethernet profile, with its type, uuid and what differs from NetworkManager's default;
      the form of the network file.
  returned: always
  type: list
  elements: dict
devices:
  description:
    - Every interface that NetworkManager sees, with interface_name, type, state, mac_address, mtu, carrier, controller,
      ports, profile (a uuid), addresses and persistent (whether its profile is on disk).
  returned: always
  type: list
  elements: dict
transaction:
  description: The transaction that is not over, with id, state, holder, left (seconds) and profiles; null without one.
  returned: always
  type: dict
"""

from ansible_collections.csnet.network.plugins.module_utils.module import Module, csnet


def main():
    module = Module(own={}, supports_check_mode=True)
    from csnet.as_dict import device_as_dict, transaction_as_dict
    from csnet.network_file.writing import profile_as_dict

    try:
        with csnet.Session() as session:
            result = {
                "version": session.version,
                "csnet_version": csnet.__version__,
                "profiles": [profile_as_dict(profile) for profile in session.profiles()],
                "devices": [device_as_dict(device) for device in session.devices()],
                "transaction": None,
            }
            try:
                found = session.transaction()
                result["transaction"] = transaction_as_dict(found) if found else None
            except csnet.PermissionError:
                module.warn("whether a transaction is open, only root can see")
    except csnet.Error as error:
        module.fail_with(error)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
