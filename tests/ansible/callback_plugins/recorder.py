"""Appends each result to a file as a line of JSON, as it comes: what a test reads, beside what an operator reads."""

import json
import os
from typing import Any

from ansible.parsing.ajson import AnsibleJSONEncoder  # type: ignore[import]  # has no types
from ansible.plugins.callback import CallbackBase  # type: ignore[import]

DOCUMENTATION = """
    name: recorder
    type: notification
    short_description: writes results to the file that CSNET_RECORD names
    description: One JSON object a line, with host, task, status and result.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "recorder"
    CALLBACK_NEEDS_ENABLED = True

    def _record(self, status: str, one: Any) -> None:
        line = {
            "host": one._host.get_name(),
            "task": one.task_name,
            "action": one._task.action,
            "status": status,
            "result": one._result,
        }
        # Opened for each line: a play with serial has callbacks of its own, and a fork may be writing beside.
        with open(os.environ["CSNET_RECORD"], "a", encoding="utf-8") as record:
            record.write(json.dumps(line, cls=AnsibleJSONEncoder) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record("unreachable", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._record("skipped", result)
