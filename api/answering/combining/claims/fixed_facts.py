"""Facts that no later report changes: when a tower was built, how old somebody died, a depth.

Two articles that tell such a fact differently contradict each other, whenever they were published.
"""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import nearly_answers, of_one_article
from api.answering.combining.claims.comparable_figures import comparable
from api.answering.combining.claims.founding_acts import asked_act, has_its_act, tells_act
from api.answering.combining.claims.naming import has_its_names
from api.answering.combining.claims.subjects import speaks_of_another
from api.answering.time.standing import UNREALISED
from api.answering.values.nearness import nearly_equal
from api.answering.values.value import one_holds_other
from api.answering.word_stems import stems
from api.answering.words import text_words

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.values.value import Value

_MIN_MARGIN: Final = -8.0  # over no answer, of what a sentence says of the asked thing by its words
_OLDEST: Final = 125  # years of a life
_YEARS: Final = range(100, 2100)
_REACH: Final = 60  # characters between an age and what happened at it
# What is not said exactly contradicts nothing.
_VAGUE: Final = re.compile(
    r"(?:\b(?:about|almost|around|before|between|by|circa|c\.|early|fewer\sthan|just\s(?:over|under)|"
    r"late|least|less\sthan|mid|more\sthan|most|nearly|over|probably|roughly|since|some|under|until|up\sto)"
    r"|~)[\s-]+(?:the\s)?\Z",
    re.IGNORECASE,
)
_AGE_ASKED: Final = re.compile(
    r"\b(?:(?:how\sold|what\sage)\s(?:was|were)\s[^?,]{2,80}?\swhen\s(?:he|she|they)|"
    r"at\swhat\sage\sdid\s[^?,]{2,80}?(?=\sdie\b))\s(?P<event>[^?]{3,60})",
    re.IGNORECASE,
)
_DEATH: Final = re.compile(r"\b(?:die[sd]?|dead|death|passed\saway)\b", re.IGNORECASE)
_RELATIVE: Final = re.compile(
    r"\b(?:aunt|brother|child|cousin|daughter|father|friend|grand\w+|husband|mother|partner|sister|"
    r"son|spouse|uncle|widow|widower|wife)s?\b",
    re.IGNORECASE,
)
_HE: Final = re.compile(r"\b(?:he|she|who)\b", re.IGNORECASE)
_CLAUSE_START: Final = re.compile(r"[,;:()–—]\s")
# What nature made keeps its size; of what is built the plans may change.
_LASTING: Final = {
    "deep": ("canyon|cave|cavern|crater|fjord|gorge|lagoon|lake|loch|tarn|trench", "deep|depth"),
    "high": (
        "falls|hill|mount|mountain|peak|summit|volcano|waterfall",
        r"above\ssea\slevel|altitude|elevation|height|high|rises|stands|tall",
    ),
    "long": ("canyon|cave|gorge|river|strait", "length|long"),
}  # fmt: skip
_SIZE_ASKED: Final = re.compile(
    r"\A(?:and\s)?how\s(?P<which>deep|high|tall|long)\sis\s(?P<thing>[^?,]{2,80}?)\W*\Z",
    re.IGNORECASE,
)
_IN_PART: Final = re.compile(
    r"\b(?:average|averages|averaging|here|in\splaces|level|mean|near|now|part|section|shallow\w*|"
    r"snow|stretch|typical\w*|usual\w*)\b",
    re.IGNORECASE,
)
_IT: Final = re.compile(r"\A\W*(?:At\s[^,]{1,40},\s)?[Ii]t(?:[’']s)?\b|\bwhich\b")


def tell_one_fixed_fact(answer: Claim, other: Claim, question: Question) -> bool:
    """Whether two claims tell one thing that can have been only one way, and is asked for.

    It is the day or year of what happened once ("built", "founded", "born"), an age at which
    something happened, or a size of what nature made. Each must be said exactly, of the thing
    that is asked about; one article does so only where it gives one of them as another source's.
    """
    return _both_exact(answer, other) and (
        _tell_one_act(answer, other, question)
        or _tell_one_age(answer, other, question)
        or _tell_one_size(answer, other, question)
    )


def differ(answer: Claim, other: Claim) -> bool:
    """Whether two claims of one fixed fact cannot both be right.

    A day and its month or year can; of two ages, or two years, no one is a rounding of the other.
    """
    one, two = answer.value, other.value
    if one is None or two is None:
        return False
    days, other_days = _days(one), _days(two)
    if days is not None and other_days is not None:
        return not one_holds_other(days, other_days)
    if _is_age(one) and _is_age(two):
        return one.low != two.low
    return not nearly_equal(one, two)


def fixed_fact_accounts(lead: Claim, claims: list[Claim], question: Question) -> list[Claim]:
    """What else is told of the lead's fixed fact, one claim of an article and value."""
    accounts: list[Claim] = []
    for claim in claims:
        if not tell_one_fixed_fact(lead, claim, question):
            continue
        if all(claim.value != each.value or not of_one_article(claim, each) for each in accounts):
            accounts.append(claim)
    return accounts


def _both_exact(answer: Claim, other: Claim) -> bool:
    attributed = [claim.statement.standing == "attributed" for claim in (answer, other)]
    if of_one_article(answer, other) and attributed[0] == attributed[1]:
        return False
    return all(
        claim.value is not None
        and not claim.value.approximate
        and claim.statement.standing not in (*UNREALISED, "denied")
        and _VAGUE.search(claim.sentence[: claim.in_sentence.start]) is None
        for claim in (answer, other)
    )


def _tell_one_act(answer: Claim, other: Claim, question: Question) -> bool:
    act = asked_act(question)
    return (
        act is not None
        and all(_days_told(claim) is not None for claim in (answer, other))
        and has_its_act(answer, act)
        and tells_act(other, act, question)
        and other.span.margin >= _MIN_MARGIN
        and _is_of_the_asked(answer, other, question)
    )


def _tell_one_age(answer: Claim, other: Claim, question: Question) -> bool:
    asked = _AGE_ASKED.search(question.text)
    return (
        asked is not None
        and all(_tells_age(claim, asked["event"], question) for claim in (answer, other))
        and nearly_answers(other)
        and _is_of_the_asked(answer, other, question)
    )


def _tells_age(claim: Claim, event: str, question: Question) -> bool:
    """Whether a sentence gives an age, the asked event near it, and whose it is."""
    if claim.value is None or not _is_age(claim.value):
        return False
    start, end = claim.in_sentence
    near = claim.sentence[max(0, start - _REACH) : end + _REACH]
    if _DEATH.search(event) is not None:
        happened = _DEATH.search(near)
        if happened is None:
            return False
        before = claim.sentence[: claim.sentence.find(near) + happened.start()]
    else:
        if not stems(event) or not stems(event) <= stems(near):
            return False
        before = claim.sentence[:start]
    clause = _CLAUSE_START.split(before)[-1]
    if _RELATIVE.search(clause) is not None:
        return False
    return not question.names.isdisjoint(text_words(claim.sentence)) or (
        _HE.search(claim.sentence) is not None
    )


def _tell_one_size(answer: Claim, other: Claim, question: Question) -> bool:
    asked = _SIZE_ASKED.match(question.text)
    if asked is None or of_one_article(answer, other):
        return False
    things, words = _LASTING["high" if asked["which"].lower() == "tall" else asked["which"].lower()]
    thing = re.search(rf"\b(?:{things})\b", asked["thing"], re.IGNORECASE)
    if thing is None or answer.value is None or other.value is None:
        return False
    said = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    its = {thing[0].lower(), *question.names}
    return (
        comparable(answer.value, other.value)
        and answer.value.unit is not None
        and all(
            said.search(claim.sentence) is not None and _IN_PART.search(claim.sentence) is None
            for claim in (answer, other)
        )
        and (
            not its.isdisjoint(text_words(other.sentence)) or _IT.search(other.sentence) is not None
        )
        and nearly_answers(other)
        and _is_of_the_asked(answer, other, question)
    )


def _is_of_the_asked(answer: Claim, other: Claim, question: Question) -> bool:
    return has_its_names(answer, other, question) and not speaks_of_another(other, question)


def _is_age(value: Value) -> bool:
    """Whether a value is a whole number of years that somebody may have lived."""
    if value.kind not in ("number", "duration") or value.unit not in (None, "years"):
        return False
    low = value.low
    whole = isinstance(low, Fraction) and low == value.high and low.denominator == 1
    return whole and isinstance(low, Fraction) and 0 < low <= _OLDEST


def _days_told(claim: Claim) -> tuple[dt.date, dt.date] | None:
    return None if claim.value is None else _days(claim.value)


def _days(value: Value) -> tuple[dt.date, dt.date] | None:
    """The days of a date, or of a bare number that a year may have: 1412."""
    days = value.days()
    if days is not None:
        return days
    low = value.low
    if value.kind != "number" or not isinstance(low, Fraction) or low != value.high:
        return None
    if low.denominator != 1 or int(low) not in _YEARS:
        return None
    return dt.date(int(low), 1, 1), dt.date(int(low), 12, 31)
