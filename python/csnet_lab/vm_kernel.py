"""Finds the kernel of the virtual machine: an installed one, or Debian's stock kernel, unpacked from its package."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, NamedTuple

from .errors import LabError

#: The modules that the machine needs to start, each after those that it depends on.
TO_START = ("virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay")
# The modules that the tests need. Debian's cloud kernel lacks the first.
_TO_USE = ("e1000e", "8021q", "bonding", "bridge", "veth", "dummy", "macvlan", "nf_tables", "drop_monitor")
_META_PACKAGE = "linux-image-amd64"
_SOURCE = Path(__file__).resolve().parents[2]
# Half of the package, and nothing that a network needs.
_LEFT_OUT = ("drivers/gpu", "drivers/media", "drivers/net/wireless", "drivers/infiniband", "sound")


class Kernel(NamedTuple):
    release: str
    #: The directory that contains `boot` and `lib/modules`.
    root: Path

    @property
    def image(self) -> Path:
        return self.root / "boot" / f"vmlinuz-{self.release}"

    @property
    def modules(self) -> Path:
        return self.root / "lib/modules" / self.release

    def files_of(self, *modules: str) -> List[Path]:
        """The files of the modules and of those that they depend on, in loading order. Raises LabError."""
        command = ["modprobe", f"--dirname={self.root}", f"--set-version={self.release}", "--show-depends", "--all"]
        found = subprocess.run([*command, *modules], capture_output=True, text=True, check=False)
        if found.returncode != 0:
            raise LabError(f"{self.modules}: {found.stderr.strip()}")
        lines = (line.split() for line in found.stdout.splitlines())
        return list(dict.fromkeys(Path(words[1]) for words in lines if words[0] == "insmod"))


def find() -> Kernel:
    """The newest installed kernel that has the modules; else Debian's, which this downloads once. Raises LabError."""
    for root in (Path("/"), _cache()):
        for kernel in _newest_first(root):
            if _usable(kernel):
                return kernel
    return _fetch()


def _newest_first(root: Path) -> List[Kernel]:
    releases = [path.name.partition("-")[2] for path in root.glob("boot/vmlinuz-*")]
    releases.sort(key=lambda release: [int(number) for number in re.findall(r"\d+", release)], reverse=True)
    return [Kernel(release, root) for release in releases]


def _usable(kernel: Kernel) -> bool:
    if not os.access(kernel.image, os.R_OK):  # some distributions let only root read it
        return False
    try:
        kernel.files_of(*_TO_USE)
        # busybox, with which the machine starts, can only load these kinds of modules.
        return all(path.suffix in (".ko", ".xz") for path in kernel.files_of(*TO_START))
    except LabError:
        return False


def _cache() -> Path:
    if (_SOURCE / "CMakePresets.json").exists():
        return _SOURCE / "build/kernel"
    if os.geteuid() == 0:
        return Path("/var/cache/csnet/kernel")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "csnet/kernel")


def _fetch() -> Kernel:
    cache = _cache()
    try:
        with _alone(cache):
            for kernel in _newest_first(cache):
                if _usable(kernel):  # another process has downloaded it meanwhile
                    return kernel
            unfinished = cache.with_name(f"{cache.name}.new")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            release = _unpack(unfinished)
            shutil.rmtree(cache, ignore_errors=True)
            unfinished.rename(cache)
    except OSError as error:
        raise LabError(f"{error.filename or cache}: {error.strerror}", f"apt install {_META_PACKAGE}") from None
    kernel = Kernel(release, cache)
    kernel.files_of(*TO_START, *_TO_USE)  # raises if one is missing
    return kernel


def _unpack(folder: Path) -> str:
    """Download the kernel's package, unpack it into the folder, and return the kernel's release."""
    if shutil.which("apt-get") is None:
        raise LabError(
            "the virtual machine needs a kernel with the modules e1000e, 9p and overlay, and none is installed",
            "install one, with /boot/vmlinuz-VERSION and /lib/modules/VERSION",
        )
    depends = subprocess.run(["apt-cache", "depends", _META_PACKAGE], capture_output=True, text=True, check=False)
    found = re.search(r"Depends: (linux-image-(\S+))", depends.stdout)
    if found is None:
        raise LabError(f"apt does not know {_META_PACKAGE}, whose kernel the virtual machine boots", "apt-get update")
    package, release = found.groups()
    print(f"lab: downloading {package}, about 70 MB, for the virtual machine", file=sys.stderr, flush=True)
    download = subprocess.run(
        ["apt-get", "--quiet", "download", package], cwd=folder, capture_output=True, text=True, check=False
    )
    if download.returncode != 0:
        why = download.stderr.strip().splitlines()[-1:]
        raise LabError(
            f"cannot download {package}: {''.join(why)}",
            f"connect to a network and run apt-get update; or: apt install {_META_PACKAGE}",
        )
    (archive,) = folder.glob("*.deb")
    excluded = [f"--exclude=*/kernel/{each}" for each in _LEFT_OUT]
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE) as files:
        tar = ["tar", "--extract", "--no-same-owner", *excluded, "--directory", str(folder)]
        unpacked = subprocess.run(tar, stdin=files.stdout, check=False).returncode
    if unpacked != 0 or files.returncode != 0:
        raise LabError(f"cannot unpack {archive}", f"the disk of {folder} may be full")
    archive.unlink()
    if not (folder / "lib").exists():  # Debian 13 and later
        (folder / "lib").symlink_to("usr/lib")
    subprocess.run(["depmod", f"--basedir={folder}", release], check=True)
    return release


@contextlib.contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """A lock, so that one of several processes downloads the kernel."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{cache}.lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
