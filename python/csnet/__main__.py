"""`python3 -m csnet` is the command csnet."""

import sys

from csnet.cli import main

if __name__ == "__main__":
    sys.exit(main())
