"""csnet render: print or write profiles as keyfiles."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import csnet
from csnet.cli.host import add_file
from csnet.cli.output import Output

DESCRIPTION = """\
Writes the files that NetworkManager would keep in /etc/NetworkManager/system-connections, for images and installers.
Does not talk to NetworkManager. The same network file always gives the same text. With --out, each profile becomes a
file with mode 0600 (NetworkManager ignores files with any other). Without --force, csnet does not overwrite a file that
differs."""
EXAMPLES = (
    ("csnet render network.yaml", "print the keyfiles"),
    ("csnet render --out /mnt/etc/NetworkManager/system-connections network.yaml", "write them into an image"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_file(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="write NAME.nmconnection for each profile into DIR")
    parser.add_argument("--force", action="store_true", help="overwrite files that differ")


def run(options: argparse.Namespace, out: Output) -> int:
    texts = {_file_name(profile.name): csnet.render(profile) for profile in csnet.load(options.file).wanted.profiles}
    if options.out:
        _write_all(options.out, texts, options.force)
    if out.json:
        folder = options.out
        out.give({"files": [{"name": name, "path": str(folder / name) if folder else None, "text": text}
                            for name, text in texts.items()]})
    for name, text in texts.items():
        out.say(str(options.out / name) if options.out else f"# {name}\n{text}")
    return 0


def _file_name(name: str) -> str:
    # As NetworkManager does: a profile's name may contain slashes, a file's may not.
    return name.replace("/", "*") + ".nmconnection"


def _write_all(folder: Path, texts: dict[str, str], force: bool) -> None:
    try:
        differ = [name for name, text in texts.items()
                  if (folder / name).exists() and (folder / name).read_text(encoding="utf-8") != text]
        if differ and not force:
            raise csnet.ConflictError(
                f"{folder}: {', '.join(differ)} exists and differs", subject=str(folder),
                hint="--force overwrites it; `csnet plan` compares the network file with the host")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            _write(folder / name, text)
    except (OSError, UnicodeDecodeError) as error:
        raise csnet.InvalidError(f"{folder}: {error}", subject=str(folder), hint="choose another directory") from None


def _write(path: Path, text: str) -> None:
    """Replace the file atomically. Other users can read it at no time."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise
