"""The source of an RTF document, with what striprtf does not know written as it knows it."""

from __future__ import annotations

import codecs
import re
from typing import Final

from index.formats.office.superscripts import SUPERSCRIPTS

_BRACE: Final = re.compile(r"[{}]")
_WINDOWS: Final = "cp1252"
_STATED_CODEPAGE: Final = re.compile(r"\\ansicpg(\d{1,5}) ?")
_CHARACTER_SET: Final = re.compile(r"\\(mac|pca|pc)(?![a-z\d])")
_CHARACTER_SETS: Final = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_MAC_ROMAN: Final = "10000"
_HEAD: Final = 4096  # characters in which code page and character set are stated
_FONT_TABLE: Final = re.compile(r"\{[^{}]{0,100}\\fonttbl(?![a-z])")
_FONT: Final = re.compile(r"\\f(\d{1,5})(?![a-z\d])([^;]{0,300})")
_CHARSET: Final = re.compile(r"\\fcharset(\d{1,3})(?!\d)")
_DEFAULT: Final = "1"  # the character set of the document
# Sets of old Macs for which Python has no codec, by those of Windows.
_CHARSETS: Final = {
    "78": "128",
    "79": "136",
    "80": "129",
    "85": "134",
    **dict.fromkeys(("81", "82", "86", "87", "88", "89"), _DEFAULT),
}
_ESCAPED: Final = re.compile(r"\\([\\{}]|\r\n?|\n)")
_BREAK: Final = re.compile(r"\\column(?![a-z\d])")
# Destinations whose words are shown: of an embedded object, and of two wordings the one for all.
_SHOWN: Final = re.compile(r"\\(?:object|result|upr)(?![a-z\d])")
_SUPERSCRIPT: Final = re.compile(
    r"\\super(?P<marks>(?:\\[a-z]{1,32}-?\d{0,10}){0,12}) ?(?P<number>[+-]?\d{1,3})(?=\s?[\\{}])"
)
# A group of hidden or deleted words, as programs write them.
_HIDDEN: Final = re.compile(
    r"\{(?P<marks>(?:\\[a-z]{1,32}-?\d{0,10} ?)*?)\\(?:v|deleted)(?![a-z\d])"
)
# Words that are hidden or deleted up to where the mark is taken back, or to the next group.
_HIDDEN_RUN: Final = re.compile(
    r"\\(?:v|deleted)(?![a-z\d])"
    r"(?:[^\\{}]|\\(?!(?:v0|deleted0|plain)(?![a-z\d]))(?:[a-z]{1,32}|.))*+",
    re.DOTALL,
)


def read_source(raw: bytes) -> tuple[str, str]:
    """Decode a document.

    Returns:
        Its source, in which each font states its character set, breaks are paragraphs and every
        backslash and brace is markup, and the code page of what it writes as bytes.
    """
    head = raw[:_HEAD].decode("ascii", "replace")
    codepage = _codepage(head)
    source = _ESCAPED.sub(_unescaped, raw.decode(codepage, "replace"))
    source = _STATED_CODEPAGE.sub("", source)
    source = _SHOWN.sub("", _BREAK.sub(r"\\par", _with_charsets(source)))
    return _SUPERSCRIPT.sub(_raised, source), codepage


def without_hidden(source: str) -> tuple[str, int]:
    """The source without hidden and deleted words, and how many passages of them there were."""
    source, groups = _HIDDEN.subn(r"{\\*\g<marks>", source)
    source, runs = _HIDDEN_RUN.subn("", source)
    return source, groups + runs


def group_end(source: str, start: int) -> int:
    """Where the group ends that begins at ``start``; the end of the source where it does not."""
    depth = 0
    for brace in _BRACE.finditer(source, start):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return brace.end()
    return len(source)


def _codepage(head: str) -> str:
    stated = _STATED_CODEPAGE.search(head)
    if stated is None:
        named = _CHARACTER_SET.search(head)
        return _WINDOWS if named is None else _CHARACTER_SETS[named[1]]
    if stated[1] == _MAC_ROMAN:
        return _CHARACTER_SETS["mac"]
    try:
        return codecs.lookup(f"cp{stated[1]}").name
    except LookupError:
        return _WINDOWS


def _with_charsets(source: str) -> str:
    """State the character set of every font: the library gives a font without one the next's."""
    table = _FONT_TABLE.search(source)
    if table is None:
        return source
    end = group_end(source, table.start())
    fonts = []
    for number, facts in _FONT.findall(source[table.end() : end]):
        stated = _CHARSET.search(facts)
        charset = _DEFAULT if stated is None else _CHARSETS.get(stated[1], stated[1])
        fonts.append(f"{{\\f{number}\\fcharset{charset} font;}}")
    return f"{source[: table.start()]}{{\\fonttbl{''.join(fonts)}}}{source[end:]}"


def _unescaped(match: re.Match[str]) -> str:
    """A backslash or brace of the text as its byte, and a line end as that of a paragraph."""
    return f"\\'{ord(match[1]):02x}" if match[1] in "\\{}" else "\\par "


def _raised(match: re.Match[str]) -> str:
    """A superscript number as one: the library writes it behind the number before it."""
    number = match["number"].translate(SUPERSCRIPTS)
    return f"{match['marks']} {number}" if match["marks"] else number
