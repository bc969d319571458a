"""Time expressions take in the words around them: parts, stretches, ranges, relations."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.periods import Days, months_to, part_of, shift_months
from api.answering.time.naming import ONE_DAY

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.time.records import Relation, TimeExpression

WINDOW: Final = 48
"""Characters before an expression that may belong to it."""

_PART: Final = re.compile(
    r"\b(?:(?P<third>early|mid|late)(?:\s(?:in\s)?|-)"
    r"|(?P<edge>start|beginning|turn|end|close|middle)\sof\s(?:the\s)?"
    r"|(?P<half>first|second|1st|2nd)[\s-]half\sof\s(?:the\s)?"
    r"|(?P<progress>earlier|later|so\sfar)\s(?:in\s)?)\Z",
    re.IGNORECASE,
)
_EDGES: Final = {
    "start": "start", "beginning": "start", "turn": "start", "end": "end", "close": "end",
    "middle": "mid",
}  # fmt: skip
_HALVES: Final = {"first": "first", "1st": "first", "second": "second", "2nd": "second"}
_COUNTED: Final = re.compile(
    r"\b(?:(?P<count>\d{1,2}|two|three|four|five|six|nine|ten|twelve)\s(?P<unit>weeks|months)"
    r"|(?P<whole>quarter|half-year|half|(?:(?:financial|fiscal|full)[\s-])?year|season))\s"
    r"(?:(?:that\s)?(?:ended|ending)|to|through)\s(?:on\s|in\s)?(?:the\send\sof\s)?\Z",
    re.IGNORECASE,
)
_COUNTS: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "nine": 9, "ten": 10,
                  "twelve": 12}  # fmt: skip
_WHOLE_MONTHS: Final = {"quarter": 3, "half-year": 6, "half": 6}
_RELATION: Final = re.compile(
    r"\b(?P<word>since|until|till|by|before|prior\sto|ahead\sof|after|following|from|as\sof|as\sat|"
    r"no\slater\sthan)\s(?:(?:the|about|around)\s)?\Z",
    re.IGNORECASE,
)
_RELATIONS: Final[dict[str, Relation]] = {
    "since": "since", "until": "until", "till": "until", "by": "by", "before": "before",
    "prior to": "before", "ahead of": "before", "after": "after", "following": "after",
    "from": "from", "as of": "as of", "as at": "as of", "no later than": "by",
}  # fmt: skip
_RANGE: Final = re.compile(
    r"\s(?:to|through|until)\s(?:the\send\sof\s)?|\s?[-–—]\s?", re.IGNORECASE
)
_MOVED: Final = re.compile(
    r"\b(?:back|postponed|delayed|moved|forward|deferred|extended|brought|pushed)"
    r"(?:\s\w+){0,6}\sfrom\s(?:the\s)?\Z",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\sand\s", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\bbetween\s\Z", re.IGNORECASE)


def widen(expression: TimeExpression, before: str, day: dt.date | None) -> TimeExpression:
    """Take in the words before it: a part of its days, or a stretch that ends with them."""
    part = _PART.search(before)
    if part is not None:
        if part["progress"] is not None:
            return _in_progress(expression, part, day)
        name = (
            part["third"]
            or (part["half"] and f"{_HALVES[part['half'].lower()]} half")
            or _EDGES[part["edge"].lower()]
        ).lower()
        return replace(
            expression,
            start=expression.start - len(part[0]),
            earlier=part_of(expression.earlier, name),
            later=part_of(expression.later, name),
        )
    counted = _COUNTED.search(before)
    if counted is None:
        return expression
    if counted["unit"] == "weeks":
        weeks = _number(counted["count"])
        earlier, later = (
            Days(days.end - (7 * weeks - 1) * ONE_DAY, days.end)
            for days in (expression.earlier, expression.later)
        )
    else:
        whole = (counted["whole"] or "").lower()
        count = _number(counted["count"]) if counted["count"] else _WHOLE_MONTHS.get(whole, 12)
        earlier, later = (
            months_to(days.end, count) for days in (expression.earlier, expression.later)
        )
    return replace(
        expression, start=expression.start - len(counted[0]), kind="stretch", earlier=earlier,
        later=later,
    )  # fmt: skip


def _in_progress(
    expression: TimeExpression, part: re.Match[str], day: dt.date | None
) -> TimeExpression:
    """End "earlier this year" with the day of writing, and begin "later this year" with it."""
    low, high = expression.earlier
    if day is None or not low <= day <= high:
        return expression
    days = Days(day, high) if part["progress"].lower() == "later" else Days(low, day)
    return replace(expression, start=expression.start - len(part[0]), earlier=days, later=days)


def _number(words: str) -> int:
    return int(words) if words.isdigit() else _COUNTS[words.lower()]


def join_ranges(expressions: Sequence[TimeExpression], text: str) -> list[TimeExpression]:
    """Join "from 2026 to 2029", "July-September" and "between May and June" into one."""
    joined: list[TimeExpression] = []
    for expression in expressions:
        last = joined[-1] if joined else None
        if last is None or not _make_a_range(last, expression, text):
            joined.append(expression)
            continue
        joined[-1] = replace(
            last,
            end=expression.end,
            kind="range",
            earlier=_span(last.earlier, expression.earlier),
            later=_span(last.later, expression.later),
        )
    return joined


def _span(low: Days, high: Days) -> Days:
    """From the start of one to the end of the other; the last year's December to this January."""
    start = low.start
    while start > high.end:
        start = shift_months(start, -12)
    return Days(start, high.end)


def _make_a_range(low: TimeExpression, high: TimeExpression, text: str) -> bool:
    joint = text[low.end : high.start]
    before = text[max(0, low.start - WINDOW) : low.start]
    if _AND.fullmatch(joint):
        return _BETWEEN.search(before) is not None
    # "Put back from May to September" is a move; its statement speaks of where it ends.
    return _RANGE.fullmatch(joint) is not None and _MOVED.search(before) is None


def relate(expression: TimeExpression, text: str) -> TimeExpression:
    """Take in the word before it that says how what is said stands to its days."""
    before = text[max(0, expression.start - WINDOW) : expression.start]
    relation = _RELATION.search(before)
    if relation is None:
        return expression
    word = " ".join(relation["word"].lower().split())
    if expression.kind == "range" and word == "from":
        return expression
    return replace(expression, start=expression.start - len(relation[0]), relation=_RELATIONS[word])
