"""The part of rule R16 (English, CONTRIBUTING.md) that patterns can find. ./dev lint refuses it in the files of CLEAN.

It reads Markdown without code and quotations, comments and strings of C++ and Python, and every line of other files.
"""

import io
import re
import subprocess
import tokenize
from pathlib import Path
from typing import Iterator, List, Tuple

from . import ROOT

#: Clean files and folders, as pathspecs of git. When a folder has been rewritten, add it.
CLEAN = ("README.md", "CONTRIBUTING.md", "docs", "examples", "devtools", "dev",
         "libcsnet/include", "bindings", "tests/unit", "tests/bench/rivals",
         "libcsnet/*README.md", "python/*.py", "python/*.sh", "python/*.md", "python/*.yml", "cmake/*.py",
         "libcsnet/src", "tests/kernel", "tests/daemon", "tests/conftest.py", "tests/csnet_command.py",
         "tests/budget.py", "tests/demo.py", "tests/googletest.py", "tests/limits.py", "tests/pseudo_locale.py",
         "tests/strategies.py")  # fmt: skip
#: Pages that programs make from sources of their own, decisions, which are not rewritten, and the patterns themselves.
EXCLUDED = ("docs/command.md", "docs/nmcli-to-csnet.md", "docs/adr", "devtools/english.py",
            "python/ansible_collections/csnet/network/plugins/doc_fragments/fields.py",
            "python/ansible_collections/csnet/network/roles/kvm_host/meta/argument_specs.yml")

_SENTENCE = r"(?:\A|(?<=[.!?;])[\"')*_]*\s)[\s\"'(*_]*"  # where one begins
#: Each refused pattern, and what to write instead. Questions may begin with these words, and "there is no" is right.
PATTERNS = tuple((re.compile(pattern, flags), advice) for pattern, flags, advice in (
    (_SENTENCE + r"(?:What|Who|Whoever|Whose|That which)\b(?![^.!?]*\?)", 0, "name the sentence's subject"),
    (r"(?<!there\s)\b(?:is|are|was|were)\sno\s(?!(?:longer|(?:more|less)\sthan)\b)", re.I, "write 'not a', or a verb"),
    (r"\bany\smore\b", re.I, "write 'no longer' or 'other'"),
    (r"\bby\s(?:it|them)sel(?:f|ves)\b", re.I, "write 'on its own' or 'alone'"),
    (r"\bof\sitself\b", re.I, "write 'on its own'"),
    (r"\bsomebody\b", re.I, "name the actor, or write 'another program's'"),
    (r"\bof\scsnet's\b", re.I, "write 'csnet's' before the noun"),
))  # fmt: skip

Text = Tuple[int, str]  # with the number of its first line


def bad_english(root: Path = ROOT) -> List[str]:
    """The refused places below CLEAN, each as "docs/a.md:12: 'any more': write 'no longer' or 'other'"."""
    listed = subprocess.run(["git", "ls-files", "-z", "--", *CLEAN], cwd=root, check=True, stdout=subprocess.PIPE,
                            text=True).stdout.split("\0")
    paths = [path for path in listed if path and not any(Path(path).is_relative_to(each) for each in EXCLUDED)]
    return [f"{path}:{complaint}" for path in paths for complaint in complaints(root / path)]


def complaints(path: Path) -> Iterator[str]:
    """The refused places of one file, each as "12: 'any more': write 'no longer' or 'other'"."""
    for line, text in _paragraphs(_texts(path)):
        for pattern, advice in PATTERNS:
            for found in pattern.finditer(text):
                end = found.start() + len(found[0].rstrip())
                yield f"{line + text.count(chr(10), 0, end)}: '{' '.join(found[0].split())}': {advice}"


def _texts(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".md":
        yield from _of_markdown(source)
    elif path.suffix in (".py", ".pyi") or re.match(r"#!.*python3", source):
        yield from _of_python(source)
    elif path.suffix in (".cpp", ".hpp", ".c", ".h"):
        yield from _of_cpp(source)
    else:
        # A line without the marks of a comment, an item or a key.
        yield from ((number, re.sub(r"^[\s#/*-]*(?:[\w.-]+: *)?", "", line))
                    for number, line in enumerate(source.split("\n"), 1))


def _paragraphs(texts: Iterator[Text]) -> Iterator[Text]:
    """The texts without `code`, cut where a line is empty or begins an item of a list."""
    for line, text in texts:
        text = re.sub(r"`[^`]*`", lambda code: "`" + "\n" * code[0].count("\n") + "`", text)
        for part in re.split(r"(?<=\n)(?=[ \t]*(?:\n|(?:[-*]|\d+\.)[ \t]))", text):
            item = re.sub(r"\A(\s*)(?:[-*]|\d+\.)[ \t]", r"\1", part)
            yield line, re.sub(r"[ \t]*\n[ \t]*", "\n", item)
            line += part.count("\n")


def _of_markdown(source: str) -> Iterator[Text]:
    """The prose, and each cell of a table, without code, quotations, comments and parts that a program makes."""
    blank = re.compile(r"^```.*?^```$|<!-- begin bench.*?<!-- end bench|<!-- below: made by.*\Z|<!--.*?-->|^>[^\n]*"
                       r"|(?<=\])\([^)]*\)", re.MULTILINE | re.DOTALL)  # fmt: skip
    source = blank.sub(lambda found: "\n" * found[0].count("\n"), source)
    for found in re.finditer(r"^(?:\|(.*)|#+ (.*)|((?:[^#|\n].*\n?|\n)+))", source, re.MULTILINE):
        row, heading, prose = found.groups(default="")
        line = source.count("\n", 0, found.start()) + 1
        yield from ((line, text) for text in [*row.split("|"), heading, prose])


def _of_python(source: str) -> Iterator[Text]:
    """Comments, joined over lines, and strings, joined where they stand side by side."""
    strings = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    line, text, last, row = 0, "", -1, 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.STRING if token.type in strings else token.type
        if kind == tokenize.NL or kind not in (tokenize.STRING, tokenize.COMMENT):
            last = last if kind == tokenize.NL else -1
            continue
        piece = (re.sub(r"\A#+:?", "", token.string) if kind == tokenize.COMMENT
                 else re.sub(r"\A[a-zA-Z]*(\"\"\"|'''|\"|')(.*)\1\Z", r"\2", token.string, flags=re.DOTALL))
        if kind == last and (kind == tokenize.STRING or token.start[0] == row + 1):
            text += "\n" * (token.start[0] - row) + piece
        else:
            yield line, text
            line, text = token.start[0], piece
        last, row = kind, token.end[0]
    yield line, text


def _of_cpp(source: str) -> Iterator[Text]:
    """Comments, joined over lines, and strings, joined where they stand side by side."""
    string = r'"(?:\\.|[^"\\\n])*"'
    pattern = rf"//[^\n]*(?:\n[ \t]*//[^\n]*)*|/\*.*?\*/|R\"\(.*?\)\"|{string}(?:\s*{string})*|'(?:\\.|[^'\\])'"
    for found in re.finditer(pattern, source, re.DOTALL):
        text = re.sub(r"^[ \t]*(?:///?<?|/?\*+/?)|^\s*\"|\"\s*$|\"(\s*)\"", r"\1", found[0], flags=re.MULTILINE)
        yield source.count("\n", 0, found.start()) + 1, text
