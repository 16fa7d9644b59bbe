"""The progress of `csnet apply`: a live display on a terminal (with rich), else one line for each step that ended."""

from __future__ import annotations

import contextlib
import os
import time
from typing import Any

import csnet
from csnet.cli.output import Output

_COLOURS = {
    csnet.ProgressOutcome.begun: "cyan", csnet.ProgressOutcome.done: "green", csnet.ProgressOutcome.failed: "red",
    csnet.ProgressOutcome.skipped: "dim",
}


class Progress:
    """A callable for Session.apply(on_progress=…), used as a context manager around it."""

    def __init__(self, out: Output, rollback_after: float) -> None:
        self.committed = False
        self._out = out
        self._rollback_after = rollback_after
        self._steps: dict[Any, csnet.Progress] = {}
        self._probing_since: float | None = None
        self._rolling_back = False
        self._begin = time.monotonic()
        self._live: Any = None

    def __enter__(self) -> Progress:
        if self._out.terminal:
            with contextlib.suppress(ImportError):  # rich is optional
                self._live = _live(self._render, self._out)
                self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._live is not None:
            with contextlib.suppress(OSError):
                self._live.stop()

    def __call__(self, step: csnet.Progress) -> None:
        if step.phase is csnet.ProgressPhase.after:
            self._probing_since = self._probing_since or time.monotonic()
        else:
            self._probing_since = None
        self._rolling_back = self._rolling_back or step.action is csnet.ProgressAction.roll_back
        self.committed = self.committed or (step.action, step.outcome) == (
            csnet.ProgressAction.commit, csnet.ProgressOutcome.done)
        self._steps[step.phase, step.action, step.subject, step.start] = step
        if self._live is None and step.outcome is not csnet.ProgressOutcome.begun:
            with contextlib.suppress(OSError):  # losing the terminal must not stop the transaction
                self._out.say(_line(step, self._out))

    def detach(self) -> None:
        """Send all further output to /dev/null: the terminal is gone."""
        with contextlib.suppress(OSError):
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            os.close(null)

    def countdown(self) -> str:
        """A text on how the transaction ends if the operator does nothing, and when."""
        if self._rolling_back:
            return "rolling back"
        if self._probing_since is None:
            return f"Ctrl-C rolls back; if csnet is killed, NetworkManager does so within {self._rollback_after:g} s"
        left = self._rollback_after - (time.monotonic() - self._probing_since)
        return f"rolls back in {max(left, 0):.0f} s unless the probes pass (Ctrl-C: at once)"

    def _render(self) -> Any:
        from rich.text import Text

        now = time.monotonic() - self._begin
        lines: list[Any] = []
        for step in list(self._steps.values()):
            word, colour = _word(step)
            line = Text(f"  {word:<8}", style=colour)
            seconds = step.duration if step.outcome is not csnet.ProgressOutcome.begun else now - step.start
            line.append(f"{seconds:5.1f} s  {step}", style="default")
            line.append(f": {step.detail}" if step.detail else "", style="dim")
            lines.append(line)
        if not self.committed:
            lines.append(Text(f"  {self.countdown()}", style="yellow"))
        return Text("\n").join(lines)


def _word(step: csnet.Progress) -> tuple[str, str]:
    """How the step ended, in a word, and the word's colour."""
    if step.outcome is csnet.ProgressOutcome.failed and step.phase is csnet.ProgressPhase.before:
        return "no", "dim"  # expected on a new host, where no probe passes before the change
    word = "…" if step.outcome is csnet.ProgressOutcome.begun else step.outcome.value
    return word, _COLOURS[step.outcome]


def _line(step: csnet.Progress, out: Output) -> str:
    word, colour = _word(step)
    detail = f": {step.detail}" if step.detail else ""
    return f"  {out.style(f'{word:<8}', colour)}{step.duration:5.1f} s  {step}{detail}"


def _live(render: Any, out: Output) -> Any:
    from rich.console import Console
    from rich.live import Live

    console = Console(no_color=out.style("x", "bold") == "x", highlight=False)
    return Live(get_renderable=render, console=console, refresh_per_second=8, vertical_overflow="visible")
