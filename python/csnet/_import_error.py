"""Says why the compiled part of csnet cannot be imported, and what to do about it."""

from __future__ import annotations

import glob
import os
import sys


def explained(error: ImportError) -> ImportError:
    """The ImportError to raise instead of `error`, which importing csnet._csnet raised."""
    folder = os.path.dirname(os.path.abspath(__file__))
    python = f"Python {sys.version_info[0]}.{sys.version_info[1]} ({sys.executable})"
    libraries = sorted(glob.glob(os.path.join(glob.escape(folder), "_csnet.*so")))
    if isinstance(error, ModuleNotFoundError) and error.name == "csnet._csnet":
        others = f", only {', '.join(map(os.path.basename, libraries))}" if libraries else ""
        text = (f"{folder} has no compiled module _csnet for {python}{others}. Install csnet for this Python"
                " (docs/installing.md); in a source tree, ./dev demo builds it into build/release/python.")
    else:
        text = (f"the compiled module of csnet cannot be loaded by {python}: {error}. It needs libnm (Debian: libnm0,"
                " Red Hat: NetworkManager-libnm) and the libcsnet that it was built with; ldd"
                f" {libraries[0] if libraries else folder} lists what is missing.")
    return ImportError(text, name="csnet._csnet", path=error.path)
