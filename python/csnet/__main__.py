"""`python3 -m csnet` runs the command csnet."""

from __future__ import annotations

import sys

from csnet.cli import main

if __name__ == "__main__":
    sys.exit(main())
