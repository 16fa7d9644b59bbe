"""python3 -m csnet_lab run [--kernel own|uml|vm] -- COMMAND      run a command under a kernel with VLANs and bonds

own is the running kernel, uml is User-Mode-Linux, vm is Debian's stock kernel in a virtual machine. Without --kernel,
the command runs under the first of them that has the needed features.
"""

import argparse
import os
import sys
from typing import List, Optional

from . import kernel
from .errors import LabError


def main(arguments: Optional[List[str]] = None) -> int:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="lab", description=__doc__, formatter_class=as_written)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a command under a kernel with VLANs and bonds")
    run.add_argument("--kernel", choices=kernel.KERNELS, help="use this kernel, even if it lacks a feature")
    needs = f"the features that the kernel must have, of {','.join(kernel.FEATURES)} [{','.join(kernel.NEEDED)}]"
    run.add_argument("--needs", metavar="FEATURE,…", type=_features, default=[], help=needs)
    memory = os.environ.get("CSNET_LAB_MEMORY", "1G")
    run.add_argument("--memory", default=memory, help="the memory of a booted kernel [%(default)s]")
    run.add_argument("words", nargs="+", metavar="COMMAND")
    options = parser.parse_args(arguments)
    try:
        if os.geteuid() != 0:
            raise LabError("needs root, to make namespaces")
        return _run(options.words, options.kernel or kernel.choose(*options.needs), options.memory)
    except LabError as error:
        print(f"lab: {error}" + (f"\n  hint: {error.hint}" if error.hint else ""), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _features(text: str) -> List[str]:
    words = text.split(",")
    unknown = sorted(set(words) - set(kernel.FEATURES))
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is not one of {', '.join(kernel.FEATURES)}")
    return words


def _run(command: List[str], name: str, memory: str) -> int:
    if name != "own":
        return kernel.run(name, command, memory)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        raise LabError(f"{command[0]}: {error.strerror}") from None


if __name__ == "__main__":
    sys.exit(main())
