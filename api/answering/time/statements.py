"""When a statement speaks of, the day as of which it holds, and how it stands."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.answering.periods import Period
from api.answering.time.clauses import clause_around
from api.answering.time.expressions import find_expressions
from api.answering.time.standing import UNREALISED, Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.answering.time.records import TimeExpression
    from index.records import Span

_MOMENTS: Final = frozenset({"weekday", "near_day"})
_MOMENT_PENALTY: Final = 60  # characters: a day of the week tells less than a quarter or year
_PAST_SAYING: Final = (
    r"(?:said|told|announced|reported|confirmed|added|wrote|stated|disclosed|published|posted|"
    r"(?<!be\s)\w+ed|vowed|forecast|raised|cut)"
)
_SAID_BEFORE: Final = re.compile(
    rf"\b{_PAST_SAYING}(?:\s\w+)?\s(?:(?:late|early)\s)?(?:on\s|in\s)?\Z"
)
_SAID_AFTER: Final = re.compile(rf",?(?:\s[\w'’.-]+){{0,6}}?\s{_PAST_SAYING}\b")
# Of what is "up 12% from the previous quarter", not of what is dearer from 1 July.
_CHANGED: Final = re.compile(
    r"(?:%|\b(?:per\s?cent|points?|up|down|higher|lower|more|less|fewer|unchanged|increases?d?|ris(?:es?|en)|"
    r"rose|falls?|fell|fallen|gr[eo]w|grows|grown|growth|declined?|drop(?:ped)?|jump(?:ed)?|climb(?:ed)?))"
    r"\s\Z",
    re.IGNORECASE,
)
_BASES: Final = frozenset({"quarter", "half", "year", "fiscal", "turn", "ago"})
_COMPARING: Final = re.compile(r"\b(?:than|against|compared\s(?:with|to)|on)\s\Z", re.IGNORECASE)
# "The best since 2021", "a pace that we haven't seen since 2022"
_UNMATCHED: Final = re.compile(
    r"\b(?:best|worst|most|least|first|record|(?:bigg|busi|cold|deep|dri|fast|few|great|heavi|high|hott|larg|long|"
    r"low|poor|quiet|sharp|short|slow|small|steep|strong|warm|weak|wett|wid)est|not|never|\w+n['’]t)\b"
    r"[^,;.\d]{0,40}\s\Z",
    re.IGNORECASE,
)
# "a little above the $88 million of October 2024"
_OF_OTHER_FIGURE: Final = re.compile(
    r"\b(?:than|above|below|against|from|over|under|exceed(?:s|ed|ing)|compared\s(?:with|to))\s"
    r"(?:(?:the|its|about|around)\s){0,2}\S*\d[^,;]{0,40}?\s(?:of|in|from|for)\s(?:\w+\s)?\Z",
    re.IGNORECASE,
)
# "Revenue of $2.4bn (2022: $3.9bn)": a time that heads a figure of its own
_HEADS_FIGURE: Final = re.compile(
    r"(?:\s\([^()]{1,20}\))?:\s(?:(?:an?|about|loss|net|of|profit)\s){0,4}"
    r"\W{0,3}(?:[A-Z]{1,3}[$\s])?\d"
)
# "($3.9bn in 2022)", but not "(up 8% in 2023)", which tells of the figure before it
_FIGURE: Final = re.compile(r"\d")
_TELLS_OF_FIGURE: Final = re.compile(
    r"\b(?:up|down|rose|fell|grew|increase|decrease|growth|rise|fall|average)\b|[+±-]\d",
    re.IGNORECASE,
)
_NEXT_HEADED: Final = re.compile(r"[;)\n]")
_FOR_A_TIME: Final = re.compile(r"\b(?:for|is|are)\s(?:the\s)?\Z")
# "She takes over on 1 September": what is told as present of a day is to come.
_SCHEDULED: Final = re.compile(
    r"\b(?:becomes|begins|(?:re)?opens|closes|comes\sinto\s(?:effect|force)|expires|gets\sunder\sway|"
    r"goes\s(?:live|on\ssale)|joins|kicks\soff|leaves|launches|retires|starts(?:\swork|(?=\son\s))|"
    r"steps\s(?:down|up)|takes\s(?:effect|office|over|up))\s(?:(?!(?:after|and|as|because|before|behind|but|he|"
    r"into|it|over|she|since|that|they|when|which|who|with)\b)[\w’'-]+\s){0,6}?"
    r"(?:(?:from|in|on)\s)?(?:the\s)?(?<!\sof\s)\Z"
)
_UNREPORTED: Final = dt.timedelta(days=60)
_SAME_EVENT: Final = dt.timedelta(days=10)  # reports of one event are published within
_MONTH: Final = 31  # days
_REACH: Final = 64


@dataclass(frozen=True, slots=True)
class Statement:
    """What the sentence around a span says of its time.

    Attributes:
        period: The time that it speaks of; ends that it leaves open are None.
        as_of: The day as of which it holds: the end of the time that a result is of, the day on
            which a plan or forecast was stated; None where neither text nor article has a day.
        stated: The day on which it was stated; None where it is not known.
        words: The time expression, as it stands; None where the article's day stands in.
        standing: How it stands.
        mentions: The times that expressions of its sentence name, in order; what a figure beside
            the span's is compared with is none.
    """

    period: Period
    as_of: dt.date | None
    stated: dt.date | None
    words: str | None
    standing: Standing
    mentions: tuple[Period, ...]


def read_statement(sentence: str, span: Span, day: dt.date | None) -> Statement:
    """Read the time and standing of a span's statement; linear in the sentence.

    Args:
        sentence: The sentence (or sentences) around the span.
        span: The span as offsets of ``sentence``.
        day: The article's day; None where it has none.
    """
    expressions = [
        item
        for item in find_expressions(sentence, day)
        if not _is_beside_other_figure(item, sentence, span)
    ]
    clause = clause_around(
        sentence, span.start, span.end, [(item.start, item.end) for item in expressions]
    )
    standing = standing_of(sentence, span.start, span.end, clause)
    named = [item for item in expressions if item.kind != "present"]
    compared = {item for item in named if _is_compared_with(item, sentence, day)}
    mentions = tuple(
        (replace(item, relation="in") if item in compared else item).period(ahead=side, today=day)
        for item in named
        if item not in compared or not _has_figure_between(item, sentence, span)
        for side in (False, True)
    )
    ahead = standing in UNREALISED
    inside = [
        item
        for item in expressions
        if any(low <= item.start < high for low, high in clause)
        or (item.start < span.end and span.start < item.end)
    ]
    inside = [item for item in inside if not _is_of_other_figure(item, sentence, span)]
    sayings = {item for item in inside if _is_of_saying(item, sentence, span)}
    stated = _day_of_saying(sayings, day) if ahead else day
    speaking = [item for item in inside if item not in sayings and item not in compared]
    fits = _is_to_come if ahead else _has_begun
    speaking = [item for item in speaking if fits(item, span, day)]
    chosen = _nearest(speaking, span)
    if chosen is None and not ahead:
        chosen = _nearest(sayings, span)
    if chosen is None:
        return Statement(Period(stated, stated), stated, stated, None, standing, mentions)
    later = ahead or _looks_ahead(chosen, sentence, day)
    return Statement(
        chosen.period(ahead=later, today=day),
        stated if ahead else _as_of(chosen, stated, later=later),
        stated,
        sentence[chosen.start : chosen.end],
        standing,
        mentions,
    )


def near_in_time(left: Statement, right: Statement) -> bool:
    """Whether two statements are of one event: as of days that reports of one fall into."""
    if left.as_of is None or right.as_of is None:
        return left.as_of == right.as_of
    return abs(left.as_of - right.as_of) <= _SAME_EVENT


def _as_of(chosen: TimeExpression, stated: dt.date | None, *, later: bool) -> dt.date | None:
    if chosen.relation == "since":
        return stated
    end = chosen.days(ahead=later).end
    return end if stated is None else min(end, stated)


def _has_begun(item: TimeExpression, span: Span, day: dt.date | None) -> bool:
    """Whether a report can be of that time: "a contract until 2029" is one of today."""
    if day is None or (item.start < span.end and span.start < item.end):
        return True
    return item.earlier.start <= day and (item.relation != "until" or item.earlier.end <= day)


def _is_to_come(item: TimeExpression, span: Span, day: dt.date | None) -> bool:
    """Whether a plan can be for that time: bronzes "taken in 1897" will not be given back then."""
    if day is None or (item.start < span.end and span.start < item.end):
        return True
    # A year that is just over is still forecast until its result is out.
    slack = _UNREPORTED if item.later.length > _MONTH else dt.timedelta(0)
    return item.later.end + slack >= day


def _looks_ahead(item: TimeExpression, sentence: str, day: dt.date | None) -> bool:
    """Whether a report names a time to come: "seats for January", "she takes over on 1 May"."""
    if day is None or item.earlier == item.later:
        return False
    before = sentence[max(0, item.start - _REACH) : item.start]
    if not (_FOR_A_TIME.search(before) or _SCHEDULED.search(before)):
        return False
    return item.later.start - day < day - item.earlier.end


def _is_of_saying(item: TimeExpression, sentence: str, span: Span) -> bool:
    """Whether the expression says when something was said, not what was said."""
    overlaps = item.start < span.end and span.start < item.end
    if overlaps or item.relation in {"by", "until", "before"}:
        return False
    if _SAID_BEFORE.search(sentence[max(0, item.start - _REACH) : item.start]):
        return item.kind in _MOMENTS or item.kind in {"day", "month"}
    after = _SAID_AFTER.match(sentence, item.end)
    return after is not None and after.end() <= span.start


def _is_compared_with(item: TimeExpression, sentence: str, day: dt.date | None) -> bool:
    """Whether the expression says what a figure is compared with: "up 69% from a year earlier"."""
    words = sentence[item.start : item.end].lower()
    before = sentence[max(0, item.start - _REACH) : item.start]
    if item.relation == "since":
        return _UNMATCHED.search(before) is not None
    if item.relation == "from" and item.kind in _BASES and _CHANGED.search(before):
        return day is None or item.earlier.end < day
    if item.kind != "ago" or not words.endswith(("earlier", "before")):
        return False
    return item.relation == "from" or _COMPARING.search(before) is not None


def _has_figure_between(item: TimeExpression, sentence: str, span: Span) -> bool:
    """Whether a figure stands between a span and an expression: "$4bn, 6% above a year ago"."""
    low, high = min(span.end, item.end), max(span.start, item.start)
    return _FIGURE.search(sentence, low, high) is not None


def _is_of_other_figure(item: TimeExpression, sentence: str, span: Span) -> bool:
    """Whether the expression is the time of a figure that the span's is compared with."""
    between = sentence[max(span.end, item.start - 2 * _REACH) : item.start]
    return item.start > span.end and _OF_OTHER_FIGURE.search(between) is not None


def _is_beside_other_figure(item: TimeExpression, sentence: str, span: Span) -> bool:
    """Whether the expression is the time of a figure beside the span's."""
    if _FIGURE.search(sentence, span.start, span.end) is None:
        return False
    return _heads_other(item, sentence, span) or _is_bracketed_with_other(item, sentence, span)


def _heads_other(item: TimeExpression, sentence: str, span: Span) -> bool:
    head = _HEADS_FIGURE.match(sentence, item.end)
    if head is None:
        return False
    apart = _NEXT_HEADED.search(sentence, head.end(), span.start)
    return span.end <= item.start or apart is not None


def _is_bracketed_with_other(item: TimeExpression, sentence: str, span: Span) -> bool:
    low, high = max(0, item.start - 2 * _REACH), item.end + 2 * _REACH
    opening, closing = sentence.rfind("(", low, item.start), sentence.find(")", item.end, high)
    if not sentence.rfind(")", low, item.start) < opening < closing:
        return False
    beside = f"{sentence[opening : item.start]} {sentence[item.end : closing]}"
    return (
        not opening < span.start < closing
        and _FIGURE.search(beside) is not None
        and _TELLS_OF_FIGURE.search(beside) is None
    )


def _day_of_saying(sayings: Collection[TimeExpression], day: dt.date | None) -> dt.date | None:
    days = [item.earlier.end for item in sayings if day is None or item.earlier.end <= day]
    return max(days) if days else day


def _nearest(items: Collection[TimeExpression], span: Span) -> TimeExpression | None:
    """The expression nearest to the span; "now" only where there is no other."""
    telling = [item for item in items if item.kind != "present"] or list(items)
    return min(telling, key=lambda item: _distance(item, span), default=None)


def _distance(item: TimeExpression, span: Span) -> int:
    gap = max(item.start - span.end, span.start - item.end, -1)
    return gap + (_MOMENT_PENALTY if item.kind in _MOMENTS and gap >= 0 else 0)
