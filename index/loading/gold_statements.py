"""Statements that gold questions expect besides words: values, timelines, comparisons."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
    model_validator,
)

from index.filter_fields import Day

GoldKind: TypeAlias = Literal[
    "fact", "latest", "as_of", "list", "compare", "absent_name", "disagree"
]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _end(value: object) -> float | dt.date:
    """Take the end of a value: a number, or a day of a date."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(
            f"expected a number, or a day such as 2025-01-31; got {value!r}"
        ) from error


End = Annotated[float | dt.date, BeforeValidator(_end)]


class _Expected(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldValue(_Expected):
    """A value as replies write it; a single figure has ``low == high``.

    Attributes:
        low, high: Days of a date, else numbers.
        unit: ISO 4217 code of money, "percent" or the like, what is counted, the unit of a
            duration; None for bare numbers and dates.
    """

    kind: Literal["money", "percent", "count", "number", "date", "duration"]
    low: End
    high: End
    unit: Words | None = None

    @model_validator(mode="after")
    def _ends_fit(self) -> GoldValue:
        days = [isinstance(end, dt.date) for end in (self.low, self.high)]
        if days != [self.kind == "date"] * 2:
            wanted = "days" if self.kind == "date" else "numbers"
            raise ValueError(f"low and high of kind '{self.kind}' are {wanted}")
        low, high = (
            end.toordinal() if isinstance(end, dt.date) else end for end in (self.low, self.high)
        )
        if low > high:
            raise ValueError(f"low ({self.low}) is above high ({self.high})")
        if self.kind not in ("number", "date") and self.unit is None:
            raise ValueError(f"a value of kind '{self.kind}' has a unit")
        return self


class GoldStatement(_Expected):
    """An entry of a timeline.

    Attributes:
        as_of: The day as of which it holds.
        text: Its words in the article.
        value: What they say, where they say a value.
        article: The id of the article.
    """

    as_of: Day
    text: Words
    value: GoldValue | None = None
    standing: Literal["reported", "planned", "forecast", "denied", "attributed"]
    article: Words


class GoldSide(_Expected):
    """A side of a comparison: the subject, and the article's words for its value."""

    subject: Words
    text: Words
    value: GoldValue
    article: Words


class GoldComparison(_Expected):
    """The sides of a comparison; ``greater`` is the position of the greater, None if equal."""

    sides: Annotated[tuple[GoldSide, ...], Field(min_length=2)]
    greater: StrictInt | None

    @model_validator(mode="after")
    def _greater_is_a_side(self) -> GoldComparison:
        if self.greater is not None and not 0 <= self.greater < len(self.sides):
            raise ValueError(
                f"greater is {self.greater}; expected a position of the {len(self.sides)} sides, "
                "from 0, or null"
            )
        return self
