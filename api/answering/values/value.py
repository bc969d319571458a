"""A value: the quantity, date or period that an answer's words say."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

from api.answering.values.units import base_unit

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import date

QuantityKind: TypeAlias = Literal["money", "percent", "count", "number", "duration"]
Kind: TypeAlias = QuantityKind | Literal["date"]


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A quantity or a range of it; a single figure has ``low == high``.

    Values are equal when kind, unit, low and high are: 3,400 metres and 3.4 kilometres are equal,
    and how a value was worded does not count. Numbers are exact.

    Attributes:
        kind: Dates are of kind "date", bare numbers and fractions "number", all that is counted or
            measured in a unit, but money, per cent and time, "count".
        low: Lower end, or first day.
        high: Upper end, or last day.
        unit: Money: ISO 4217 code, or the plain name where several countries share it and the
            words don't say whose ("shillings"). Percent: "percent", "percentage points" or
            "basis points". Count: what is counted, in the plural. Rates end in "per ...". Date:
            "fiscal year" where the days are those of the calendar year of that number, else None.
        approximate: Whether the words say about, nearly, more than, up to or the like.
        equivalent: What the words give in another currency or unit: "380 billion yuan ($53
            billion)".
    """

    kind: Kind
    low: Fraction | date
    high: Fraction | date
    unit: str | None = None
    approximate: bool = False
    equivalent: Value | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What makes two values equal: kind, base unit and both ends in it."""
        ends = self.in_base_unit()
        return self.kind, *((self.unit, self.low, self.high) if ends is None else ends)

    def in_base_unit(self) -> tuple[str | None, Fraction, Fraction] | None:
        """The unit that this one converts into exactly, with both ends in it; None of dates."""
        quantity = self.quantity()
        if quantity is None:
            return None
        unit, factor = base_unit(self.unit)
        _, low, high = quantity
        return unit, low * factor, high * factor

    def quantity(self) -> tuple[QuantityKind, Fraction, Fraction] | None:
        """The kind and both ends of a quantity; None of dates."""
        low, high = self.low, self.high
        if self.kind == "date" or not isinstance(low, Fraction) or not isinstance(high, Fraction):
            return None
        return self.kind, low, high

    def days(self) -> tuple[date, date] | None:
        """The first and last day of a date; None of other values."""
        if isinstance(self.low, Fraction) or isinstance(self.high, Fraction):
            return None
        return self.low, self.high


def one_holds_other(days: tuple[date, date], other_days: tuple[date, date]) -> bool:
    """Whether one of two stretches of days holds the other: June 2024 and 2024."""
    whole = min(days[0], other_days[0]), max(days[1], other_days[1])
    return whole in (days, other_days)
