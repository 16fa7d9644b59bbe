"""Ansible in a host of the lab: one module as a task, with its result."""

import json
from pathlib import Path
from typing import Any, Dict, Optional

import csnet
from csnet_lab import Host
from pseudo_locale import plain

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(csnet.__file__).absolute().parents[1]
#: The collection of the build tree, and Debian's package ansible beside it.
COLLECTIONS = f"{PACKAGE}:/usr/lib/python3/dist-packages"


def environment(home: Path) -> Dict[str, str]:
    """What Ansible needs to find the collection, and csnet on the host, and to keep its files in `home`."""
    return {
        "HOME": str(home), "ANSIBLE_HOME": str(home / ".ansible"), "ANSIBLE_REMOTE_TMP": str(home / "remote"),
        "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS, "PYTHONPATH": str(PACKAGE), "ANSIBLE_NOCOWS": "1",
        "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3", "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_STDOUT_CALLBACK": "json", "ANSIBLE_LOAD_CALLBACK_PLUGINS": "true",
        "ANSIBLE_RETRY_FILES_ENABLED": "false", "ANSIBLE_ASYNC_DIR": str(home / "async"),
    }  # fmt: skip


class Ansible:
    """`ansible localhost` on a host, whose module process finds csnet as the host has it."""

    def __init__(self, host: Host, home: Path) -> None:
        self._host = host
        self._environment = environment(home)

    def task(self, module: str, arguments: Optional[Dict[str, Any]] = None, *, check: bool = False, diff: bool = False,
             background: int = 0, **variables: str) -> Dict[str, Any]:
        """The result of a task of csnet.network, also when it failed. `background`: seconds, as `async` in a play."""
        words = ["ansible", "--inventory", "localhost,", "localhost", "--connection", "local"]
        words += ["--module-name", f"csnet.network.{module}"]
        words += ["--args", json.dumps(arguments)] if arguments else []
        words += ["--check"] * check + ["--diff"] * diff
        words += [f"--background={background}", "--poll=1"] if background else []
        done = self._host.run(words, environment={**self._environment, **variables}, check=False)
        assert done.stdout.lstrip().startswith("{"), done.stdout + done.stderr
        result: Dict[str, Any] = plain(json.loads(done.stdout))["plays"][0]["tasks"][0]["hosts"]["localhost"]
        assert "Traceback" not in json.dumps(result) or "exception" in result, result
        return result
