"""A host whose plan changes one thing more than profiles: the address of tests/kernel/toy_resource.cpp."""

import json
import os
from pathlib import Path
from typing import List

from death import Story

PROGRAM = Path(os.environ["CSNET_BUILD"]) / "tests/kernel/toy_resource"
ADDRESS = "10.77.0.1/32"


class ToyStory(Story):
    stage = "network"

    def apply_command(self, rollback_after: float, until: int) -> List[str]:
        return [str(PROGRAM), "apply", json.dumps(self.wanted), str(rollback_after), str(until), self.stage]

    def end_command(self, how: str) -> List[str]:
        return [str(PROGRAM), how, self.stage]

    def reset(self) -> None:
        self._remove_address()
        self._file.unlink(missing_ok=True)
        super().reset()

    def cut_power(self) -> None:
        """The kernel's addresses are lost; the toy's is set again from its file, as by a distribution's service."""
        self._remove_address()
        super().cut_power()
        if self._file.exists():
            self.host.run(["ip", "addr", "add", ADDRESS, "dev", "lo"])

    def is_old(self) -> List[str]:
        wrong = [] if not self._lifetime() else [f"the toy's address is there: {self._lifetime()}"]
        wrong += ["the toy's file is there"] if self._file.exists() else []
        return wrong or super().is_old()

    def is_new(self) -> List[str]:
        wrong = [] if self._lifetime() == "forever" else [f"the toy's address: {self._lifetime() or 'not there'}"]
        wrong += [] if self._file.exists() else ["the toy's file is not there"]
        return wrong or super().is_new()

    @property
    def _file(self) -> Path:
        return self.host.root / "var/lib/toy"

    def _lifetime(self) -> str:
        """"forever", "3sec", or "" when it is not there."""
        shown = json.loads(self.host.run(["ip", "-j", "addr", "show", "dev", "lo", "to", ADDRESS]).stdout or "[]")
        lives = [each["valid_life_time"] for link in shown for each in link.get("addr_info", [])
                 if each]  # an empty one stands for each address that was not asked for
        return "" if not lives else "forever" if lives[0] == 2**32 - 1 else f"{lives[0]}sec"

    def _remove_address(self) -> None:
        if self._lifetime():
            self.host.run(["ip", "addr", "del", ADDRESS, "dev", "lo"])


class ToyServiceStory(ToyStory):
    """The toy is tried after the probes."""

    stage = "service"
