#!/usr/bin/python3
"""Makes docs/nmcli-to-csnet.md from nmcli_lines.yaml.

With --check it writes nothing, and its exit code tells whether the page is current.
"""
import sys
from pathlib import Path
from typing import Iterator, Sequence

from parity_table import Case, Properties, load_table

PAGE = Path(__file__).resolve().parents[2] / "docs/nmcli-to-csnet.md"

_HEAD = """\
# From nmcli to csnet

<!-- Made by tests/daemon/parity_docs.py from tests/daemon/nmcli_lines.yaml: edit that file. -->

Every row is a test: on one NetworkManager, csnet and nmcli 1.42 make the same profiles, over D-Bus and in the keyfile.
`host` is a session:

```python
from csnet import *

with Session() as host:
    host.add(BridgeProfile(name="cloudbr0", interface_name="cloudbr0"))
```

`modify` does not change the fields that you do not mention, like `nmcli con mod`, and `add` gives them the defaults of
`nmcli con add`. `reset` names fields to set back to their defaults. An empty list, map or text clears a field.
`<uuid of NAME>` stands for that profile's uuid. *Given* are the profiles that exist before. *Refused* means that both
refuse, and nothing changes.
"""


def page() -> str:
    properties, groups = load_table()
    lines = [_HEAD, "## Which field is which property", ""]
    lines += _fields(properties)
    for group in groups:
        lines += ["", f"## {group.title}", "", "| | nmcli | csnet |", "|---|---|---|"]
        lines += [f"| {_title(case)} | {_code(case.nmcli)} | {_code(case.csnet)} |" for case in group.cases]
    return "\n".join(lines) + "\n"


def _fields(properties: Properties) -> Iterator[str]:
    yield "| csnet | field | nmcli property |"
    yield "|---|---|---|"
    for kind, fields in properties.items():
        for name, prop in fields.items():
            yield f"| {kind} | `{name}` | {f'`{prop}`' if prop else 'none'} |"


def _title(case: Case) -> str:
    title = _cell(case.title)
    if case.refused:
        title += " (*refused*)"
    if case.stricter:
        title += f"<br>*csnet refuses*: {_cell(case.stricter)}"
    return title + (f"<br>*given* {_code(case.given)}" if case.given else "")


def _code(lines: Sequence[str]) -> str:
    return "<br>".join(f"`{_cell(line)}`" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print(f"{PAGE} is outdated: run {Path(__file__).name}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
