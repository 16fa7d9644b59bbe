"""The style of a fleet's page, and its script."""

from __future__ import annotations

from ansible_collections.csnet.network.plugins.plugin_utils.fleet import STATES

#: The colour of each state, on a light page and on a dark one.
_COLOURS = {
    "failed": ("#b3261e", "#ff8a80"), "rolled back": ("#a04800", "#ffb074"), "unreachable": ("#8a1c5c", "#f48fc6"),
    "not reached": ("#5f6368", "#a8adb3"), "would change": ("#1a56b8", "#8ab4f8"),
    "committed": ("#1b6e2f", "#81c995"), "already as wanted": ("#4d6b57", "#a6bfae"),
}


def _colours(which: int) -> str:
    return "".join(f"--{state.replace(' ', '-')}:{_COLOURS[state][which]};" for state in STATES)


def _states() -> str:
    """The rules that colour each state, and that hide the other hosts while a state is selected, without JavaScript."""
    rules = ""
    for name in (state.replace(" ", "-") for state in STATES):
        rules += f".{name},[for={name}]{{--state:var(--{name})}}\n"
        rules += f"#{name}:checked~main tbody tr:not(.{name}){{display:none}}\n"
    for name in ("all", *(state.replace(" ", "-") for state in STATES)):
        rules += f"#{name}:checked~nav [for={name}]{{background:var(--chosen);border-color:currentColor}}\n"
        rules += f"#{name}:focus-visible~nav [for={name}]{{outline:2px solid;outline-offset:2px}}\n"
    return rules


STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--faint:#59636e;--line:#d8dee4;--chosen:#eef1f4;%s}
@media (prefers-color-scheme:dark){
:root{--paper:#15181c;--ink:#e6e8eb;--faint:#9aa3ad;--line:#30363d;--chosen:#262c33;%s}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:96rem;padding:1.5rem;background:var(--paper);color:var(--ink);
font:15px/1.45 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
h1{margin:0;font-size:1.5rem}
header p{margin:.2rem 0 1rem;color:var(--faint);overflow-wrap:anywhere}
body>input{position:absolute;opacity:0;pointer-events:none}
nav{display:flex;flex-wrap:wrap;gap:.4rem;margin-bottom:1rem}
nav label{padding:.2rem .75rem;border:1px solid var(--line);border-radius:1rem;cursor:pointer;
color:var(--state,var(--ink))}
table,thead,tbody,th,td{display:block}
/* Not a table's layout, so that the browser lays out only the visible ones of thousands of rows. */
tr{display:grid;grid-template-columns:minmax(0,18fr) 10rem minmax(0,22fr) 9rem 6rem minmax(0,26fr)}
th,td{padding:.45rem .6rem;text-align:left;font-weight:inherit;overflow-wrap:anywhere}
tr>:first-child{padding-left:0}
thead{position:sticky;top:0;z-index:1;background:var(--paper);color:var(--faint);border-bottom:1px solid var(--line)}
thead th{white-space:nowrap}
tbody tr{border-bottom:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 2.3rem}
tbody th{font-weight:600}
td:nth-child(5){white-space:nowrap;font-variant-numeric:tabular-nums}
td span{color:var(--state)}
td span::before{content:"";display:inline-block;width:.6em;height:.6em;margin-right:.5em;border-radius:50%%;
background:var(--state)}
td p{margin:0 0 .2rem}td small{display:block;color:var(--faint);font-size:.87em}
summary{cursor:pointer}
details p{margin:.4rem 0;white-space:pre-wrap;font-size:.87em;color:var(--faint)}
details b{color:var(--ink);font-weight:600}
thead button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
thead button::after{content:" \\2195";opacity:.4}
[aria-sort] button{color:var(--ink)}[aria-sort] button::after{opacity:1}
[aria-sort=ascending] button::after{content:" \\2191"}[aria-sort=descending] button::after{content:" \\2193"}
@media (max-width:48rem){
body{padding:1rem}
thead{position:static}
thead tr{display:flex;flex-wrap:wrap;gap:0 1rem;padding-bottom:.3rem}thead th{padding:.25rem 0}
tbody tr{padding:.6rem 0;display:flex;flex-wrap:wrap;gap:.1rem .9rem}
tbody th,tbody td{padding:0}tbody td:empty{display:none}
tbody th{flex:1 1 50%%}tbody td:nth-child(3),tbody td:last-child{flex:1 1 100%%}
tbody td:nth-child(3){order:1}}
@media print{thead{position:static}}
""".lstrip() % (_colours(0), _colours(1)) + _states()

SCRIPT = """
"use strict";
const body = document.querySelector("tbody"), heads = [...document.querySelectorAll("thead th")];
heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => {
    const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    heads.forEach(other => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
    const ranked = [...body.rows].map(row => [+row.dataset.ranks.split(" ")[column], row]);
    ranked.sort((one, other) => way * (one[0] - other[0]));
    ranked.forEach(([, row]) => body.append(row));
  });
});
"""
