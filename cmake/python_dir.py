"""python3 python_dir.py PREFIX    print the folder for Python packages in this prefix, relative to it

In the interpreter's own prefixes, it is a folder in which the interpreter looks for packages (Debian's /usr and
/usr/local have special names); in any other prefix, the folder of a virtual environment there.
"""
import sys
import sysconfig
from pathlib import PurePosixPath


def python_dir(prefix: str) -> str:
    base = {"base": prefix, "platbase": prefix}
    found = [sysconfig.get_path("platlib", scheme)
             for scheme in ("deb_system", "rpm_prefix") if scheme in sysconfig.get_scheme_names()]
    found += [sysconfig.get_path("platlib"), sysconfig.get_path("platlib", "posix_prefix", base)]
    for path in map(PurePosixPath, found):
        if prefix in map(str, path.parents):
            relative = path.relative_to(prefix)
            if relative.parts[0].startswith("lib"):  # /usr/local/lib/... does not belong to the prefix /usr
                return str(relative)
    raise SystemExit(f"this Python has no folder for packages in {prefix}: set CSNET_PYTHON_DIR")


print(python_dir(str(PurePosixPath(sys.argv[1]))))
