"""Writes one HTML page about a run, with the state of each host."""

from __future__ import annotations

import contextlib
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

from ansible.plugins.callback import CallbackBase

from ansible_collections.csnet.network.plugins.plugin_utils.fleet import Event, fleet, is_csnet, makes_state, tells
from ansible_collections.csnet.network.plugins.plugin_utils.fleet_page import Run, page

DOCUMENTATION = r"""
name: fleet_report
type: aggregate
short_description: Write one HTML page with the state of each host after a run
version_added: 0.1.0
author: csnet's authors (@csnet)
description:
  - At the end of a run, also of one that C(max_fail_percentage) or a failed canary ended, writes a page with every host
    of the plays that use csnet.network. For each host it shows the state, the changes and their reasons, the address at
    which the controller reached it, the duration, and the reasons of a failure.
  - The states are failed, rolled back, unreachable, not reached (the run ended before the host's turn), would change
    (check mode), committed, and already as wanted.
  - The page is one file that loads nothing from elsewhere. It can be sorted, filtered, and sent by mail.
  - The modules of csnet.network determine the state. A host on which another task fails has failed. A failure that is
    ignored or rescued is a note. The page does not show results under C(no_log). Warnings of Ansible are in its output.
  - With several playbooks in one command, the page is about all of them. A run without csnet.network writes no page.
requirements:
  - enable it in the configuration, C(callbacks_enabled = csnet.network.fleet_report)
options:
  path:
    description:
      - The file to write. An existing one is replaced atomically. Its directory must exist.
      - A relative path is below the directory in which the command runs; in an ansible.cfg, below that file's.
    type: path
    default: ./fleet-report.html
    env:
      - name: CSNET_FLEET_REPORT
    ini:
      - section: callback_fleet_report
        key: path
"""

#: The tasks that these include are unknown before they run.
_INCLUDES = ("include_tasks", "include_role")


class CallbackModule(CallbackBase):
    """Collects the results. plugin_utils/fleet.py interprets them, fleet_page.py makes the page."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "csnet.network.fleet_report"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._began = datetime.now().astimezone()
        self._clock = time.monotonic()
        self._playbooks: List[Any] = []
        self._plays: Dict[str, _Play] = {}
        self._play: _Play
        self._started: Dict[Tuple[str, str], float] = {}
        self._events: Dict[str, List[Event]] = {}

    def v2_playbook_on_start(self, playbook: Any) -> None:
        self._playbooks.append(playbook)

    def v2_playbook_on_play_start(self, play: Any) -> None:  # once for each batch of `serial`
        self._play = self._plays.setdefault(play._uuid, _Play(play))

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        self._started[host.get_name(), task._uuid] = time.monotonic()

    def v2_runner_on_ok(self, result: Any) -> None:
        self._note("ok", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._note("skipped", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._note("failed", result, ignore_errors)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._note("unreachable", result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        for play in (play for playbook in self._playbooks for play in playbook.get_plays()):
            if play._uuid not in self._plays:  # the run ended before it
                self._plays[play._uuid] = _Play(play)
        failed = {host for host, count in stats.failures.items() if count}
        unreachable = {host for host, count in stats.dark.items() if count}
        meant = [play for play in self._plays.values() if play.is_meant(bool(failed or unreachable))]
        if meant:
            rows = fleet(self._events, [host for play in meant for host in play.hosts()], failed, unreachable)
            playbooks = [os.path.basename(playbook._file_name) for playbook in self._playbooks]
            self._write(page(rows, Run(playbooks, self._began, time.monotonic() - self._clock)))

    def _note(self, outcome: str, result: Any, ignored: bool = False) -> None:
        host, task, values = _of(result, "host").get_name(), _of(result, "task"), _of(result, "result")
        began = self._started.pop((host, task._uuid), None)
        module = _module(task)
        if tells(module, outcome, values):  # the facts of a large fleet are not kept
            self._play.used |= is_csnet(module)
            event = Event(module, outcome, values, task=task.get_name().strip(), ignored=ignored,
                          seconds=None if began is None else time.monotonic() - began, check=bool(task.check_mode))
            self._events.setdefault(host, []).append(event)

    def _write(self, text: str) -> None:
        path = Path(self.get_option("path"))
        try:
            _replace(path, text.encode("utf-8", "replace"))
            self._display.display(f"Fleet report: {path}")
        except OSError as error:
            self._display.warning(f"cannot write the fleet report: {path}: {error.strerror}")


class _Play:
    """A play, and whether it uses csnet."""

    def __init__(self, play: Any) -> None:
        self._play = play
        self.used = False  # whether a task that ran used csnet

    def hosts(self) -> List[str]:
        """The hosts of all batches of the play."""
        variables = self._play.get_variable_manager().get_vars(play=self._play)
        return list(variables["ansible_play_hosts_all"])

    def is_meant(self, broken: bool) -> bool:
        """Whether the page is about this play. In a `broken` run, tasks that it would have included may be csnet's."""
        return self.used or any(makes_state(_module(task)) or broken and task.action.split(".")[-1] in _INCLUDES
                                for task in self._tasks())

    def _tasks(self) -> Iterator[Any]:
        for task in (task for block in self._play.compile() for task in _flat(block)):
            if task.evaluate_tags(self._play.only_tags, self._play.skip_tags, {}):
                yield task


def _flat(block: Any) -> Iterator[Any]:
    for each in [*block.block, *block.rescue, *block.always]:
        if hasattr(each, "block"):
            yield from _flat(each)
        else:
            yield each


def _module(task: Any) -> str:
    """The module's full name, also if `collections:` lets the playbook use a short one."""
    return str(getattr(task, "resolved_action", None) or task.action)


def _of(result: Any, name: str) -> Any:
    """A part of a result: ansible-core 2.19 gave the parts public names, and later versions will drop the old ones."""
    return getattr(result, name, None) or getattr(result, f"_{name}")


def _replace(path: Path, content: bytes) -> None:
    """Replace the file atomically."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    file = open(temporary, "xb")
    try:
        with file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
