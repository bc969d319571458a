"""Questions that compare: "Which is bigger, A or B?" -> a question about each side.

Only what names its sides is a comparison. "Which company is the biggest?" asks for a fact that an
article may state, and stays one question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.answering.combining.comparisons.comparatives import aim_of, side_question
from api.answering.combining.comparisons.comparison_forms import comparison_forms
from api.answering.combining.comparisons.difference_forms import difference_as_comparison

if TYPE_CHECKING:
    from api.answering.combining.comparisons.comparatives import Aim
    from api.answering.combining.comparisons.side_words import ComparisonForm

MOST_SIDES: Final = 4
_LONGEST_SUBJECT: Final = 60  # characters

_INTRODUCTION: Final = re.compile(
    r"\A(?P<when>(?:in|as of|at|by|during|for|since|over|last|this|according to)\b"
    r"(?!\s(?:which|what|whose|how)\b)[^,?]{2,60}),\s+"
    r"(?=\w)",
    re.IGNORECASE,
)
_CHANGED: Final = re.compile(
    r"\A(?:(?:by\s)?how(?P<much>\smuch)?|what\schange\swas\sthere\sin)\s(?:did|has|have|had)\s"
    r"(?P<thing>[^?]+?)\s"
    r"(?:(?P<open>chang|develop|evolv)(?:e|ed)?|"
    r"(?:rise|risen|fall|fallen|grow|grown|increase|decrease|decline|drop|shrink|shrunk)d?)"
    r"(?P<rest>(?:,?\s(?:from|between|since|until|till|over|in|during|after|by|when|before|last|"
    r"this|within|up\sto)\b[^?]*)?)\s*\?*\Z",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(
    r"\A\s(?:from\s(?P<from>[^?]*?\d{4}(?:[-/–]\d{2,4})?|[A-Z]\w+)\sto\s(?P<to>[^?]*\d{4}(?:[-/–]\d{2,4})?|[A-Z]\w+)|"
    r"between\s(?P<low>[^?]*?\d{4}(?:[-/–]\d{2,4})?|[A-Z]\w+)\sand\s(?P<high>[^?]*\d{4}(?:[-/–]\d{2,4})?|[A-Z]\w+))\Z"
)
# "from the first to the second quarter of 2025", "between March and May 2025"
_PARTS: Final = re.compile(
    r"\A\s(?:from|between)\s(?P<low>(?P<ordinal>(?:the\s)?(?:first|second|third|fourth))"
    r"(?P<part>\s(?:quarter|half))?|"
    r"Q[1-4]|[A-Z][a-z]+)\s(?:to|and|until)\s"
    r"(?P<high>(?:the\s)?(?:first|second|third|fourth|last)(?P<unit>\s(?:quarter|half))|Q[1-4]|[A-Z][a-z]+)"
    r"(?P<year>,?\s(?:of\s)?\d{4})\Z"
)
# "passenger numbers in the first quarter": a part of each of the years that follow
_PART_OF_EACH: Final = re.compile(
    r"\s(?:in|for|during)\s(?P<part>(?:the\s(?:first|second|third|fourth)\s(?:quarter|half)|Q[1-4]))\Z"
)
_YEAR: Final = re.compile(r"\d{4}\Z")
_OF_YEAR: Final = re.compile(
    r"\A(?:(?:fiscal\s|financial\s)?\d{4}(?:[-/–]\d{2,4})?|(?:the\s\w+\s(?:quarter|half)|Q[1-4])\b.*)\Z"
)
_POSSESSIVE: Final = re.compile(r"['’]s?\Z")


@dataclass(frozen=True, slots=True)
class AskedSide:
    """One side of a comparison: what it is called, and the question about it alone.

    Attributes:
        subject: As the question spells it; of a change the time, empty where it names none.
        question: What is asked of this side.
    """

    subject: str
    question: str


@dataclass(frozen=True, slots=True)
class AskedComparison:
    """What a question compares.

    Attributes:
        sides: Two to four, in the question's order; of a change whose times are open only one, the
            question about all of its statements.
        aim: Whether the side with the greatest or the least value is asked for, or a change.
        whole: Of a change between two times the question about all of its statements.
        for_difference: Whether it asks how far the sides are apart.
    """

    sides: tuple[AskedSide, ...]
    aim: Aim
    whole: AskedSide | None = None
    for_difference: bool = False


def asked_comparison(question: str) -> AskedComparison | None:
    """Read what a question compares; None where it compares nothing."""
    changed = _asked_change(question)
    if changed is not None:
        return changed
    introduction = _INTRODUCTION.match(question)
    when = (
        "" if introduction is None else introduction["when"][0].lower() + introduction["when"][1:]
    )
    plain = (question if introduction is None else question[introduction.end() :]).rstrip(" ?.!")
    difference = difference_as_comparison(plain)
    forms = comparison_forms(plain if difference is None else difference)
    compared = (_compared(form, when) for form in forms)
    comparison = next((comparison for comparison in compared if comparison is not None), None)
    if comparison is None or difference is None:
        return comparison
    return replace(comparison, for_difference=True)


def _compared(form: ComparisonForm, when: str) -> AskedComparison | None:
    subjects = form.subjects
    if not 2 <= len(subjects) <= MOST_SIDES or len(set(subjects)) < len(subjects):
        return None
    if not all(0 < len(subject) <= _LONGEST_SUBJECT for subject in subjects):
        return None
    told = form.clause.startswith("what ")
    aim: Aim | None = "most" if told else aim_of(form.clause)
    if aim is None:
        return None
    owners = all(_POSSESSIVE.search(subject) for subject in subjects)
    sides = tuple(
        AskedSide(
            _POSSESSIVE.sub("", subject) if owners else subject,
            side_question(form.clause, subject, when),
        )
        for subject in subjects
    )
    return AskedComparison(sides, aim)


def asks_how_changed(question: str) -> bool:
    """Whether a question asks how something changed; "by how much" asks for a figure."""
    match = _CHANGED.match(question)
    return match is not None and match["open"] is not None and match["much"] is None


def _asked_change(question: str) -> AskedComparison | None:
    """Read "How did X change from 2023 to 2024?"; without times only where it says "change"."""
    match = _CHANGED.match(question)
    if match is None:
        return None
    thing = match["thing"]
    named = _named_times(match["rest"])
    part = _PART_OF_EACH.search(thing)
    if part is not None and named is not None and all(map(_YEAR.match, named)):
        thing = thing[: part.start()]
        named = f"{part['part']} of {named[0]}", f"{part['part']} of {named[1]}"
    whole = AskedSide("", f"What was {thing}?")
    if named is not None:
        sides = tuple(AskedSide(time, f"What was {thing} {_at(time)}?") for time in named)
        return AskedComparison(sides, "change", whole)
    if match["open"] is None:
        return None
    return AskedComparison((whole,), "change")


def _named_times(words: str) -> tuple[str, str] | None:
    """The two times that a change is between, each with its year; None where there are no two."""
    parts = _PARTS.match(words)
    if parts is not None:
        unit = ""
        if parts["ordinal"] is not None and parts["part"] is None:
            unit = parts["unit"]  # "the first" of "from the first to the second quarter"
            if unit is None:
                return None
        return f"{parts['low']}{unit}{parts['year']}", f"{parts['high']}{parts['year']}"
    times = _TIMES.match(words)
    if times is None:
        return None
    return times["from"] or times["low"], times["to"] or times["high"]


def _at(time: str) -> str:
    """The time with its preposition: a year or quarter as a whole, else what held on the day."""
    return f"in {time}" if _OF_YEAR.match(time) else f"as of {time}"
