"""The source of an RTF document, with what striprtf does not know written as it knows it."""

from __future__ import annotations

import codecs
import re
from typing import Final

from index.formats.office.rtf_equations import with_equations
from index.formats.office.rtf_groups import group_end, replace_groups
from index.formats.office.rtf_symbols import with_symbols
from index.formats.office.superscripts import SUPERSCRIPTS

_WINDOWS: Final = "cp1252"
_STATED_CODEPAGE: Final = re.compile(r"\\ansicpg(\d{1,5}) ?")
_CHARACTER_SET: Final = re.compile(r"\\(mac|pca|pc)(?![a-z\d])")
_CHARACTER_SETS: Final = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_MAC_ROMAN: Final = "10000"
_HEAD: Final = 4096  # characters in which code page and character set are stated
_FONT_TABLE: Final = re.compile(r"\{[^{}]{0,100}\\fonttbl(?![a-z])")
_FONT: Final = re.compile(r"\\f(\d{1,5})(?![a-z\d])([^;]{0,300})")
_MARKUP: Final = re.compile(r"\{[^{}]*\}|\\[a-z]{1,32}-?\d{0,10} ?|[{}]")
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
_SOFT_BREAK: Final = re.compile(r"\\(?:softline|lbr\d?)(?![a-z\d])")
# Destinations whose words are shown: of an embedded object.
_SHOWN: Final = re.compile(r"\\(?:object|result)(?![a-z\d])")
_TWO_WORDINGS: Final = re.compile(r"\{\\upr(?![a-z\d])")
_UNICODE_WORDING: Final = re.compile(r"\{\\\*\\ud(?![a-z\d])")
_STYLES: Final = re.compile(r"\{\\stylesheet(?![a-z])")
_STYLE: Final = re.compile(r"\{\\s(\d{1,4})(?!\d)([^;]{0,1000});\}")
_LEVEL: Final = re.compile(
    r"\\outlinelevel([0-8])(?!\d)|\bheading ([1-9])(?: [^;]*)?\Z", re.IGNORECASE
)
_BINARY: Final = re.compile(rb"\\bin(\d{1,9}) ?")
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
    raw = _without_binary(raw)
    head = raw[:_HEAD].decode("ascii", "replace")
    codepage = _codepage(head)
    source = _ESCAPED.sub(_unescaped, raw.decode(codepage, "replace"))
    source = _STATED_CODEPAGE.sub("", source)
    source = with_symbols(source, _fonts(source))
    source = replace_groups(with_equations(source), _TWO_WORDINGS, _wording)
    source = _SOFT_BREAK.sub(r"\\line", _BREAK.sub(r"\\par", _with_charsets(source)))
    return _SUPERSCRIPT.sub(_raised, _SHOWN.sub("", source)), codepage


def heading_styles(source: str) -> dict[str, int]:
    """The level of each style of headings, from 0, by its number."""
    table = _STYLES.search(source)
    if table is None:
        return {}
    levels = {}
    styles = source[table.end() : group_end(source, table.start())]
    for number, facts in _STYLE.findall(styles):
        stated = _LEVEL.search(facts)
        if stated is not None:
            levels[number] = int(stated[1]) if stated[1] else int(stated[2]) - 1
    return levels


def without_hidden(source: str) -> tuple[str, int]:
    """The source without hidden and deleted words, and how many passages of them there were."""
    source, groups = _HIDDEN.subn(r"{\\*\g<marks>", source)
    source, runs = _HIDDEN_RUN.subn("", source)
    return source, groups + runs


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


def _without_binary(raw: bytes) -> bytes:
    """The document without pictures as they are, whose bytes may look like markup."""
    kept = []
    position = 0
    while (match := _BINARY.search(raw, position)) is not None:
        kept.append(raw[position : match.start()])
        position = match.end() + int(match[1])
    return b"".join((*kept, raw[position:]))


def _wording(group: str) -> str:
    """Of two wordings, the one in Unicode."""
    wording = _UNICODE_WORDING.search(group)
    return group if wording is None else f"{{{group[wording.end() : -1]}"


def _fonts(source: str) -> dict[str, str]:
    """The name of each font, by its number."""
    table = _FONT_TABLE.search(source)
    if table is None:
        return {}
    written = source[table.end() : group_end(source, table.start())]
    return {number: _MARKUP.sub("", facts).strip() for number, facts in _FONT.findall(written)}


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
