"""python3 -m csnet_lab run [--uml|--native] -- COMMAND      run a command under a kernel with VLANs and bonds"""

import argparse
import os
import sys
from typing import List, Optional

from . import kernel, uml
from .errors import LabError


def main(arguments: Optional[List[str]] = None) -> int:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="lab", description=__doc__, formatter_class=as_written)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a command under a kernel with VLANs and bonds")
    which = run.add_mutually_exclusive_group()
    which.add_argument("--uml", action="store_true", help="boot User-Mode-Linux even if the running kernel would do")
    which.add_argument("--native", action="store_true", help="use the running kernel even if it lacks something")
    memory = os.environ.get("CSNET_LAB_MEMORY", "1G")
    run.add_argument("--memory", default=memory, help="of User-Mode-Linux [%(default)s]")
    run.add_argument("words", nargs="+", metavar="COMMAND")
    options = parser.parse_args(arguments)
    try:
        if os.geteuid() != 0:
            raise LabError("must run as root, to make namespaces")
        return _run(options.words, options.uml, options.native, options.memory)
    except LabError as error:
        print(f"lab: {error}" + (f"\n  hint: {error.hint}" if error.hint else ""), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(command: List[str], force_uml: bool, force_native: bool, memory: str) -> int:
    if force_uml or (not force_native and kernel.missing()):
        return uml.run(command, memory)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        raise LabError(f"{command[0]}: {error.strerror}") from None


if __name__ == "__main__":
    sys.exit(main())
