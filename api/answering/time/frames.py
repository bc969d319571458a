"""The time that a question asks about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from api.answering.periods import Period
from api.answering.time.expressions import find_expressions
from api.answering.time.extents import WINDOW
from api.answering.time.former_holders import asks_for_former_holder
from api.answering.time.offices import office_asked_for

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.time.records import TimeExpression

Aspect = Literal["any", "latest", "past", "future", "first", "then"]

_FUTURE: Final = re.compile(
    r"\b(?:[Ww]ill|won['’]t|forecasts?|forecasted|expect(?:s|ed|ing)?|predict(?:s|ed|ions?)?|"
    r"project(?:ed|ions?)\b|plans?\s(?:to|for)\b|plann(?:ed|ing)\b|guidance|outlook|"
    r"targets?|going\sto|intend(?:s|ed)?|is\s\w+\sto\b)",
)
_WILL: Final = re.compile(
    r"\b(?:[Ww]ill|won['’]t|(?:is|are)\s(?:\w+\s){0,3}going\sto)\b", re.IGNORECASE
)
_LATEST: Final = re.compile(
    r"\b(?:currently|current|now|at\s(?:present|the\smoment)|right\snow|today|these\sdays|nowadays|"
    r"latest|newest|most\srecent(?:ly)?|recent(?:ly)?|lately|so\sfar|up\sto\snow|to\sdate|still)\b",
    re.IGNORECASE,
)
_PAST: Final = re.compile(
    r"\b(?:did|was|were|had|used\sto|former(?:ly)?|previous(?:ly)?)\b", re.IGNORECASE
)
_FIRST: Final = re.compile(r"\b(?:originally|initially|(?:at|when\s\w+)\sfirst)\b", re.IGNORECASE)
_THEN: Final = re.compile(r"\b(?:at|by)\s(?:the|that)\stime\b|\bback\sthen\b", re.IGNORECASE)
# Of who held an office: "when the fire broke out", "before Bo Ek".
_WHEN: Final = re.compile(r"\swhen\s|\bbefore\s(?=[A-Z])")
# A year that is part of a name ("Euro 2024", "Vision 2030") bounds nothing by itself.
_IN_A_NAME: Final = re.compile(r"(?<!\A)(?<![.?!]\s)\b[A-Z][\w&'’-]*\s\Z")
# What a year tells from others: "the 2024 census", "the 2022 World Cup".
_EVENT: Final = re.compile(
    r"\s(?:[A-Z][a-z]|(?:general\s|presidential\s|local\s)?(?:census|championships?|coup|cup|"
    r"earthquake|elections?|festival|final|fire|floods?|games|referendum|strike|survey|tournament|"
    r"vote)\b)"
)
_NAMED_SO: Final = re.compile(r"(?:\b[Tt]he|['’]s?)\s\Z")
_FOR: Final = re.compile(
    r"\b(?:for|of|its|his|her|their|the|full-year|what|which|an?)\s(?:fiscal\s)?\Z|['’]s?\s\Z",
    re.IGNORECASE,
)
_PREPOSITION: Final = re.compile(
    r"\b(?:in|on|at|during|for|between|from|through|throughout|within|of)\s(?:the\s)?\Z",
    re.IGNORECASE,
)
_COMPARED: Final = re.compile(r"\b(?:and|or|than|to|versus|vs|with|against)\b|,", re.IGNORECASE)
# The fiscal years of firms begin in different months.
_SOFT_KINDS: Final = frozenset({"near_day", "fiscal"})
_LEAST_WORDS: Final = 3  # of a question
_SOFT_WORDS: Final = re.compile(r"(?:this|the\s(?:past|last|coming|next)|coming)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """The time that a question asks about.

    Attributes:
        period: The time that it bounds; ends that it leaves open are None.
        words: The words that say so, as the question spells them.
        firm: Whether it shuts statements of other times out, not only prefers those of its own.
        as_of: Whether it asks for what held on its last day, from whenever that is known.
        contradictory: Whether the question bounds two times that share no day; then it bounds
            nothing.
        names_event: Whether it only tells an event from others ("the 2024 census"): of that
            something newer may be known.
    """

    period: Period
    words: str
    firm: bool
    as_of: bool = False
    contradictory: bool = False
    names_event: bool = False


@dataclass(frozen=True, slots=True)
class QuestionTime:
    """What a question says of time.

    Attributes:
        frame: The time that it asks about; None where it names none.
        aspect: Whether it asks for what is to come, for the latest, for what has been, for what was
            said at first, for what was so at some event, or for any.
        today: The day that the question is asked on.
    """

    frame: TimeFrame | None
    aspect: Aspect
    today: dt.date

    @property
    def of_event(self) -> bool:
        """Whether it asks for what was so at first or at some event: nothing newer answers it."""
        return self.aspect in {"first", "then"}

    @property
    def bound(self) -> bool:
        """Whether only what is of the time that it asks about can answer it."""
        frame = self.frame
        return self.of_event or (frame is not None and frame.firm and not frame.names_event)


def read_question_time(question: str, today: dt.date) -> QuestionTime:
    """Read the time that a question asks about; linear in the question.

    Args:
        question: The question as it was asked.
        today: The day that "last quarter" and "currently" are counted from.
    """
    aspect = _aspect(question)
    expressions = find_expressions(question, today)
    bounding = [item for item in expressions if item.kind != "present"]
    if bounding:
        return QuestionTime(_frame(question, bounding, today, aspect), aspect, today)
    words = _LATEST.search(question)
    if words is not None:
        return QuestionTime(TimeFrame(Period(None, today), words[0], firm=False), aspect, today)
    words = _WILL.search(question)
    if words is not None:
        return QuestionTime(TimeFrame(Period(today, None), words[0], firm=False), aspect, today)
    return QuestionTime(None, aspect, today)


def without_time(question: str, frame: TimeFrame) -> str | None:
    """Leave the words of a frame out of its question; None where what is left asks nothing."""
    before, words, after = question.partition(frame.words)
    left = f"{before.rstrip(' ,')} {after.lstrip(' ,')}".replace(" ?", "?").strip()
    if not words or len(left.split()) < _LEAST_WORDS:
        return None
    return left[0].upper() + left[1:]


def _aspect(question: str) -> Aspect:
    if _FIRST.search(question):
        return "first"
    if _THEN.search(question) or (_WHEN.search(question) and office_asked_for(question)):
        return "then"
    if asks_for_former_holder(question):
        return "then"
    if _FUTURE.search(question):
        return "future"
    if _LATEST.search(question):
        return "latest"
    return "past" if _PAST.search(question) else "any"


def _frame(
    question: str, items: Sequence[TimeExpression], today: dt.date, aspect: Aspect
) -> TimeFrame:
    ahead = _WILL.search(question) is not None
    governing = [item for item in items if not _is_a_target(item, question)] or items
    words = _spelled(governing, question)
    firm = any(_is_firm(item, question) for item in governing)
    first = governing[0]
    if len(governing) == 1 and _holds_on(first, today, aspect):
        return TimeFrame(Period(*first.days(ahead=ahead)), words, firm, as_of=True)
    shared = first.period(ahead=ahead, today=today)
    for low, item in pairwise(governing):
        period = item.period(ahead=ahead, today=today)
        if shared.overlaps(period):
            shared = shared.shared_with(period)
        elif _COMPARED.search(question, low.end, item.start) and low.relation == item.relation:
            shared = shared.joined_with(period)
        else:
            return TimeFrame(Period(None, None), words, firm=False, contradictory=True)
    names_event = all(_names_event(item, question) for item in governing)
    return TimeFrame(shared, words, firm, names_event=names_event)


def _names_event(item: TimeExpression, question: str) -> bool:
    before = question[max(0, item.start - WINDOW) : item.start]
    return _NAMED_SO.search(before) is not None and _EVENT.match(question, item.end) is not None


def _holds_on(item: TimeExpression, today: dt.date, aspect: Aspect) -> bool:
    """Whether the question asks for what held on a day: "as of May", "by May" looking back."""
    looking_back = item.relation == "by" and aspect != "future" and item.later.end <= today
    return item.relation == "as of" or looking_back


def _is_a_target(item: TimeExpression, question: str) -> bool:
    """Whether the expression says for when, not when: the 2025 of "its 2025 forecast in May 2024".

    Only beside one that says when it does not bound the question.
    """
    before = question[max(0, item.start - WINDOW) : item.start]
    return item.relation == "in" and _FOR.search(before) is not None


def _spelled(items: Sequence[TimeExpression], question: str) -> str:
    """The words of the frame, with the preposition before them."""
    start = items[0].start
    before = _PREPOSITION.search(question[max(0, start - WINDOW) : start])
    return question[start - (0 if before is None else len(before[0])) : items[-1].end]


def _is_firm(item: TimeExpression, question: str) -> bool:
    if item.kind in _SOFT_KINDS or _SOFT_WORDS.match(question, item.start):
        return False
    before = question[max(0, item.start - WINDOW) : item.start]
    return item.kind != "year" or item.relation != "in" or not _IN_A_NAME.search(before)
