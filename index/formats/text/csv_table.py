"""CSV (.csv): an article a row; the header names the same fields as in JSON Lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from index.errors import ArticleError
from index.formats.encodings import decode_detected
from index.formats.raw_article import Entry, RawArticle
from index.formats.stated_fields import stated_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_COLUMNS: Final = 1000
_DELIMITERS: Final = (",", ";", "\t", "|")
_TEXT: Final = "text"
# Excel's own line before the header: ``sep=;``.
_SEPARATOR_LINE: Final = re.compile(r"\"?sep=(?P<delimiter>[^\"\r\n])\"?[\s,;|]*\Z", re.IGNORECASE)
_LONGEST_CELL: Final = (
    16 * 1024 * 1024
)  # as long as a text may be; the library's default is 128 KiB


def read_csv(raw: bytes) -> Iterator[Entry]:
    """Read a table: cells separated by commas, semicolons, tabs or bars, names in the first row.

    Another character is the separator where Excel's line ``sep=`` stands before the header. Only
    the column ``text`` is required; commas or semicolons separate the tags in a cell. A row has
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
    delimiter, names = _read_header(first, _DELIMITERS if stated is None else stated["delimiter"])
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


def _read_header(header: str, delimiters: str | tuple[str, ...]) -> tuple[str, list[str]]:
    """Find the delimiter that gives the header a column ``text``, and the names of all columns.

    Raises:
        ArticleError: If no delimiter does, there are too many columns, or a name appears twice.
    """
    splits = []
    for delimiter in delimiters:
        try:
            cells = next(csv.reader([header], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        splits.append((delimiter, [cell.strip().lower() for cell in cells]))
    for delimiter, names in splits:
        if _TEXT in names:
            if len(names) > MAX_COLUMNS:
                raise ArticleError(f"header: {len(names)} columns; at most {MAX_COLUMNS} are read")
            counts = Counter(name for name in names if name)
            repeated = min((name for name, count in counts.items() if count > 1), default=None)
            if repeated is not None:
                raise ArticleError(f"header: column '{repeated}' appears twice")
            return delimiter, names
    shown = header.strip()[:200]
    raise ArticleError(f"header: expected a column '{_TEXT}' in the first row, got '{shown}'")


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
