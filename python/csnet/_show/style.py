"""The style of the drawings: letter sizes, and colours for light and dark pages."""


MARGIN = 24.0
_FONT = "'DejaVu Sans Mono', 'Liberation Mono', Menlo, Consolas, monospace"
#: The width of a letter in names (13 px) and in small text (11 px), the same for all letters of a monospaced font.
CHAR = 13 * 0.605
SMALL_CHAR = 11 * 0.605

_LIGHT = {"page": "#ffffff", "body": "#f6f7f9", "edge": "#c5ccd8", "line": "#8b97a8", "text": "#18202c",
          "dim": "#566173", "up": "#1a8f4f", "bad": "#c22f2f", "warn": "#9a5b00", "accent": "#1f5fa8",
          "down": "#a3adbb", "added": "#1a8f4f", "changed": "#9a5b00", "removed": "#c22f2f", "address": "#1f5fa8"}
_DARK = {"page": "#12161d", "body": "#1c222c", "edge": "#3a4556", "line": "#66738a", "text": "#e8ecf3",
         "dim": "#9aa6b8", "up": "#45c07f", "bad": "#f07070", "warn": "#e5a84b", "accent": "#6fb0f5",
         "down": "#5b6678", "added": "#45c07f", "changed": "#e5a84b", "removed": "#f07070", "address": "#6fb0f5"}


def _rules(colour: dict[str, str]) -> str:
    rules = [f".page{{fill:{colour['page']}}}", f".body{{fill:{colour['body']};stroke:{colour['edge']}}}",
             f".line{{fill:none;stroke:{colour['line']};stroke-width:1.5}}", f"text{{fill:{colour['text']}}}"]
    rules += [f"text.{name}{{fill:{colour[name]}}}" for name in
              ("dim", "bad", "warn", "accent", "added", "changed", "removed")]
    rules.append(f"text.tag{{fill:{colour['dim']}}}")
    for name in ("up", "bad", "down", "added", "changed", "removed"):
        rules.append(f".box.{name} .stripe{{fill:{colour[name]}}}")
    for name in ("added", "changed", "removed", "address"):
        rules.append(f".box.{name} .body{{stroke:{colour[name]}}}")
    return "".join(rules)


STYLE = (f"text{{font-family:{_FONT};font-size:13px}}.small{{font-size:11px}}.name{{font-weight:bold}}"
         ".heading{font-size:17px;font-weight:bold}.added .body,.changed .body,.removed .body{stroke-width:2}"
         ".removed .body{stroke-dasharray:5 4}"
         f"{_rules(_LIGHT)}@media (prefers-color-scheme: dark){{{_rules(_DARK)}}}")
