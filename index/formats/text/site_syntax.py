"""What site generators and note programs write into Markdown, as the reader of the site sees it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from index.formats.raw_article import name_counts
from index.formats.text.fences import Fences

if TYPE_CHECKING:
    from collections.abc import Iterator

# One of these is in every text that has any of it.
_SIGNS: Final = ("{{", "{%", "{:", "{#", "{.", "[[", "[!", "%%", "<!--", "==", "^")
_SYNTAX: Final = re.compile(
    r"""
      (?P<code>(?P<ticks>`{1,3})[^`\n]+(?P=ticks))
    | (?P<comment><!--[\s\S]{0,2000}?-->
        | (?<!\S)%%(?=[\s\w])[\s\S]{0,2000}?%%(?!\S)
        | \{%-?\s{0,9}comment\s{0,9}-?%\}[\s\S]{0,2000}?\{%-?\s{0,9}endcomment\s{0,9}-?%\})
    | (?P<shortcode>\{\{[<%](?P<inner>[^{}\n]{0,500})[%>]\}\})
    | (?P<tag>\{%[^{}\n]{0,500}%\}
        | \{\{-?[ ]?(?:site|page|include|layout|post|content)\b[^{}\n]{0,200}\}\})
    | (?P<attributes>^[*-][ ]TOC[ \t]*\n\{:toc\}
        | \{:[^{}\n]{0,200}\}
        | (?<=\S)[ \t]+\{[#.][\w:.-]{1,100}(?:[ ][^{}\n]{0,200})?\}(?=[ \t]*$))
    | (?P<embed>!\[\[[^\[\]\n]{1,300}\]\])
    | \[\[(?=\S)(?P<page>[^\[\]|\n]{1,300})(?:\|(?P<alias>[^\[\]|\n]{1,300}))?\]\]
    | (?P<quote>^(?:>[ ]?)+)\[![\w-]{1,40}\][+-]?[ \t]*
    | (?P<anchor>(?<=\S)[ \t]\^[A-Za-z][\w-]{0,60}(?=[ \t]*$))
    | ==(?=[^\s=])(?P<marked>[^=\n]{1,300})(?<=\S)==(?!=)
    """,
    re.VERBOSE | re.MULTILINE,
)
_CAPTION: Final = re.compile(
    r"\b(?:caption|title)[ ]?=[ ]?(?P<mark>[\"'])(?P<words>[^\n]{1,300}?)(?P=mark)"
)
_NAMES: Final = {
    "comment": "comments",
    "shortcode": "shortcodes",
    "tag": "template tags",
    "embed": "embedded notes and pictures",
}


def as_shown(text: str) -> tuple[str, tuple[str, ...]]:
    """Write a Markdown text without the syntax that Hugo, Jekyll and Obsidian add to it.

    Comments, shortcodes, template tags and attributes go; a figure keeps its caption, a link
    between notes its words. Code stays as it is.

    Returns:
        The text, and what was left out, as messages.
    """
    if not any(sign in text for sign in _SIGNS):
        return text, ()
    counts: Counter[str] = Counter()

    def shown(match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        name = next((name for name in _NAMES if match[name] is not None), None)
        if match["code"] is not None:
            return match[0]
        if name is not None:
            counts[_NAMES[name]] += 1
        if match["shortcode"] is not None:
            return _caption(match["inner"])
        if match["page"] is not None:
            return match["page"] if match["alias"] is None else match["alias"]
        return match[kind] if kind in {"quote", "marked"} else ""

    parts = [part if code else _SYNTAX.sub(shown, part) for code, part in _parts(text)]
    return "".join(parts), name_counts(counts)


def _caption(shortcode: str) -> str:
    """The words that a figure shows below its picture."""
    if shortcode.split(maxsplit=1)[:1] != ["figure"]:
        return ""
    return " ".join(match["words"] for match in _CAPTION.finditer(shortcode))


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """Part a text into code between fences, fences with it, and the rest."""
    fences = Fences()
    part: list[str] = []
    is_code = False
    for line in text.splitlines(keepends=True):
        code, fence = fences.step(line.rstrip("\r\n"))
        if (code or fence) != is_code:
            yield is_code, "".join(part)
            part, is_code = [], not is_code
        part.append(line)
    yield is_code, "".join(part)
