"""Figures that may be of one thing: of one kind and unit, and not far apart."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.questions.answer_kind import AnswerKind

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.values.value import Value

_MAX_RATIO: Final = Fraction(30)  # of the larger to the smaller of two figures of one thing
_BARE: Final = 1000  # from where a number is taken to count what the other one counts
_PEOPLE: Final = frozenset(
    "people persons users visitors customers members spectators subscribers voters workers "
    "employees staff viewers listeners readers others inhabitants residents citizens men women "
    "children patients victims passengers migrants refugees soldiers troops fighters civilians "
    "protesters demonstrators marchers strikers dockers miners fans supporters jobs".split()
)


def of_one_measure(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether two claims give figures of one measure.

    A bare number counts what is asked for where the question asks how many or how long: "118
    people have died", "it has killed 71".
    """
    if lead.value is None or other.value is None:
        return False
    if comparable(lead.value, other.value):
        return True
    counted = question.kind in (AnswerKind.NUMBER, AnswerKind.DURATION)
    return (
        counted and counts_alike(lead.value, other.value) and not_far_apart(lead.value, other.value)
    )


def counts_alike(left: Value, right: Value) -> bool:
    """Whether two figures may count one thing: "34 hours", "46 hours a week", "cut to 29"."""
    if not {left.kind, right.kind} <= {"count", "duration", "number"}:
        return False
    units = {_unit(left), _unit(right)} - {None}
    return left.kind != right.kind and len(units) == 1


def is_figure(value: Value) -> bool:
    """Whether a value can be compared with others by size, as no day can."""
    return comparable(value, value)


def not_far_apart(left: Value, right: Value) -> bool:
    """Whether the larger of two figures is no more than thirty times the smaller."""
    return near_in_size(left, right, _MAX_RATIO)


def near_in_size(left: Value, right: Value, most: Fraction) -> bool:
    """Whether the larger of two figures is no more than so many times the smaller."""
    if not isinstance(left.low, Fraction) or not isinstance(right.low, Fraction):
        return False
    low, high = sorted((abs(left.low), abs(right.low)))
    return high <= most * low


def comparable(left: Value, right: Value) -> bool:
    """Whether two values may be of one thing: of one kind and unit, and not far apart.

    Days are not: of two dates in one matter each is mostly of something else.
    """
    if not isinstance(left.low, Fraction) or not isinstance(right.low, Fraction):
        return False
    if {left.kind, right.kind} == {"count", "number"}:
        return min(abs(left.low), abs(right.low)) >= _BARE and not_far_apart(left, right)
    if left.kind != right.kind or _unit(left) != _unit(right):
        return False
    return left.kind == "percent" or not_far_apart(left, right)


def _unit(value: Value) -> str | None:
    """The unit; all words for people are one, and how often they are counted does not matter."""
    unit = value.unit
    if unit is None or value.kind not in ("count", "duration"):
        return unit
    noun = unit.split(" per ")[0].split()[-1]
    return "people" if noun in _PEOPLE else noun
