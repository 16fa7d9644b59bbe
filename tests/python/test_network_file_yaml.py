"""What text a network file holds, as PyYAML's own parser in Python sees it: a second reader of the same YAML."""

from typing import Any, List, Optional

import csnet
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

_CHARACTERS = st.sampled_from(
    list(" \n\t'\"\\#:,-?&*!|>%@`[]{}~=<") + list("abx01_.+é日\u00a0\u0085\u2028") + ["---", ": ", " #"])
_SOUP = st.lists(_CHARACTERS, max_size=12).map("".join)


def by_pyyaml(text: str) -> Optional[List[str]]:
    """The file's `remove`, every scalar as its text; None where it is something else, or no YAML."""
    try:
        found: Any = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, TypeError):
        return None
    names = found.get("remove") if isinstance(found, dict) and set(found) == {"remove"} else None
    return names if isinstance(names, list) and all(isinstance(each, str) for each in names) else None


def by_csnet(text: str) -> Optional[List[str]]:
    """None where it is refused."""
    try:
        return list(csnet.loads(text).remove)
    except csnet.FileError:
        return None


def quoted(text: str) -> str:
    return "'%s'" % text.replace("'", "''")


@given(st.lists(_SOUP, max_size=4))
@example(["a # b", "é\u2028x"])
def test_quoted_text_is_the_same_to_both(texts: List[str]) -> None:
    file = "remove: [%s]\n" % ", ".join(map(quoted, texts))
    read = by_csnet(file)
    if read is not None:
        assert read == by_pyyaml(file)


@given(st.lists(_SOUP, min_size=1, max_size=4), st.sampled_from(
    ["- ", "- |\n   ", "- >-\n   ", "- >+\n   ", '- "', "- &a "]))
def test_text_of_any_style_is_the_same_to_both(texts: List[str], begin: str) -> None:
    end = '"\n' if begin.endswith('"') else "\n"
    file = "remove:\n" + "".join(f" {begin}{text}{end}" for text in texts)
    ours, theirs = by_csnet(file), by_pyyaml(file)
    if ours is not None and theirs is not None:
        assert ours == theirs


@given(st.lists(st.from_regex(r"[a-zA-Z0-9_.:+-]{1,8}", fullmatch=True), min_size=1, max_size=6))
def test_plain_text_is_read_by_both_and_is_no_number_and_no_boolean(texts: List[str]) -> None:
    file = "remove:\n" + "".join(f"- {text}\n" for text in texts)
    ours, theirs = by_csnet(file), by_pyyaml(file)
    if theirs is not None and not any(each in ("", "null", "Null", "NULL") for each in theirs):
        assert ours == theirs or ours is None and len(set(texts)) < len(texts)


@given(st.text(max_size=60), st.sampled_from(["a.yaml", "a.json"]))
def test_any_text_is_read_or_refused_with_places_in_it(text: str, name: str) -> None:
    try:
        csnet.loads(text, name)
    except csnet.FileError as error:
        assert error.problems
        assert all(1 <= each.line <= len(text) + 1 and 1 <= each.column <= len(text) + 1 for each in error.problems)
