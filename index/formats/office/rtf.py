"""Rich Text Format (.rtf): paragraphs, headings and tables, read by striprtf."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING, Final

from striprtf.striprtf import rtf_to_text

from index.errors import ArticleError
from index.formats.fields import lenient_fields
from index.formats.office.rtf_boxes import with_boxes
from index.formats.office.rtf_groups import group_end
from index.formats.office.rtf_source import heading_styles, read_source, without_hidden
from index.formats.office.rtf_symbols import without_symbols
from index.formats.office.superscripts import SUPERSCRIPTS
from index.formats.raw_article import RawArticle
from index.formats.tables import Cell
from index.formats.text_builder import TextBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_START: Final = b"{\\rtf"
# Private characters stand for what the library writes as other characters, or not at all.
_CELL, _ROW, _ROW_START, _HEADING = "\ue000", "\ue001", "\ue002", "\ue003"
_LEVELS: Final = "\ue010\ue011\ue012\ue013\ue014\ue015\ue016\ue017\ue018"
_MARKED_LEVEL: Final = re.compile(f"{_HEADING}[{_LEVELS}]")
_FOOTNOTE: Final = re.compile(r"\{\s*(?:\\\*\s*)?\\footnote(?![a-z])")
_WORD: Final = re.compile(
    r"\\(?:[^a-z]|(?P<word>nestcell|cell|nestrow|row|trowd|outlinelevel|s)"
    r"(?P<number>\d{0,4})(?![a-z\d]) ?)"
)
_INFO: Final = r"\{{\\{}\s(?P<words>[^{{}}]{{1,2000}})\}}"
_MADE: Final = re.compile(r"\\creatim\s?\\yr(\d{4})\\mo(\d\d?)\\dy(\d\d?)")
_ITEM: Final = re.compile(r"\s*[•·◦▪\-–]\t\s*")
_BESIDE: Final = {
    "page headers and footers": re.compile(r"\{\\(?:header|footer)[lrf]?(?![a-z])"),
    "comments": re.compile(r"\{\\\*\\annotation(?![a-z])"),
}


def read_rtf(raw: bytes) -> RawArticle:
    """Read the body of a document, and tables with the headings of their columns.

    Raises:
        ArticleError: If it is not an RTF document.
    """
    if not raw.lstrip().startswith(_START):
        raise ArticleError("not an .rtf file: expected it to begin with '{\\rtf'")
    source, codepage = read_source(raw)
    # Parted from its field, a link is not written out with its address, nor searched for slowly.
    source = source.replace("{\\field{", "{\\field {")
    left_out = {what: len(pattern.findall(source)) for what, pattern in _BESIDE.items()}
    source = with_boxes(source)
    source, left_out["passages of hidden or deleted text"] = without_hidden(source)
    body, notes = _without_notes(source)
    marked = _WORD.sub(partial(_marked, heading_styles(source)), body)
    plain, left_out["symbols"] = without_symbols(_converted(marked, codepage))
    built = TextBuilder()
    first_heading = _write(built, plain)
    for number, note in enumerate(notes, start=1):
        built.paragraph(f"{_mark(number)} {_plain(note, codepage)}")
    title = _info(source, "title", codepage)
    fields = lenient_fields(
        {
            "title": first_heading if title is None else title,
            "author": _info(source, "author", codepage),
        }
    )
    named = tuple(f"{what}: {times}" for what, times in left_out.items() if times)
    return RawArticle(fields, built.text(), left_out=named, created=_created(source))


def _converted(source: str, codepage: str) -> str:
    plain: str = rtf_to_text(source, codepage, "replace")  # type: ignore[no-untyped-call]
    # A character beyond 16 bits is written as two surrogates; a lone one is replaced.
    plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain.replace("\xad", "")


def _plain(words: str, codepage: str) -> str:
    """The words of a part of a document, on one line."""
    shown, _ = without_symbols(_converted(f"{{\\rtf1\\ansi {words}}}", codepage))
    return " ".join(shown.split())


def _without_notes(source: str) -> tuple[str, list[str]]:
    """Put a mark in place of each footnote, and return their sources."""
    kept: list[str] = []
    notes: list[str] = []
    position = 0
    for match in _FOOTNOTE.finditer(source):
        if match.start() < position:
            continue
        end = group_end(source, match.start())
        notes.append(source[match.end() : end - 1])
        kept.extend((source[position : match.start()], _mark(len(notes))))
        position = end
    kept.append(source[position:])
    return "".join(kept), notes


def _mark(number: int) -> str:
    return str(number).translate(SUPERSCRIPTS)


def _marked(styles: Mapping[str, int], match: re.Match[str]) -> str:
    word, number = match["word"], match["number"]
    if word in {"cell", "nestcell"}:
        return _CELL
    if word in {"row", "nestrow"}:
        return _ROW
    if word == "trowd":
        return _ROW_START
    if word == "outlinelevel" and number and int(number) < len(_LEVELS):
        return _HEADING + _LEVELS[int(number)]
    if word == "s" and number in styles:
        return f"{match[0]}{_HEADING}{_LEVELS[styles[number]]}"
    return match[0]


def _write(built: TextBuilder, plain: str) -> str | None:
    """Write paragraphs and tables; returns the first heading."""
    rows: list[list[str]] = []
    first_heading = None
    *before_rows, rest = plain.split(_ROW)
    for part in [*(f"{each}{_ROW}" for each in before_rows), rest]:
        above, row = _parted(part)
        if above.strip(f"{_ROW_START} \n\t"):
            _write_table(built, rows)
            rows = []
        for line in above.split("\n"):
            heading = _write_line(built, line.replace(_ROW_START, ""))
            first_heading = heading if first_heading is None else first_heading
        if row:
            rows.append(_cells(row))
    _write_table(built, rows)
    return first_heading


def _parted(part: str) -> tuple[str, str]:
    """Part what ends with a row of a table into what stands above the row, and the row."""
    if not part.endswith(_ROW) or _CELL not in part:
        return part.removesuffix(_ROW), ""
    start = part.find(_ROW_START)
    if not 0 <= start < part.index(_CELL):
        start = part.rfind("\n", 0, part.index(_CELL)) + 1
    return part[:start], part[start:-1]


def _write_line(built: TextBuilder, line: str) -> str | None:
    """Write a paragraph; returns its words if it is a heading."""
    at = line.find(_HEADING)
    words = _MARKED_LEVEL.sub("", line)
    if at >= 0 and words.strip():
        built.heading(_LEVELS.index(line[at + 1]) + 1, words)
        return " ".join(words.split())
    if (mark := _ITEM.match(words)) is not None:
        built.item(words[mark.end() :])
    else:
        built.paragraph(words)
    return None


def _cells(row: str) -> list[str]:
    words = _MARKED_LEVEL.sub("", row).replace(_ROW_START, "")
    *cells, rest = words.split(_CELL)
    return [*cells, rest] if rest.strip() else cells


def _write_table(built: TextBuilder, rows: Sequence[Sequence[str]]) -> None:
    built.table([[Cell(words) for words in row] for row in rows if row])


def _info(source: str, name: str, codepage: str) -> str | None:
    stated = re.search(_INFO.format(name), source)
    if stated is None:
        return None
    return _plain(stated["words"], codepage) or None


def _created(source: str) -> dt.date | None:
    made = _MADE.search(source)
    try:
        return None if made is None else dt.date(int(made[1]), int(made[2]), int(made[3]))
    except ValueError:
        return None
