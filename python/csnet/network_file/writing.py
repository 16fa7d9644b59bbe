"""A state or a request as a network file that a person likes to read, and that load() gives the same request for."""

import os
import re
from typing import Any, Dict, Iterator, List, Optional, Union

from csnet import _csnet
from csnet._errors import InvalidError

Path = Union[str, "os.PathLike[str]"]

_WIDEST = 100
_HEADER = "# A network file for csnet. `csnet plan` shows what it would change.\n"
# Text that every reader of YAML takes as it is: not a word of YAML 1.1, a number or a date.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*|[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]+)?|802\.3ad")
_WORDS = frozenset("y n yes no on off true false null".split())
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def dump(what: Union[_csnet.HostState, _csnet.Request], path: Optional[Path] = None) -> str:
    """See csnet.dump()."""
    lines = [_HEADER.rstrip("\n")]
    given = what.to_dict()
    keys: Dict[str, Any] = {"profiles": [], **given.pop("wanted", {}), **given}
    for name, value in keys.items():
        lines += _key(name, value, 0)
    text = "\n".join(lines) + "\n"
    if path is not None:
        _write(os.fsdecode(os.fspath(path)), text)
    return text


def _key(name: str, value: Any, indent: int) -> Iterator[str]:
    """The lines of "name: value"."""
    start = f"{' ' * indent}{name}:"
    in_line = _flow(value, name == "options")
    if in_line is not None and len(start) + 1 + len(in_line) <= _WIDEST:
        yield f"{start} {in_line}"
        return
    if not isinstance(value, (list, dict)):
        yield f"{start} {in_line}"
        return
    yield start
    for each in value if isinstance(value, list) else []:
        yield from _item(each, indent + 2)
    if isinstance(value, dict):
        for key, of in value.items():
            yield from _key(_scalar(key), of, indent + 2)


def _item(value: Any, indent: int) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{' ' * indent}- {_scalar(value)}"
        return
    lines: List[str] = []
    for key, of in value.items():
        lines += _key(_scalar(key), of, indent + 2)
    yield f"{' ' * indent}- {lines[0].lstrip()}" if lines else f"{' ' * indent}- {{}}"
    yield from lines[1:]


def _flow(value: Any, with_numbers: bool = False) -> Optional[str]:
    """In one line, or None where lines of its own are easier to read."""
    if isinstance(value, list):
        if any(isinstance(item, (dict, list)) for item in value):
            return None
        return f"[{', '.join(map(_scalar, value))}]"
    if isinstance(value, dict):
        if any(isinstance(of, (dict, list)) for of in value.values()):
            return None
        # The kernel's options are text to NetworkManager, and numbers to everybody else.
        shown = {key: of if with_numbers and isinstance(of, str) and _NUMBER.fullmatch(of) else _scalar(of)
                 for key, of in value.items()}
        return "{%s}" % ", ".join(f"{_scalar(key)}: {of}" for key, of in shown.items())
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return str(value)
    return '"%s"' % "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escape(ord(c))) for c in value)


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _write(name: str, text: str) -> None:
    """The whole file or none of it. Readable by its owner alone, as NetworkManager's are; one that was there before
    keeps its mode."""
    temporary = f"{name}.{os.getpid()}.new"
    try:
        mode = os.stat(name).st_mode & 0o777 if os.path.exists(name) else 0o600
        target = os.path.realpath(name)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidError(f"{name}: cannot be written: {reason}", subject=name, hint="choose another file") from None
