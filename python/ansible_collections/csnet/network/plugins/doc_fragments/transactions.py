"""The options, requirements and notes of the modules that apply a plan."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment:
    DOCUMENTATION = r"""
    options:
      rollback_after:
        description:
          - Seconds, 1 to 3600, within which the probes must pass (and the controller must connect) after the steps.
            csnet rolls back when they are over. NetworkManager rolls back after the same time if the process on the
            host is killed.
        type: float
        default: 60.0
    requirements:
      - csnet, for the Python that runs the module, on the host
      - NetworkManager 1.42 or newer, on the host
    notes:
      - Needs root, except in check mode.
      - A failure has C(kind) (invalid, not_found, conflict, permission, unavailable, timeout, rolled_back, incomplete,
        unsupported or bug), C(subject), C(hint), and for wrong input C(problems), each with C(path), C(message) and
        C(hint).
      - After C(rolled_back) the host is as it was. After C(incomplete) it is not. Then C(outcome) says whether csnet
        undid the change (C(rollback_incomplete)) or committed it (C(committed_incomplete)), and C(left) lists what is
        left to do, each with C(what) and the C(command) that does it.
    """
