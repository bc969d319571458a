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
_LONGEST_CELL: Final = 16 * 1024 * 1024  # as long as a text may be; the library's own is 128 KiB


def read_csv(raw: bytes) -> Iterator[Entry]:
    """Read a table: commas, semicolons, tabs or bars between cells, names in the first row.

    Only the column ``text`` is required; the tags in a cell stand between commas or semicolons.
    Each row is numbered by the line that it begins on. A row that cannot be read is reported; after
    broken quoting nothing can be told any more, so that the rest is reported as one.

    Raises:
        ArticleError: If the bytes are text in no known encoding, or the header is wrong.
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
    """Find the delimiter by which the header has a column ``text``.

    Raises:
        ArticleError: If there is none, or a name stands there twice.
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
            twice = sorted({name for name in names if name and names.count(name) > 1})
            if twice:
                raise ArticleError(f"header: column '{twice[0]}' stands there twice")
            return delimiter, names
    shown = header.strip()[:200]
    raise ArticleError(f"header: expected a column '{_TEXT}' in the first row, got '{shown}'")


def _read_row(names: list[str], cells: list[str]) -> RawArticle | ArticleError:
    if len(cells) > len(names):
        return ArticleError(
            f"{len(cells)} cells, {len(names)} columns in the header; "
            "a cell that holds the delimiter needs quotes"
        )
    known: dict[str, object] = dict(zip(names, cells, strict=False))
    text = str(known.pop(_TEXT, ""))
    tags = _TAG_SEPARATOR.split(str(known.pop("tags", "")))
    try:
        fields = parse_fields({**known, "tags": [tag for tag in tags if tag.strip()]})
    except ArticleError as error:
        return error
    return RawArticle(fields, text)
