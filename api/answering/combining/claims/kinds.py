"""Kinds of statements: figures of a whole year or of a part of one, and days that are planned."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from api.answering.actors.measures import says_part
from api.answering.questions.answer_kind import AnswerKind
from api.answering.time.standing import UNREALISED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question

_YEAR: Final = 300  # days from which a period is a year's
_MONTHS: Final = range(25, 290)  # days of a month, a quarter, a half or nine months
_PART_ASKED: Final = re.compile(
    r"\bquarter(?:ly|s)?\b|\b(?:half-year|six-month|nine-month)\b|\bQ[1-4]\b", re.IGNORECASE
)
# What stands at a time, and does not add up over one: a month beside it is when that was told.
_LEVEL_ASKED: Final = re.compile(
    r"\b(?:costs?|price[ds]?|worth|valued?|valuation|bid|bill|debts?|targets?|stakes?|capacity|"
    r"population|employs?|employees|staff|workforce|members|users|subscribers|customers|stores|shops|"
    r"branches|use|interest\srate|key\srate|unemployment|inflation)\b",
    re.IGNORECASE,
)
_STILL_STANDS: Final = dt.timedelta(days=550)  # a year, and the part that is reported next


def of_best_kind(series: Sequence[Claim], question: str) -> list[Claim]:
    """Leave out what is of a part of a year, where other claims are of whole ones.

    A question that names no quarter or month asks for the year's figure, unless it asks for what
    is so at a time: a cost, a price, a number of employees.
    """
    years = [claim for claim in series if is_of_year(claim)]
    if _PART_ASKED.search(question) or _LEVEL_ASKED.search(question) or not years:
        return list(series)
    return [
        claim
        for claim in series
        if not (is_of_part(claim) and any(_not_long_before(year, claim) for year in years))
    ]


def _not_long_before(year: Claim, part: Claim) -> bool:
    """Whether a whole year may still stand for a part of one: it ended within a year before it."""
    if year.as_of is None or part.as_of is None:
        return True
    return part.as_of - year.as_of <= _STILL_STANDS


def restates(answer: Claim, other: Claim, question: str) -> bool:
    """Whether the other claim may be the answer's quantity at another time.

    A quarter's figure is none of a year, nor a forecast of one year one of another, or a result of
    another, of what adds up over time.
    """
    if answer.value is not None and answer.value.kind == "date":
        return True
    if _LEVEL_ASKED.search(question):
        return True
    if is_of_year(answer) and is_of_part(other):
        return False
    if _is_result_of_another_year(answer, other):
        return False
    ahead = all(claim.statement.standing in UNREALISED for claim in (answer, other))
    years = is_of_year(answer) and is_of_year(other)
    return not (ahead and years) or answer.statement.period.overlaps(other.statement.period)


def _is_result_of_another_year(plan: Claim, other: Claim) -> bool:
    """Whether the other claim is a whole year's result, and the first a plan of another year."""
    if plan.statement.standing not in UNREALISED or other.statement.standing in UNREALISED:
        return False
    end, planned = other.statement.period.end, plan.as_of
    if end is None or planned is None:
        return False
    return is_of_year(other) and end.year != planned.year


def plans_a_day(claim: Claim, question: Question) -> bool:
    """Whether a claim gives the day that something is planned for, and that is asked for."""
    return (
        question.kind is AnswerKind.DATE
        and claim.value is not None
        and claim.value.kind == "date"
        and claim.statement.standing in UNREALISED
    )


def is_of_year(claim: Claim) -> bool:
    """Whether a claim is of a whole year, or of several."""
    length = claim.statement.period.length
    named = claim.statement.words is not None and length is not None and length >= _YEAR
    return named and not _says_part(claim)


def is_of_part(claim: Claim) -> bool:
    """Whether a claim is of a quarter, a month or another part of a year."""
    length = claim.statement.period.length
    if claim.statement.words is None or length is None:
        return _says_part(claim)
    return length in _MONTHS or _says_part(claim)


def _says_part(claim: Claim) -> bool:
    return says_part(claim.sentence, claim.in_sentence.end)
