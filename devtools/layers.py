"""The layers of tests, the parts in which they run side by side, and the layers that a change can touch."""

import fnmatch
import subprocess
from pathlib import Path
from typing import List, NamedTuple, Set, Tuple

from csnet_lab import kernel

from . import LAB, PYTHON, ROOT

LAYERS = ("unit", "python", "lab", "daemon", "docs", "bench", "ansible", "kernel", "package")
#: The layers to run with each sanitizer, and with another NetworkManager: those that can find new errors there.
USUAL = {"release": LAYERS, "pseudo": ("python", "daemon", "ansible", "kernel"),
         "asan": ("unit", "python", "daemon"), "tsan": ("unit", "daemon"),
         "networkmanager": ("unit", "daemon", "kernel")}


class Part(NamedTuple):
    """The tests of a layer that run one after another, beside those of other parts."""

    layer: str
    name: str
    seconds: int  #: its rough duration: the longest parts start first
    #: "picture": the first lab kernel that has VLANs and bonds. "rest": the virtual machine, for what that one lacks.
    #: "own": this machine's kernel, for the tests that need no other. Empty: the layer needs no lab kernel.
    kernel: str = ""
    files: Tuple[str, ...] = ()  #: files of the layer; empty: all that no other part with the same kernel names
    thorough: bool = False  #: runs only with --thorough: all tests of the files, also those that need no such kernel


# These use a VLAN if the kernel has VLANs.
_FLEETS = ("test_fleet.py", "test_site.py")
_TRANSACTIONS = ("test_transaction_faults.py", "test_transaction_phases.py", "test_histories.py")
#: The parts of all layers. A User-Mode-Linux kernel has one processor.
PARTS = (
    Part("kernel", "network", 900, "picture"),
    Part("kernel", "deaths", 500, "picture", ("test_death.py",)),
    Part("ansible", "vlan", 200, "picture", ("test_fleet_vlan.py",)),
    Part("kernel", "machine", 120, "rest"),
    Part("kernel", "transactions", 300, "own"),
    Part("kernel", "tagged", 1500, "picture", ("test_death.py", *_TRANSACTIONS), thorough=True),
    Part("ansible", "modules", 300),
    Part("ansible", "fleet", 330, files=_FLEETS),
    Part("ansible", "tagged", 2400, "picture", _FLEETS, thorough=True),
    Part("daemon", "parity", 100, files=("test_parity.py", "test_parity_random.py")),
    Part("daemon", "sessions", 100),
    Part("bench", "bench", 200, "own"),
    Part("bench", "outage", 100, "picture"),
    Part("python", "python", 130),
    Part("docs", "docs", 150),
    Part("lab", "lab", 250),
    Part("package", "package", 60),
    Part("unit", "unit", 10),
)


#: The suites that run with every text for people in another alphabet: network file, command, collection, transactions.
PSEUDO_LOCALE_PARTS = (
    Part("python", "network-file", 30, files=(
        "test_network_file_messages.py", "test_network_file_fuzz.py", "test_pseudo_locale.py")),
    Part("daemon", "command", 100, files=("test_command.py",)),
    Part("ansible", "modules", 100, files=("test_modules.py",)),
    Part("kernel", "transactions", 300, "own", (*_TRANSACTIONS, "test_death.py", "test_recover.py")),
)


def parts_of(layers: Set[str], thorough: bool = False, preset: str = "release") -> List[Part]:
    """The parts, with tests, of these layers, the longest first."""
    if preset == "pseudo":
        return [part for part in PSEUDO_LOCALE_PARTS if part.layer in layers]
    there = [part for part in PARTS if part.layer in layers and any((ROOT / "tests" / part.layer).glob("*"))]
    there = [part for part in there if thorough or not part.thorough]
    if not kernel.missing():  # this machine's kernel has all features of a lab kernel
        there = [part for part in there if part.kernel != "own" and not part.thorough]
    return sorted(there, key=lambda part: -part.seconds)


def command_of(part: Part, preset: str, words: List[str], xml: Path) -> List[str]:
    """The command line that runs a part's tests, or those whose name contains one of the words."""
    folder = f"tests/{part.layer}"
    if part.files:
        tests = [f"{folder}/{file}" for file in part.files]
    elif preset == "tsan":  # only the C++ programs are built with ThreadSanitizer, not the interpreter
        tests = [f"{folder}/test_session_cpp.py"] if part.layer == "daemon" else [folder]
    else:
        of_layer = [other for other in PARTS if other.layer == part.layer and not other.thorough]
        others = [file for other in of_layer if not part.kernel or other.kernel == part.kernel for file in other.files]
        tests = [folder, *(f"--ignore={folder}/{file}" for file in others)]
    if (part.layer, part.name) == ("kernel", "network"):  # a test of the lab that needs such a kernel
        tests.append("tests/lab/test_wire.py")
    # One worker. If a test ends it, xdist counts the test as failed, and runs the others in a new worker.
    command = [PYTHON, "-m", "pytest", "-q", "-rsfE", "-p", "no:cacheprovider", "--numprocesses=1",
               "--max-worker-restart=20", f"--junitxml={xml}", *tests]
    if words:
        command += ["-k", " or ".join(word.replace("*", "") for word in words)]
    if part.kernel:
        which = {"rest": "vm", "own": "own"}.get(part.kernel) or picture_kernel()
        return [*LAB, "run", "--kernel", which, "--", *command, *(["--for-kernel", which] * (not part.thorough))]
    return command


def picture_kernel() -> str:
    """The kernel for all tests but those that only the virtual machine can run. Raises LabError."""
    return kernel.choose()


# A change to a file affects the layers of the first pattern that matches its path: the layers that use the room, by the
# table in CONTRIBUTING.
_USES_OF_THE_COMMAND = ("python", "daemon", "docs", "ansible", "kernel", "package", "lab")
TOUCHED: Tuple[Tuple[str, Tuple[str, ...]], ...] = (
    *((f"tests/{layer}/*", (layer,)) for layer in LAYERS),
    ("tests/*", LAYERS),
    ("libcsnet/*", LAYERS),
    ("bindings/*", LAYERS),
    ("examples/*", ("kernel", "docs", "package")),
    ("python/csnet/cli/*", _USES_OF_THE_COMMAND),
    ("python/csnet/*", (*_USES_OF_THE_COMMAND, "bench")),
    ("python/csnet_lab/*", tuple(layer for layer in LAYERS if layer != "unit")),
    ("python/ansible_collections/*", ("ansible", "docs", "package")),
    ("docs/*", ("docs", "bench", "package")),
    ("README.md", ("docs", "package")),
    ("*.md", ("docs",)),
    ("LICENSE", ("package",)),
    (".clang-*", ()),
    (".editorconfig", ()),
    (".gitignore", ()),
    ("dev", ("lab", "docs")),
    ("devtools/*", ("lab", "docs")),
    (".ci/*", ()),
    ("*", LAYERS),
)


def matches(path: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(path, pattern)


def layers_touched_by(paths: List[str]) -> Set[str]:
    """The layers whose results a change of these files can affect."""
    return {layer for path in paths
            for layer in next(layers for pattern, layers in TOUCHED if matches(path, pattern))}


def paths_changed_since(revision: str) -> List[str]:
    """The files that differ from the revision, committed or not. Raises ValueError with git's message."""
    def git(*words: str) -> List[str]:
        done = subprocess.run(["git", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise ValueError(done.stderr.strip())
        return done.stdout.split("\0")

    found = git("diff", "--name-only", "--no-renames", "-z", revision, "--")
    return sorted({*found, *git("ls-files", "--others", "--exclude-standard", "-z")} - {""})


def seed_of_commit() -> str:
    """A seed for the randomised tests, which depends on the commit only."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True)
    return str(int(done.stdout[:8] or "1", 16))
