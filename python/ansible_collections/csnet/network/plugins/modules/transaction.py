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
  - Ends a transaction that C(csnet apply --no-commit) left on trial, or whose process died.
author: csnet's authors (@csnet)
options:
  id:
    description:
      - The transaction's. The task fails when no such one is open, for it may have been rolled back meanwhile.
      - Left out, it is the one that is open; without one there is nothing to do.
    type: str
  state:
    description: What becomes of it. C(committed) writes its profiles to disk, C(rolled_back) makes the host as it was.
    type: str
    choices: [committed, rolled_back]
    required: true
requirements:
  - csnet, for the Python that runs the module, on the host
notes:
  - Needs root.
"""

EXAMPLES = r"""
- name: Whatever an interrupted run has left
  csnet.network.transaction:
    state: rolled_back
"""

RETURN = r"""
transaction:
  description: What was done. Has id, committed and steps.
  returned: when something was done
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
    from csnet.as_dict import report_as_dict

    module.require_root()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # half a commit helps nobody, nor half a rollback
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
    module.exit_json(changed=True, transaction=report_as_dict(report))


if __name__ == "__main__":
    main()
