"""Makes the table in docs/findings.md from the library's own. Run it to write the page anew."""

from csnet import _csnet
from pages import ROOT

PAGE = ROOT / "docs/findings.md"
_MARK = "<!-- below: made by tests/docs/findings_page.py -->\n"


def page() -> str:
    by_hand = PAGE.read_text(encoding="utf-8").split(_MARK)[0]
    rows = "".join(f"| `{id}` | {meaning} |\n" for id, meaning in _csnet._finding_kinds())
    return f"{by_hand}{_MARK}\n| `id` | meaning |\n| --- | --- |\n{rows}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
