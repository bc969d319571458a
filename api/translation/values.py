"""Values of answers on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.schemas import PeriodOut, QuantityOut

if TYPE_CHECKING:
    from api.answering.values.value import Value


def from_value(value: Value) -> QuantityOut | PeriodOut | None:
    """Write a value; its numbers are exact until here."""
    quantity, days = value.quantity(), value.days()
    if quantity is not None:
        kind, low, high = quantity
        return QuantityOut(
            kind=kind,
            low=float(low),
            high=float(high),
            unit=value.unit,
            approximate=value.approximate,
        )
    if days is not None:
        return PeriodOut(
            kind="date", low=days[0], high=days[1], unit=value.unit, approximate=value.approximate
        )
    return None
