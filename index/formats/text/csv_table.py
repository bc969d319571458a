"""CSV (.csv): an article a row, as in JSON Lines; without a column of texts, a table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from index.errors import ArticleError
from index.formats.encodings import decode_detected
from index.formats.fields import ArticleFields
from index.formats.raw_article import WHOLE_FILE, Entry, RawArticle
from index.formats.stated_fields import TEXT_NAMES, stated_fields
from index.formats.tables import Cell, table_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_COLUMNS: Final = 1000
_DELIMITERS: Final = (",", ";", "\t", "|")
_TEXT: Final = "text"
_LONGEST_VALUE: Final = 300  # characters of a cell of a table; a longer one is a text of its own
# Excel's own line before the header: ``sep=;``.
_SEPARATOR_LINE: Final = re.compile(r"\"?sep=(?P<delimiter>[^\"\r\n])\"?[\s,;|]*\Z", re.IGNORECASE)
_Header = tuple[str, list[str]]  # the delimiter, and the names of the columns
_LONGEST_CELL: Final = (
    16 * 1024 * 1024
)  # as long as a text may be; the library's default is 128 KiB


def read_csv(raw: bytes) -> Iterator[Entry]:
    """Read a table: cells separated by commas, semicolons, tabs or bars, names in the first row.

    Another character is the separator where Excel's line ``sep=`` stands before the header. A
    table without a column ``text``, or of a name that other programs give it, is one article if
    its cells are values. Of the columns only the text is required; commas or semicolons separate
    the tags in a cell. A row has
    the number of the line that it begins on. A malformed row is reported and the next one read;
    after broken quoting no row can be recognised, so the rest is reported once.

    Raises:
        ArticleError: If the encoding cannot be detected, the header is wrong, or no row follows.
    """
    lines = io.StringIO(decode_detected(raw).replace("\0", ""), newline="")
    csv.field_size_limit(_LONGEST_CELL)
    first, before = next(lines, ""), 1
    stated = _SEPARATOR_LINE.match(first.strip(" \r\n"))
    if stated is not None:
        first, before = next(lines, ""), 2
    delimiters = _DELIMITERS if stated is None else stated["delimiter"]
    splits = _splits(first, delimiters)
    header = next(filter(None, map(_with_text, splits)), None)
    if header is None:
        yield Entry(WHOLE_FILE, _read_table(first, splits, lines))
        return
    delimiter, names = _checked(header)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    count = 0
    while True:
        number = rows.line_num + before + 1
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            reason = f"broken CSV: {error}; the rows from here on are not read"
            yield Entry(number, ArticleError(reason))
            return
        if any(cell.strip() for cell in cells):
            count += 1
            yield Entry(number, _read_row(names, cells))
    if count == 0:
        raise ArticleError("empty: there is no row after the header")


def _splits(header: str, delimiters: str | tuple[str, ...]) -> list[_Header]:
    """The names of the columns that each delimiter gives, in lower case."""
    splits: list[_Header] = []
    for delimiter in delimiters:
        try:
            cells = next(csv.reader([header], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        splits.append((delimiter, [cell.strip().lower() for cell in cells]))
    return splits


def _with_text(header: _Header) -> _Header | None:
    """The header with its column of texts named ``text``; None where it has none."""
    delimiter, names = header
    text = next((name for name in TEXT_NAMES if name in names), None)
    if text is None:
        return None
    return delimiter, [_TEXT if name == text else name for name in names]


def _checked(header: _Header) -> _Header:
    """The header itself.

    Raises:
        ArticleError: If there are too many columns, or a name appears twice.
    """
    _, names = header
    if len(names) > MAX_COLUMNS:
        raise ArticleError(f"header: {len(names)} columns; at most {MAX_COLUMNS} are read")
    counts = Counter(name for name in names if name)
    repeated = min((name for name, count in counts.items() if count > 1), default=None)
    if repeated is not None:
        raise ArticleError(f"header: column '{repeated}' appears twice")
    return header


def _read_table(header: str, splits: list[_Header], lines: io.StringIO) -> RawArticle:
    """Read a table of values as one article, each cell after the heading of its column.

    Raises:
        ArticleError: If it is not sure to be one.
    """
    delimiter, names = max(splits, key=lambda split: len(split[1]), default=(",", []))
    shown = header.strip()[:200]
    fault = ArticleError(f"header: expected a column '{_TEXT}' in the first row, got '{shown}'")
    if not 2 <= len(names) <= MAX_COLUMNS or not all(names):
        raise fault
    headings = next(csv.reader([header], delimiter=delimiter, strict=True))
    if len(max(headings, key=len)) > _LONGEST_VALUE:
        raise fault
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter, strict=True) if any(row)]
    except csv.Error as error:
        raise ArticleError(f"broken CSV: {error}") from None
    if any(len(row) > len(names) or len(max(row, key=len)) > _LONGEST_VALUE for row in rows):
        raise fault
    if not rows:
        raise ArticleError("empty: there is no row after the header")
    body = [[Cell(words) for words in row] for row in rows]
    items = table_lines([[Cell(words, is_heading=True) for words in headings], *body])
    return RawArticle(ArticleFields(), "\n".join(f"- {item}" for item in items))


def _read_row(names: list[str], cells: list[str]) -> RawArticle | ArticleError:
    if len(cells) > len(names):
        return ArticleError(
            f"{len(cells)} cells, {len(names)} columns in the header; "
            "a cell that holds the delimiter needs quotes"
        )
    values: dict[str, object] = dict(zip(names, cells, strict=False))
    text = str(values.pop(_TEXT, ""))
    try:
        fields, left_out = stated_fields(values)
    except ArticleError as error:
        return error
    return RawArticle(fields, text, left_out=left_out)
