#!/usr/bin/python
# Copyright: csnet's authors
# Apache-2.0: see the project's LICENSE

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: transaction
short_description: Commit or roll back the transaction that a host has open
version_added: 0.1.0
description:
  - Ends a transaction that C(csnet apply --no-commit) left on trial, or whose process was killed.
author: csnet's authors (@csnet)
options:
  id:
    description:
      - The id of the transaction. The task fails if no transaction with this id is open.
      - By default the open transaction. If none is open, the module changes nothing.
    type: str
  state:
    description: C(committed) writes the profiles of the transaction to disk, C(rolled_back) restores the host.
    type: str
    choices: [committed, rolled_back]
    required: true
requirements:
  - csnet, for the Python that runs the module, on the host
notes:
  - Needs root.
"""

EXAMPLES = r"""
- name: Undo an interrupted run
  csnet.network.transaction:
    state: rolled_back
"""

RETURN = r"""
transaction:
  description: The transaction. Has id, committed and steps.
  returned: when there was a transaction to end
  type: dict
"""

import signal

from ansible_collections.csnet.network.plugins.module_utils.module import Module, csnet


def main():
    module = Module(
        own=dict(
            id=dict(type="str"),
            state=dict(type="str", choices=["committed", "rolled_back"], required=True),
        ),
        supports_check_mode=True,
    )
    module.require_root()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # do not leave a commit or a rollback half done
    wanted, commits = module.params["id"], module.params["state"] == "committed"
    try:
        with csnet.Session() as session:
            found = session.transaction()
            if found is None and not wanted:
                module.exit_json(changed=False)
            if module.check_mode and found is not None and wanted in (None, found.id):
                module.exit_json(changed=True)
            which = wanted or found.id
            report = session.commit(which) if commits else session.rollback(which)
    except csnet.Error as error:
        module.fail_with(error)
    module.exit_json(changed=True, transaction=csnet.as_dict(report))


if __name__ == "__main__":
    main()
