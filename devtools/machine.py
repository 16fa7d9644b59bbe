"""Checks, before ./dev installs packages, that the machine can run the lab and the build."""

import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Dict, List, NamedTuple

from csnet_lab import kernel, uml
from csnet_lab.errors import LabError

from . import ROOT
from .terminal import die, say

_MEMORY, _DISK = 2, 2  # GiB: for two compilers or a lab kernel; for packages and a build


class Lack(NamedTuple):
    """Something that the machine lacks, and what to do about it."""

    what: str
    remedy: str


def look() -> None:
    """Print the machine's properties and the lab's kernel. Ends ./dev if the machine lacks something."""
    say(f"machine: {_system()}, {len(os.sched_getaffinity(0))} processors, {_memory():.0f} GiB of memory available, "
        f"{_free(ROOT):.0f} GiB free on disk")
    if lacks := list(_lacks()):
        die("this machine does not meet the requirements; nothing was changed\n"
            + "\n".join(f"  {lack.what}\n    hint: {lack.remedy}" for lack in lacks))
    say(f"lab kernel: {_kernel()}")


def check_lab_kernel() -> None:
    """Check that the lab's kernel starts here, after the installation of its packages and before the build."""
    try:
        if kernel.choose() == "uml":
            uml.check()
    except LabError as error:
        die(f"{error}" + f"\n  hint: {error.hint}" * bool(error.hint))


def _lacks() -> List[Lack]:
    found = []
    if os.geteuid() != 0 and shutil.which("sudo") is None:
        found.append(Lack("you are not root, and sudo is missing", "run ./dev as root"))
    if shutil.which("apt-get") is None:
        found.append(Lack(f"this is {_system()}, and ./dev installs Debian packages",
                          "use Debian 12 or newer, or a container or virtual machine of it"))
    if _memory() < _MEMORY:
        found.append(Lack(f"{_memory():.1f} GiB of memory are available; {_MEMORY} are needed",
                          "end other programs, or add swap"))
    for folder in {os.stat(path).st_dev: path for path in (ROOT, Path("/var/cache"))}.values():
        if _free(folder) < _DISK:
            found.append(Lack(f"{_free(folder):.1f} GiB are free on the disk of {folder}; {_DISK} are needed",
                              "apt-get clean, or delete what you do not need"))
    if error := _namespaces_refused():
        found.append(Lack(f"this machine refuses namespaces: {error}",
                          "in a container: start it with --privileged; else see /proc/sys/user/max_*_namespaces"))
    return found


def _system() -> str:
    names: Dict[str, str] = {}
    for path in (Path("/etc/os-release"), Path("/usr/lib/os-release")):
        if path.exists():
            lines = path.read_text(encoding="utf-8").splitlines()
            names = {key: value.strip("\"'") for key, _, value in (line.partition("=") for line in lines)}
            break
    return f"{names.get('PRETTY_NAME', platform.system())} on {platform.machine()}"


def _memory() -> float:
    """The available memory in GiB, with swap."""
    lines = (line.split() for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    sizes = {words[0].rstrip(":"): int(words[1]) for words in lines}
    return (sizes["MemAvailable"] + sizes["SwapFree"]) / 2**20


def _free(folder: Path) -> float:
    return shutil.disk_usage(folder).free / 2**30


def _namespaces_refused() -> str:
    """The error if the kernel refuses the namespaces of the lab; "" if it does not."""
    trial = ["unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--mount-proc", "true"]
    if os.geteuid() != 0:
        trial[1:1] = ["--user", "--map-root-user"]
    done = subprocess.run(trial, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    return done.stderr.strip() if done.returncode != 0 else ""


def _kernel() -> str:
    if shutil.which("ip") is None:  # the lab needs ip to test the kernel
        return "User-Mode-Linux, unless this kernel has VLANs and bonds"
    lacks = kernel.missing()
    if not lacks:
        return f"this one, {platform.release()}"
    try:
        name = {"uml": "User-Mode-Linux", "vm": "Debian's own in a virtual machine"}[kernel.choose()]
    except LabError:  # ./dev will install it
        name = "User-Mode-Linux"
    return f"{name}, since this kernel has no {', '.join(lacks)}"
