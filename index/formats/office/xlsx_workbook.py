"""Workbooks (.xlsx): the rows of every sheet, read by openpyxl."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from index.errors import ArticleError
from index.formats.archives import open_archive, read_part
from index.formats.fields import lenient_fields
from index.formats.office.number_formats import shown_value
from index.formats.raw_article import RawArticle, name_counts
from index.formats.tables import MAX_COLUMNS, Cell
from index.formats.text_builder import TextBuilder

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Sequence

MAX_CELLS: Final = 500_000
_SUFFIX: Final = ".xlsx"
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml\Z")
# A formula whose value the program that wrote it did not work out.
_NO_VALUE: Final = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_BESIDE: Final = {
    "comments": (re.compile(r"xl/(?:.*/)?comments\d*\.xml\Z"), re.compile(rb"<comment[\s>]")),
    "texts in drawings": (
        re.compile(r"xl/drawings/drawing\d*\.xml\Z"),
        re.compile(rb"<a:t>[^<]"),
    ),
    "page headers and footers": (_SHEET, re.compile(rb"<(?:odd|even|first)(?:Header|Footer)>[^<]")),
    "charts": (re.compile(r"xl/charts/chart\d*\.xml\Z"), re.compile(rb"<(?:c:)?chartSpace")),
}
_TITLE_LEVEL: Final = 2
_NOTE_WORDS: Final = 5  # of a row with one cell below a table; a shorter one is a row of it


class _Value:
    """A cell: its words, and what tells headings from values."""

    __slots__ = ("is_bold", "is_text", "words")

    def __init__(self, cell: Any) -> None:
        value = cell.value
        self.is_text = isinstance(value, str)
        self.is_bold = value is not None and cell.has_style and bool(cell.font.bold)
        if self.is_text or value is None:
            self.words: str = value or ""
        else:
            self.words = shown_value(value, cell.number_format or "General")


def read_xlsx(raw: bytes) -> RawArticle:
    """Read the visible sheets: each row a line in which cells stand after their headings.

    Formulas are read as the values that the file has for them.

    Raises:
        ArticleError: If it is not a workbook, or unpacks to too much.
    """
    with open_archive(raw, _SUFFIX) as archive:
        left_out = _beside(archive)
    try:
        workbook = openpyxl.load_workbook(
            io.BytesIO(raw), read_only=True, data_only=True, keep_links=False
        )
    except (KeyError, InvalidFileException) as error:
        raise ArticleError(f"not an .xlsx workbook: {error.args[0]}") from None
    built = TextBuilder()
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    left_out["hidden sheets"] += len(workbook.worksheets) - len(visible)
    room = MAX_CELLS
    for sheet in visible:
        if len(visible) > 1:
            built.heading(_TITLE_LEVEL, sheet.title)
        sheet.reset_dimensions()  # what the file says of them may be wrong
        reading = _Reading(room)
        for region in reading.regions(sheet):
            _write(built, region)
        room = reading.room
        left_out["cells beyond column 1000"] += reading.beyond
        left_out[f"sheets longer than {MAX_CELLS} cells, in part"] += reading.is_cut
    properties = workbook.properties
    fields = lenient_fields({"title": properties.title, "author": properties.creator})
    named = name_counts(left_out)
    made = properties.created
    return RawArticle(
        fields, built.text(), left_out=named, created=None if made is None else made.date()
    )


def _beside(archive: zipfile.ZipFile) -> Counter[str]:
    """Count what stands beside the cells, and formulas without a value."""
    beside: Counter[str] = Counter()
    for name in archive.namelist():
        if _SHEET.match(name):
            beside["formulas without a value"] += len(
                _NO_VALUE.findall(read_part(archive, name, _SUFFIX))
            )
        for what, (part, pattern) in _BESIDE.items():
            if part.match(name):
                beside[what] += len(pattern.findall(read_part(archive, name, _SUFFIX)))
    return beside


class _Reading:
    """A pass over a sheet.

    Attributes:
        room: How many more cells are read.
        beyond: Cells with words that were left out as beyond the last column.
        is_cut: Whether the sheet was too long.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.beyond = 0
        self.is_cut = False

    def regions(self, sheet: Any) -> Iterator[list[list[_Value]]]:
        """The rows of a sheet, apart where there is an empty one."""
        region: list[list[_Value]] = []
        for row in sheet.iter_rows():
            values = [_Value(cell) for cell in row[:MAX_COLUMNS]]
            self.beyond += sum(cell.value is not None for cell in row[MAX_COLUMNS:])
            while values and not values[-1].words.strip():
                values.pop()
            self.room -= len(values)
            if self.room < 0:
                self.is_cut = True
                break
            if values:
                region.append(values)
            elif region:
                yield region
                region = []
        if region:
            yield region


def _write(built: TextBuilder, region: list[list[_Value]]) -> None:
    """Write a table, the titles above it and the notes below it as paragraphs."""
    rows = [[value for value in row if value.words.strip()] for row in region]
    start, end = 0, len(rows)
    while start < end and len(rows[start]) == 1:
        built.paragraph(rows[start][0].words)
        start += 1
    while end > start and _is_note(rows[end - 1]):
        end -= 1
    table = region[start:end]
    if table:
        width = max(map(len, table))
        columns = [at for at in range(width) if any(_words(row, at) for row in table)]
        is_headed = _has_headings(table, columns)
        built.table(
            [
                [Cell(_words(row, at), is_headed and number == 0) for at in columns]
                for number, row in enumerate(table)
            ]
        )
    for row in rows[end:]:
        built.paragraph(row[0].words)


def _is_note(values: Sequence[_Value]) -> bool:
    return len(values) == 1 and len(values[0].words.split()) >= _NOTE_WORDS


def _words(row: Sequence[_Value], column: int) -> str:
    return row[column].words.strip() if column < len(row) else ""


def _has_headings(table: Sequence[Sequence[_Value]], columns: Sequence[int]) -> bool:
    """Whether the first row holds headings: bold ones, or words above numbers."""
    first, *others = table
    heads = [value for value in first if value.words.strip()]
    if not others or len(heads) < len(columns) - 1:
        return False
    if all(value.is_bold for value in heads):
        return not all(value.is_bold for row in others for value in row if value.words.strip())
    return (
        len(columns) > 2
        and all(value.is_text for value in heads)
        and any(
            all(not row[at].is_text for row in others if at < len(row) and row[at].words.strip())
            for at in columns
        )
    )
