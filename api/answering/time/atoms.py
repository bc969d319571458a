"""Text -> the smallest time expressions in it, each alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.days import day_of_writing
from api.answering.time.dates import CALENDAR_ROWS
from api.answering.time.relative import RELATIVE_ROWS

if TYPE_CHECKING:
    import datetime as dt

    from api.answering.periods import Days
    from api.answering.time.naming import InYear

_TABLE: Final = CALENDAR_ROWS | RELATIVE_ROWS
_ROWS: Final = {
    kind: (re.compile(pattern, re.IGNORECASE), resolve)
    for kind, (pattern, resolve) in _TABLE.items()
}
_GROUP_NAME: Final = re.compile(r"\?P<\w+>")
# Every pattern is bounded, so that a scan is linear in the text.
_ANY: Final = re.compile(
    "|".join(
        f"(?P<{kind}>{_GROUP_NAME.sub('?:', pattern)})" for kind, (pattern, _) in _TABLE.items()
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Atom:
    """A time expression as it stands, before its neighbours are taken in.

    Attributes:
        start: Where it begins in the text, in code points.
        end: Where it ends.
        kind: The row that it is of.
        earlier: The days it names when it speaks of what has been; None where only a year beside
            it tells.
        later: The days it names when it speaks of what is to come.
        in_year: The days it names in a given year; None where it has its own.
        year: The year that it names, where it names one.
    """

    start: int
    end: int
    kind: str
    earlier: Days | None
    later: Days | None
    in_year: InYear | None
    year: int | None


def scan_atoms(text: str, day: dt.date | None) -> list[Atom]:
    """Find the smallest time expressions of a text, in order, without overlap.

    Args:
        text: Any text.
        day: The day on which it was written; without one, or with one that no day of writing is,
            only full dates are resolved.
    """
    day = day_of_writing(day)
    atoms = []
    for hit in _ANY.finditer(text):
        kind = hit.lastgroup
        if kind is None:
            continue
        pattern, resolve = _ROWS[kind]
        match = pattern.match(text, hit.start())
        naming = None if match is None else resolve(match, day)
        if naming is not None:
            low, high, in_year, year = naming.earlier, naming.later, naming.in_year, naming.year
            atoms.append(Atom(hit.start(), hit.end(), kind, low, high, in_year, year))
    return atoms
