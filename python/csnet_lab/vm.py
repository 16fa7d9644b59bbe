"""Runs one command under Debian's stock kernel, in a virtual machine that the lab boots for it and ends with it."""

import lzma
import math
import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Dict, List, Sequence

from . import vm_kernel
from .boot import Streams, end_with_parent
from .errors import LabError

REMEDY = "apt install qemu-system-x86 busybox-static kmod"
_HERE = Path(__file__).parent
_QEMU = "qemu-system-x86_64"
_PROGRAMS = (_QEMU, "busybox", "modprobe", "depmod")
# Seconds within which the kernel must start: nested KVM may exist and yet not run a guest.
_PATIENCE = {"kvm": 5.0, "tcg": math.inf}
# Time is unsteady in an emulation on a busy machine: the kernel must not calibrate its clock, and keep the fast one.
# Mitigations cost time, and the machine has no secrets.
_COMMAND_LINE = "console=ttyS0 quiet panic=-1 tsc=reliable no_timer_check mitigations=off csnet_lab=vm"


def available() -> bool:
    return all(map(shutil.which, _PROGRAMS))


def run(command: Sequence[str], memory: str = "1G", visible: Sequence[Path] = ()) -> int:
    """Run a command in a virtual machine, in this directory and environment, and return its exit status.

    The command's standard input is this process's if that is a terminal, and empty otherwise. Its output is passed on
    without buffering. It sees this machine's files; in /tmp, only this directory and the paths `visible`. The virtual
    machine can write into these, and discards other writes. Raises LabError.
    """
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if missing:
        raise LabError(f"this machine has no {', '.join(missing)}", REMEDY)
    kernel = vm_kernel.find()
    shared = _shared(visible)
    copied = [path for path in visible if Path("/tmp") in path.parents and path.is_file()]
    for accelerator in accelerators():
        streams = Streams()
        files = _first_files(kernel, streams.script(command, visible), shared, copied, streams.interactive)
        process = _boot(accelerator, memory, kernel, streams, shared, cpio(files))
        status = streams.attend(process, patience=_PATIENCE[accelerator])
        if status is not None:
            return status
        if streams.started:
            break
    raise _failure(streams)


def _failure(streams: Streams) -> LabError:
    lines = [line.strip() for line in streams.console().splitlines() if line.strip() and "warning: hub" not in line]
    telling = [line for line in lines if "Kernel panic" in line or line.startswith(_QEMU)]
    reason = (telling or lines[-1:] or ["its console is empty"])[0]
    where = f"its console: {streams.keep_console('vm')}"
    return LabError(
        f"the virtual machine ended before the command did: {reason} ({where})",
        "read its console; if it has too little memory: CSNET_LAB_MEMORY=2G",
    )


def _boot(
    accelerator: str,
    memory: str,
    kernel: vm_kernel.Kernel,
    streams: Streams,
    shared: Sequence[Path],
    first_files: bytes,
) -> "subprocess.Popen[str]":
    initramfs = os.memfd_create("initramfs")
    try:
        with open(initramfs, "wb", closefd=False) as archive:
            archive.write(first_files)
        return subprocess.Popen(
            [*_machine(accelerator, memory), *_ports(streams), *_exports(shared), "-kernel", str(kernel.image)]
            + ["-append", _COMMAND_LINE, "-initrd", f"/proc/self/fd/{initramfs}"],
            stdin=streams.keys,
            stdout=streams.log,
            stderr=streams.log,
            pass_fds=[*streams.given, initramfs],
            start_new_session=True,
            preexec_fn=end_with_parent,
            text=True,
        )
    finally:
        os.close(initramfs)


def accelerators() -> List[str]:
    """The accelerators of qemu that this machine has, the fastest first."""
    return ["kvm", "tcg"] if os.access("/dev/kvm", os.R_OK | os.W_OK) else ["tcg"]


def _shared(visible: Sequence[Path]) -> List[Path]:
    """The directories into which the machine can write: none inside another one, and neither / nor /tmp."""
    wanted = {Path.cwd(), *(path for path in visible if Path("/tmp") in path.parents and path.is_dir())}
    chosen: List[Path] = []
    for path in sorted(wanted - {Path("/"), Path("/tmp")}):
        readable = os.access(path, os.R_OK | os.X_OK)  # qemu cannot export others
        if readable and not any(parent in path.parents for parent in chosen):
            chosen.append(path)
    return chosen


def _machine(accelerator: str, memory: str) -> List[str]:
    nics: List[str] = []
    for number in (1, 2):
        mac = f"52:54:00:02:00:{number:02x}"
        nics += ["-netdev", f"hubport,id=hub{number},hubid=0", "-device", f"e1000e,netdev=hub{number},mac={mac}"]
    return [
        _QEMU, "-accel", accelerator, "-cpu", "host" if accelerator == "kvm" else "max,la57=off",
        "-smp", str(len(os.sched_getaffinity(0))), "-m", memory,
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", *nics,
    ]  # fmt: skip


def _ports(streams: Streams) -> List[str]:
    """The console, which goes to the log, and the command's streams, which are numbered serial ports.

    They come before other virtio devices, so that the kernel names them /dev/vport0p1 and so on.
    """
    outward = {1: streams.output, 2: streams.errors, 3: streams.status}
    words = ["-serial", f"file:/proc/self/fd/{streams.log}", "-device", "virtio-serial-pci"]
    for number, descriptor in outward.items():
        words += ["-chardev", f"file,id=port{number},path=/proc/self/fd/{descriptor}"]
        words += ["-device", f"virtserialport,chardev=port{number},nr={number}"]
    if streams.interactive:
        words += ["-chardev", "stdio,id=port4,signal=off", "-device", "virtserialport,chardev=port4,nr=4"]
        words += ["-chardev", f"socket,id=port5,fd={streams.sizes}", "-device", "virtserialport,chardev=port5,nr=5"]
    return words


def _exports(shared: Sequence[Path]) -> List[str]:
    files = [("root", Path("/"), "on"), *((f"shared{number}", path, "off") for number, path in enumerate(shared))]
    words: List[str] = []
    for tag, path, read_only in files:
        where = str(path).replace(",", ",,")
        words += ["-fsdev", f"local,id={tag},path={where},security_model=none,multidevs=remap,readonly={read_only}"]
        words += ["-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]
    return words


def _first_files(
    kernel: vm_kernel.Kernel, script: str, shared: Sequence[Path], copied: Sequence[Path], interactive: bool
) -> Dict[str, bytes]:
    busybox = shutil.which("busybox")
    assert busybox is not None
    program = Path(busybox).read_bytes()
    if b"/ld-linux" in program[:4096]:
        raise LabError(f"{busybox} needs shared libraries, and the virtual machine starts without any", REMEDY)
    settings = (
        f"modules={shlex.quote(str(kernel.modules))}\n"
        f"release={kernel.release}\n"
        f"ports='1 2 3{' 4 5' * interactive}'\n"
        f"shared={shlex.quote(shlex.join(map(str, shared)))}\n"
        f"copied={shlex.quote(shlex.join(map(str, copied)))}\n"
    )
    files = {"init": (_HERE / "vm-start.sh").read_bytes(), "bin/busybox": program}
    files.update({"lab/settings": settings.encode(), "lab/run/command": os.fsencode(script)})
    # Copied: if csnet is in /tmp, the virtual machine does not see them there.
    files.update({f"lab/run/{name}": (_HERE / name).read_bytes() for name in ("vm-init.sh", "terminal.py")})
    for number, path in enumerate(kernel.files_of(*vm_kernel.TO_START)):
        content = path.read_bytes()
        content = lzma.decompress(content) if path.suffix == ".xz" else content
        files[f"lab/modules/{number:02}-{path.name}"] = content
    return files


def cpio(files: Dict[str, bytes]) -> bytes:
    """An archive of executable files in the format "newc", which the kernel unpacks into its first file system."""
    archive = bytearray()

    def add(name: str, mode: int, content: bytes = b"") -> None:
        path = os.fsencode(name) + b"\0"
        fields = (0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(path), 0)
        for part in (b"070701" + b"".join(b"%08X" % field for field in fields) + path, content):
            archive.extend(part)
            archive.extend(b"\0" * (-len(archive) % 4))

    for folder in sorted({str(parent) for name in files for parent in Path(name).parents} - {"."}):
        add(folder, 0o040755)
    for name, content in files.items():
        add(name, 0o100755, content)
    add("TRAILER!!!", 0)
    return bytes(archive)
