"""Comparing the sides of a comparison by what their answers' words say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Final

from api.answering.answers import ComparedSide, Comparison
from api.answering.values.parsing import parse_value
from api.answering.values.units import is_exact_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.comparisons.comparatives import Aim
    from api.answering.combining.comparisons.side_reading import SideAnswer
    from api.answering.values.value import Value

Ends = tuple[Fraction, Fraction]
"""The lower and the upper end of a value, in a unit that all sides share."""

_TRIED: Final = 4  # candidates of each side
TOLD_ALIKE: Final = 0.5  # of the threshold: enough for a value that an article tells in one way
_FARTHEST: Final = 30  # times: a figure whose unit is left out is that near to the one with it
_COUNTED: Final = "times"  # of what was done as often: "flew 13 times", "14 launches"
_IN_BRACKETS: Final = re.compile(r"\A\s\([^()]{1,40}\)")


def matched(sides: Sequence[Sequence[SideAnswer]]) -> list[SideAnswer] | None:
    """Choose an answer of each side so that they can be compared; the likeliest where none can.

    Args:
        sides: The answers of each side, best first.

    Returns:
        An answer a side; None where a side has none, or none but the words of another side's.
    """
    best: list[SideAnswer] | None = None
    order = False, 0.0
    for answers in product(*(side[:_TRIED] for side in sides)):
        if len({answer.place for answer in answers}) < len(answers):
            continue
        can = measured([answer.value for answer in answers]) is not None
        total = can, sum(answer.ranked.confidence for answer in answers)
        if best is None or total > order:
            best, order = list(answers), total
    return best


def sure_answers(sides: Sequence[Sequence[SideAnswer]], threshold: float) -> list[list[SideAnswer]]:
    """Keep the answers of each side that are sure enough.

    Half as sure is enough beside a sure one of another side that the same article gives in the
    same unit: articles tell both sides in one way.
    """
    sure = [[each for each in side if each.ranked.confidence >= threshold] for side in sides]
    kept = []
    for number, side in enumerate(sides):
        others = [each for place, own in enumerate(sure) if place != number for each in own]
        kept.append(
            [
                answer
                for answer in side
                if answer.ranked.confidence >= threshold
                or (
                    answer.ranked.confidence >= TOLD_ALIKE * threshold
                    and any(_told_alike(answer, other) for other in others)
                )
            ]
        )
    return kept


def _told_alike(answer: SideAnswer, other: SideAnswer) -> bool:
    """Whether one article gives two values in one unit, each in a place of its own."""
    if answer.place == other.place or answer.place[0] != other.place[0]:
        return False
    return measured([answer.value, other.value]) is not None


def compared(
    answers: Sequence[SideAnswer], aim: Aim, *, for_difference: bool = False
) -> tuple[list[int], Comparison]:
    """Compare one answer a side; how far they are apart is not worked out.

    Returns:
        The numbers of the sides in the order in which they answer, the one asked for first, and
        the comparison, whose answers count in that order.
    """
    ends = measured([answer.value for answer in answers])
    numbers = list(range(len(answers)))
    lead = None
    if ends is not None and aim == "least":
        lead = _extreme([(-high, -low) for low, high in ends])
    elif ends is not None:
        lead = _extreme(ends)
    if ends is not None and lead is not None and aim != "change":
        numbers.sort(key=lambda number: ends[number], reverse=aim == "most")
    elif aim != "change":
        numbers.sort(key=lambda number: -answers[number].ranked.confidence)
    sides = tuple(
        ComparedSide(answer.subject, numbers.index(number)) for number, answer in enumerate(answers)
    )
    greater = None if ends is None else _extreme(ends)
    statement = _statement(answers, aim, numbers, ends, lead)
    if for_difference:
        statement = f"{statement} The difference is not worked out."
    return numbers, Comparison(sides, greater, statement)


def measured(values: Sequence[Value]) -> list[Ends] | None:
    """The ends of values in one unit; None where they have no unit in common.

    A rate that only some state ("£5 million a year") is taken to be meant by all, and what is
    counted may be called by several nouns; currencies and measures must be the same.
    """
    choices = [
        [value] if value.equivalent is None else [value, value.equivalent]
        for value in _with_units(values)
    ]
    for chosen in product(*choices):
        if all(_one_unit(chosen[0], other) for other in chosen[1:]):
            ends = [_ends(value) for value in chosen]
            return [pair for pair in ends if pair is not None]
    return None


def _with_units(values: Sequence[Value]) -> list[Value]:
    """Give bare figures the unit of the others, which is left out: "8.1 tonnes", "5.9"."""
    quantities = [value.quantity() for value in values]
    whole = [value for value in values if value.kind not in {"number", "date"}]
    units = {(value.kind, value.unit) for value in whole}
    if len(units) != 1:
        return list(values)
    kind, unit = units.pop()
    least = min(abs(quantity[1]) for quantity in quantities if quantity is not None)
    most = max(abs(quantity[2]) for quantity in quantities if quantity is not None)
    if most > _FARTHEST * least:
        return list(values)
    return [
        replace(value, kind=kind, unit=unit) if value.kind == "number" else value
        for value in values
    ]


def with_equivalent(value: Value, words: str, sentence: str, at: int) -> Value:
    """Take in what stands in brackets behind a value: the same in another currency or unit."""
    after = _IN_BRACKETS.match(sentence[at + len(words) :])
    if after is None or value.equivalent is not None:
        return value
    longer = parse_value(f"{words}{after[0]}", sentence, at)
    return longer if longer == value and longer is not None else value


def _ends(value: Value) -> Ends | None:
    days, base = value.days(), value.in_base_unit()
    if days is not None:
        return Fraction(days[0].toordinal()), Fraction(days[1].toordinal())
    return None if base is None else base[1:]


def _one_unit(left: Value, right: Value) -> bool:
    if isinstance(left.low, date) or isinstance(right.low, date):
        return left.kind == right.kind
    one, other = left.in_base_unit(), right.in_base_unit()
    if one is None or other is None:
        return False
    name, _, rate = (one[0] or "").partition(" per ")
    other_name, _, other_rate = (other[0] or "").partition(" per ")
    if rate and other_rate and rate != other_rate:
        return False
    if {left.kind, right.kind} <= {"count", "number"}:
        exact = {unit for unit in (name, other_name) if is_exact_unit(unit) and unit != _COUNTED}
        return name == other_name or not exact
    return left.kind == right.kind and name == other_name


def _extreme(ends: Sequence[Ends]) -> int | None:
    """The number of the value that lies above all others; None where the greatest overlap."""
    first = max(range(len(ends)), key=lambda number: ends[number])
    others = [high for number, (_, high) in enumerate(ends) if number != first]
    return first if all(ends[first][0] > high for high in others) else None


def _statement(
    answers: Sequence[SideAnswer],
    aim: Aim,
    numbers: Sequence[int],
    ends: Sequence[Ends] | None,
    lead: int | None,
) -> str:
    named = [f"{answers[number].subject}, {answers[number].text}" for number in numbers]
    if ends is None:
        return f"The values can't be compared, as their units differ: {'; '.join(named)}."
    if aim == "change":
        (low, high), (later_low, later_high) = ends[0], ends[-1]
        way = "up" if later_low > high else "down" if later_high < low else None
        if way is None:
            way = "unchanged" if ends[0] == ends[-1] else "the ranges overlap"
        return f"Compared by value: {named[0]}; {named[-1]}: {way}."
    if lead is None:
        same = "are equal" if len(set(ends)) == 1 else "are equal or overlap at the top"
        same = (
            "are equal or overlap at the bottom" if aim == "least" and len(set(ends)) > 1 else same
        )
        return f"Compared by value, they {same}: {'; '.join(named)}."
    way = "below" if aim == "least" else "above"
    return f"Compared by value: {named[0]}, is {way} {'; '.join(named[1:])}."
