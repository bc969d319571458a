"""The header and footer that browsers print on each page: time and title, address and page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.formats.pdf.layout import Line

_MOMENT: Final = re.compile(
    r"\d{1,4}[./-] ?\d{1,2}[./-] ?\d{2,4},? \d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?(?= |\Z)"
)
_FOOTER: Final = re.compile(
    r"(?P<address>[a-z][a-z-]{1,20}:\S*)(?: \S+){0,3}? (?P<page>\d+)/(?P<pages>\d+)\Z"
)
_SAME: Final = 4.0  # points, within which the parts of a header have the same height on the page


class Printed(NamedTuple):
    """The pages of a document without what a browser printed around them.

    Attributes:
        pages: The pages.
        left_out: What was taken out, as messages.
        url: The address that was printed; None without one, or where it is no public one.
    """

    pages: list[list[Line]]
    left_out: tuple[str, ...]
    url: str | None


def without_print_marks(pages: Sequence[Sequence[Line]]) -> Printed:
    """Leave out header and footer where every page has both, and the footer counts the pages."""
    kept: list[list[Line]] = []
    address = None
    for number, page in enumerate(pages, start=1):
        if len(page) < 3:
            break
        top, bottom = _row(page, max(page, key=_height)), _row(page, min(page, key=_height))
        header, footer = _words(top), _FOOTER.search(_words(bottom))
        if (
            _MOMENT.match(header) is None
            or footer is None
            or (int(footer["page"]), int(footer["pages"])) != (number, len(pages))
        ):
            break
        address = footer["address"]
        marks = {id(line) for line in (*top, *bottom)}
        kept.append([line for line in page if id(line) not in marks])
    if not pages or len(kept) < len(pages):
        return Printed([list(page) for page in pages], (), None)
    is_whole = address is not None and address.startswith("http") and not address.endswith("…")
    left_out = (f"a browser's header and footer on {len(pages)} pages",)
    return Printed(kept, left_out, address if is_whole else None)


def _height(line: Line) -> float:
    return line.bottom


def _row(page: Sequence[Line], end: Line) -> list[Line]:
    """The lines as high on a page as one at its end, from left to right."""
    row = [line for line in page if abs(line.bottom - end.bottom) <= _SAME]
    return sorted(row, key=lambda line: line.left)


def _words(row: Sequence[Line]) -> str:
    return " ".join(line.words for line in row)
