"""When two answers are the same, and when one contradicts the other.

Answers with values are the same when the values are equal, text answers when their normal forms
are. Words contained in others never make two answers the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from api.answering.values.normal_form import normal_words
from api.answering.values.parsing import parse_value
from api.answering.values.units import is_exact_unit
from api.answering.values.value import one_holds_other

if TYPE_CHECKING:
    from collections.abc import Hashable

    from api.answering.values.value import Value


@dataclass(frozen=True, slots=True)
class Meaning:
    """An answer as answers are compared.

    Attributes:
        value: What its words say, if they say a value.
        words: The normal form of its words.
    """

    value: Value | None
    words: tuple[str, ...]

    @property
    def key(self) -> Hashable:
        """Equal for two answers exactly when they are the same."""
        return self.words if self.value is None else self.value


@lru_cache(maxsize=8192)
def meaning(words: str) -> Meaning:
    """The meaning of an answer's words alone, without their sentence."""
    return Meaning(parse_value(words), normal_words(words))


def is_same(left: str, right: str) -> bool:
    """Whether two answers are the same by their words alone."""
    return meaning(left).key == meaning(right).key


def contradicts(left: Meaning, right: Meaning) -> bool:
    """Whether the figures of two answers can't both be right.

    "$540 a week" and "$540" can, as can "74,000" and "74,000 jobs", a sum and its conversion, and
    "2024" and "June 2024". 3.5 and 35 can't, nor can one end of a range and the range.
    """
    if left.value is None or right.value is None:
        one, other = _figures(left.words), _figures(right.words)
        return not (one <= other or other <= one)
    return not any(
        _agree(one, other)
        for one in (left.value, left.value.equivalent)
        for other in (right.value, right.value.equivalent)
        if one is not None and other is not None
    )


def _figures(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for word in words if word.lstrip("-")[:1].isdigit())


def _agree(left: Value, right: Value) -> bool:
    """Whether two values are equal, or would be if one said less."""
    days, other_days = left.days(), right.days()
    if days is not None and other_days is not None:
        return left.unit == right.unit and one_holds_other(days, other_days)
    one, other = left.in_base_unit(), right.in_base_unit()
    if one is None or other is None:
        return False
    if left.unit is None or right.unit is None:  # what is counted was left out by one
        return (left.low, left.high) == (right.low, right.high)
    return one[1:] == other[1:] and left.kind == right.kind and _units_agree(one[0], other[0])


def _units_agree(left: str | None, right: str | None) -> bool:
    """Whether units are the same, or may be where one of them is a noun or a shared name."""
    name, _, rate = str(left).partition(" per ")
    other, _, other_rate = str(right).partition(" per ")
    if rate and other_rate and rate != other_rate:
        return False
    return name == other or not (is_exact_unit(name) and is_exact_unit(other))
