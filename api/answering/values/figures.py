"""Figures in a text: where each begins and ends with its currency and unit, and what it says."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from api.answering.values.parsing import parse_value
from api.answering.values.quantities import complete_quantity
from api.answering.values.tokens import FIGURE_AHEAD

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from api.answering.values.value import Value

_FIGURE: Final = re.compile(r"(?<![\w.,])" + FIGURE_AHEAD)


class Figure(NamedTuple):
    """A figure in a text.

    Attributes:
        start: Where it begins in the text, its currency included.
        end: Where it ends there, its unit included.
        value: What it says; None where that is no value.
    """

    start: int
    end: int
    value: Value | None


def figure_at(text: str, at: int, day: dt.date | None) -> Figure:
    """Read the figure that begins, or whose number begins, at an offset.

    Args:
        text: Holds the figure.
        at: An offset in code points.
        day: When the text was published.
    """
    start, end = complete_quantity(text, at, at + 1)
    return Figure(start, end, parse_value(text[start:end], text, start, day))


def figures_in(text: str, day: dt.date | None, most: int) -> Iterator[Figure]:
    """Read a text's first figures, at most so many."""
    for match in islice(_FIGURE.finditer(text), most):
        yield figure_at(text, match.start(), day)
