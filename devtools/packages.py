"""The Debian packages, in groups. Each command of ./dev installs only the groups that it needs."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import List, Optional

from .processes import run
from .terminal import die, say

PACKAGES = {
    "build": "g++ cmake ninja-build libfmt-dev pybind11-dev python3-dev"
             " nlohmann-json3-dev"                    # plans as JSON, and the journal
             " ccache"                                # makes a rebuild after a change of branch fast
             " pkgconf libnm-dev"                     # NetworkManager's C library, found by its .pc file
             " libyaml-dev",                          # network files are YAML
    "lab": "network-manager dbus iproute2 systemd"    # a real daemon, in namespaces
           " user-mode-linux kmod"                    # a kernel with VLANs and bonds, if the running one has none
           " iputils-ping tcpdump"                    # the network as other hosts see it
           " python3-rich",                           # the command's live display
    "virtual machine": "qemu-system-x86 busybox-static",  # the lab's kernel with nftables' inet and NICs that coalesce
    "test": "libgtest-dev libbenchmark-dev"           # the second measures how planning scales
            " python3-pytest python3-hypothesis"
           " python3-yaml"                            # the tests' own tables, and a second reader of network files
            " python3-pytest-xdist"                   # a test that ends its process fails alone
            " python3-pytest-timeout"                 # a test that hangs fails alone
            " python3-argcomplete"                    # the command's completion
            " python3-pexpect"                        # the command on a terminal
            " python3-jsonschema"                     # holds the network file's schema to good and bad files
            " zsh mandoc groff-base"                  # completion and man pages, as users see them
            " ansible openssh-server openssh-client"  # the collection, over real SSH, beside community.general.nmcli
            " ansible-lint yamllint python3-voluptuous python3-html5lib git"  # Ansible's checks of it
            " nftables"                               # tests a kernel for nftables
            " abigail-tools"                          # compares ABIs
            " valgrind"                               # counts instructions, independently of the machine's load
            " mypy",                                  # holds the stub to the module
    "lint": "clang-14 clang-tidy-14 clang-format-14 mypy flake8 shellcheck"
            " python3-typeshed",                      # the types of yaml for mypy
    "docs": "doxygen",
    "other NetworkManager": "debootstrap",            # makes the file trees of newer Debians
}


def names(*groups: str) -> List[str]:
    return [name for group in groups for name in PACKAGES[group].split()]


def missing(wanted: List[str]) -> List[str]:
    known = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    there = {line.split()[0] for line in known.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if name not in there]


def install(*groups: str) -> None:
    """Install the missing packages of the groups."""
    wanted = names(*groups)
    if shutil.which("dpkg-query") is None:
        return say("this is not Debian; install these packages yourself: " + " ".join(wanted))
    if not (needed := missing(wanted)):
        return
    say(f"installing {len(needed)} Debian packages: {' '.join(needed)}")
    root = [] if os.geteuid() == 0 else ["sudo"]
    if root and shutil.which("sudo") is None:
        die("sudo is missing; as root: apt-get install " + " ".join(needed))
    # The tests need only the programs, in namespaces. The services would manage this machine's own network, and accept
    # logins.
    for package, service in (("network-manager", "NetworkManager"), ("openssh-server", "ssh")):
        if package in needed and Path("/run/systemd/system").exists():
            say(f"masking {service}.service (`systemctl unmask {service}` if this machine is to run it)")
            if run([*root, "systemctl", "mask", f"{service}.service"], show=False, terminal=True) != 0:
                die(f"cannot mask {service}.service; nothing was installed")

    def apt(*words: str) -> bool:  # with the terminal: sudo may ask for a password
        # dpkg closes the descriptor of the status for the scripts of packages. If it were standard output, a script
        # that prints would fail. A shell opens it, since sudo would close it.
        options = ["-y", "-o", "APT::Status-Fd=3", "-o", "Dpkg::Use-Pty=0"]
        command = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", 'exec apt-get "$@" 3>&1', "apt-get",
                   *options, *words]
        return run(command, show=False, terminal=True, how_far=_how_far,
                   shown=f"apt-get {words[0]}" + f"  # {len(needed)} packages" * (words[0] == "install")) == 0

    get = ("install", "--no-install-recommends", *needed)
    if any(Path("/var/lib/apt/lists").glob("*_Packages*")) and apt(*get):
        return
    apt("update")  # the lists were missing, or so old that the mirror no longer has their files
    if not apt(*get):
        die("cannot install: " + " ".join(missing(needed)))


def _how_far(line: str) -> Optional[str]:
    """The progress in a line of apt's machine-readable status: `pmstatus:PACKAGE:PERCENT:TEXT`."""
    kind, _, rest = line.partition(":")
    if kind not in ("dlstatus", "pmstatus") or rest.count(":") < 2:
        return None
    _, percent, text = rest.split(":", 2)
    return f"{float(percent):3.0f} % of the {'download' if kind == 'dlstatus' else 'installation'}: {text}"
