"""The bytes of a file, or of standard input, as text that YAML can hold."""

import codecs
import os
import re
import stat
import sys
from typing import Any, Tuple, Union

from csnet._errors import InvalidError
from csnet.network_file.problems import FileError, Problems, Source

LARGEST = 1 << 20
_NOT_IN_YAML = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_OTHER_ENCODINGS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}

Path = Union[str, "os.PathLike[str]"]


def read(path: Path) -> Tuple[str, bytes]:
    """The name for messages, and what is in the file."""
    name = os.fsdecode(os.fspath(path))
    if name == "-":
        return "<stdin>", _limited("<stdin>", getattr(sys.stdin, "buffer", sys.stdin))
    try:
        # A pipe that nobody writes to must not hold us up; one that somebody writes to is read to its end.
        descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
                raise _refused(name, "is a device, and no file", "csnet reads files and pipes; - is standard input")
            os.set_blocking(descriptor, True)
            return name, _limited(name, file)
    except FileNotFoundError:
        raise _refused(name, "there is no such file", "- is standard input") from None
    except IsADirectoryError:
        raise _refused(name, "is a directory", "name the file in it") from None
    except PermissionError:
        raise _refused(name, "you may not read it", f"see `ls -l {name}`, or try as root") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(name, f"cannot be read: {reason}", "") from None


def _refused(name: str, why: str, hint: str) -> InvalidError:
    return InvalidError(f"{name}: {why}", subject=name, hint=hint)


def _limited(name: str, file: Any) -> bytes:
    if file is None:
        raise _refused(name, "is closed", "")
    data = file.read(LARGEST + 1)
    if isinstance(data, str):  # a standard input that a program put in the place of the real one
        data = data.encode("utf-8", "surrogateescape")
    if len(data) > LARGEST:
        raise _refused(name, "has more than 1 MiB, and is no network file", "name another file")
    return bytes(data)


def decode(name: str, data: bytes) -> Source:
    """Raises FileError for what is no text."""
    for mark, encoding in _OTHER_ENCODINGS.items():
        if data.startswith(mark):
            raise _first(Source(name, ""), 0, f"the file is in {encoding}", "save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = Source(name, data.decode("utf-8-sig", "replace"))
        raw = data[len(codecs.BOM_UTF8):] if data.startswith(codecs.BOM_UTF8) else data
        start = error.start  # utf-8-sig counts it after the mark
        index = len(raw[:start].decode("utf-8", "replace"))
        raise _first(source, index, f"byte 0x{raw[start]:02x} is not UTF-8", "save the file as UTF-8") from None
    source = Source(name, text)
    # Compiling the pattern takes longer than all the rest, and hardly a file needs it.
    found = None if text.replace("\n", "").isprintable() else re.search(_NOT_IN_YAML, text)
    if found:
        code = ord(found[0])
        what = f"the character U+{code:04X} cannot stand here" if code else "a null character: this is no text file"
        raise _first(source, found.start(), what, "" if code == 0 else "take it out, or write it as an escape in \"…\"")
    return source


def _first(source: Source, index: int, message: str, hint: str) -> FileError:
    problems = Problems(source)
    problems.fatal(source.place(index), message, hint)
    return problems.error()
