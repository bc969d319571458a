"""CSV (.csv): an article a row; the header names the same fields as in JSON Lines."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from index.errors import ArticleError
from index.formats.encodings import decode_detected
from index.formats.fields import parse_fields
from index.formats.raw_article import Entry, RawArticle

if TYPE_CHECKING:
    from collections.abc import Iterator

_DELIMITERS: Final = (",", ";", "\t", "|")
_TEXT: Final = "text"
_TAG_SEPARATOR: Final = re.compile(r"[;,]")
_LONGEST_CELL: Final = (
    16 * 1024 * 1024
)  # as long as a text may be; the library's default is 128 KiB


def read_csv(raw: bytes) -> Iterator[Entry]:
    """Read a table: cells separated by commas, semicolons, tabs or bars, names in the first row.

    Only the column ``text`` is required; commas or semicolons separate the tags in a cell. A row
    has the number of the line that it begins on. A malformed row is reported and the next one
    read; after broken quoting no row can be recognised, so the rest is reported once.

    Raises:
        ArticleError: If the encoding cannot be detected, or the header is wrong.
    """
    lines = io.StringIO(decode_detected(raw), newline="")
    csv.field_size_limit(_LONGEST_CELL)
    delimiter, names = _read_header(next(lines, ""))
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number = rows.line_num + 2
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"broken CSV: {error}; the rows from here on are not read"
            yield Entry(number, ArticleError(reason))
            return
        if any(cell.strip() for cell in cells):
            yield Entry(number, _read_row(names, cells))


def _read_header(header: str) -> tuple[str, list[str]]:
    """The delimiter that gives the header a column ``text``, and the names of all columns.

    Raises:
        ArticleError: If no delimiter does, or a name appears twice.
    """
    splits = []
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([header], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        splits.append((delimiter, [cell.strip().lower() for cell in cells]))
    for delimiter, names in splits:
        if _TEXT in names:
            repeated = sorted({name for name in names if name and names.count(name) > 1})
            if repeated:
                raise ArticleError(f"header: column '{repeated[0]}' appears twice")
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
    tags = _TAG_SEPARATOR.split(str(values.pop("tags", "")))
    try:
        fields = parse_fields({**values, "tags": [tag for tag in tags if tag.strip()]})
    except ArticleError as error:
        return error
    return RawArticle(fields, text)
