"""What the modules that apply a plan have in common."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment:
    DOCUMENTATION = r"""
    options:
      rollback_after:
        description:
          - Seconds, 1 to 3600, that the probes (and a controller) have once the steps are done. Then everything is
            rolled back. Also the time after which NetworkManager rolls back when the process on the host died.
        type: float
        default: 60.0
    requirements:
      - csnet, for the Python that runs the module, on the host
      - NetworkManager 1.42 or newer, on the host
    notes:
      - Needs root, except in check mode.
      - A failure has C(kind) (invalid, not_found, conflict, permission, unavailable, timeout, rolled_back, incomplete,
        unsupported or bug), C(subject), C(hint), and for bad input C(problems), each with C(path), C(message) and
        C(hint).
      - After C(rolled_back) the host is as it was. After C(incomplete) it is not. C(outcome) then says whether the
        change was taken back (C(rollback_incomplete)) or committed (C(committed_incomplete)), and C(left) lists what
        is left to do, each with C(what) and the C(command) that does it.
    """
