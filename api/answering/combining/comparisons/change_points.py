"""The two ends of a change: of several statements, or as one article tells it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import claim_of, own_value
from api.answering.combining.claims.relative_figures import is_former_figure
from api.answering.combining.comparisons.comparing import measured
from api.answering.combining.comparisons.side_reading import SideAnswer
from api.answering.periods import Period, shift_months
from api.answering.ranking.candidates import Candidate
from api.answering.values.quantities import complete_quantity
from api.answering.values.tokens import DIGITS_AHEAD
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.combining.series.agreement import Combined
    from api.answering.combining.series.choosing import Choice
    from api.answering.questions.question import Question
    from api.answering.ranking.ranker import RankedCandidate

_FIGURE: Final = re.compile(
    rf"{DIGITS_AHEAD}\d(?:[\d.,]*\d)?|"
    r"(?<![\w.,])(?:(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)"
)
_FORMERLY: Final = re.compile(
    r"\b(?:from|after|against|compared\s(?:with|to)|instead\sof|rather\sthan|than(?:\sthe)?)\s"
    r"(?:(?:the|its|about|around|only)\s)?\Z",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"\b(?:(?:the|a|one)\s(?:year|month|week|season|quarter|day)\s(?:before|earlier|ago)|"
    r"the\s(?:previous|preceding)\s\w+|last\s(?:year|season|month|week|summer|winter|spring|autumn)|"
    r"previously|formerly|until\s(?:then|now)|had\s(?:been|stood|counted|come|had))\b",
    re.IGNORECASE,
)
_YEAR_BEFORE: Final = re.compile(
    r"\b(?:(?:the|a|one)\syear\s(?:before|earlier|ago)|the\s(?:previous|preceding|prior)\syear|"
    r"last\syear|year-on-year)\b",
    re.IGNORECASE,
)
_YEAR: Final = dt.timedelta(days=365)
_SLACK: Final = dt.timedelta(days=40)
_WORDS_AROUND: Final = 40  # characters
_MOST_FIGURES: Final = 40  # a sentence of more is a table


def ends_of_change(
    question: Question, combined: Combined, choice: Choice, told: list[SideAnswer] | None
) -> list[SideAnswer] | None:
    """The first and the last of several dated statements, or what one article tells as a change.

    Of statements that disagree their earlier ones count, too, though no timeline has them.
    """
    lead = choice.ranked[0]
    claims = list(combined.timeline)
    if combined.agreement == "disagree":
        claims += [claim for claim in choice.series if not is_former_figure(claim)]
    points = [
        point
        for claim in sorted(claims, key=lambda claim: claim.as_of or dt.date.max)
        if claim.as_of is not None
        and (point := _point(question, claim, lead, str(claim.as_of))) is not None
    ]
    articles = {point.place[0] for point in points}
    days = {point.subject for point in points}
    if len(days) > 1 and (told is None or len(articles) > 1):
        return [_likeliest(points, points[0].subject), _likeliest(points, points[-1].subject)]
    return told


def _likeliest(points: Sequence[SideAnswer], day: str) -> SideAnswer:
    """The point of a day that the reader sees as the best answer: not what critics expect."""
    of_day = (point for point in points if point.subject == day)
    return max(of_day, key=lambda point: point.ranked.candidate.best.score)


def told_change_between(
    question: Question, choice: Choice, first: Period, last: Period
) -> list[SideAnswer] | None:
    """What an article tells as a change from one time to another; None where none does."""
    for claim in choice.series:
        ends = _told_by(question, choice.ranked[0], claim)
        if ends is None or claim.as_of is None or not _holds(last, claim):
            continue
        if _tells_time(claim, first, last):
            return ends
    return None


def _holds(time: Period, claim: Claim) -> bool:
    """Whether a claim is of some time, or holds as of a day in it."""
    day = Period(claim.as_of, claim.as_of)
    return day.overlaps(time) or (
        claim.statement.words is not None and claim.statement.period.overlaps(time)
    )


def _tells_time(claim: Claim, first: Period, last: Period) -> bool:
    """Whether what a claim's figure is told to have changed from may be of the first time.

    That is a year before the last where a sentence says "a year earlier", or a time that it names.
    """
    if first.end is None or last.end is None:
        return False
    apart = last.end - first.end
    if apart < dt.timedelta(0):
        return False
    if _YEAR_BEFORE.search(claim.sentence):
        return abs(apart - _YEAR) <= _SLACK
    return any(mention.overlaps(first) for mention in claim.statement.mentions)


def told_change(question: Question, choice: Choice) -> list[SideAnswer] | None:
    """What the article of the first answer tells as a change: "to 5% from 4%"; None without."""
    return _told_by(question, choice.ranked[0], choice.series[0])


def _told_by(question: Question, lead: RankedCandidate, claim: Claim) -> list[SideAnswer] | None:
    later = _later_figure(claim)
    former = _former_figure(claim) if later is None else claim
    if former is None:
        return None
    first = _point(question, former, lead, "before")
    last = _point(question, claim if later is None else later, lead, "after")
    return None if first is None or last is None else [first, last]


def _point(question: Question, claim: Claim, lead: RankedCandidate, when: str) -> SideAnswer | None:
    """A statement of what leads, with the confidence of that; None without a value."""
    if claim.value is None:
        return None
    candidate = Candidate(claim.text, (claim.span,), claim.value)
    ranked = replace(lead, described=replace(lead.described, candidate=candidate))
    place = claim.passage.article.id, claim.span.span
    return SideAnswer(when, question, ranked, claim.value, place)


def dated_former_figure(claim: Claim) -> Claim | None:
    """The figure that a claim's own is told to have changed from, where its time is told.

    That is a time of its own ("up from 38,000 in 2023"), or the claim's in the year before ("from
    $6.8 billion a year earlier").
    """
    figure = _former_figure(claim)
    if figure is None:
        return None
    told, own = figure.statement, claim.statement.period
    at = figure.in_sentence.end if figure.sentence_start == claim.sentence_start else 0
    if _YEAR_BEFORE.search(figure.sentence, at) is None:
        return figure if told.words is not None and told.period != own else None
    if claim.statement.words is None or own.start is None or own.end is None:
        return None
    before = Period(shift_months(own.start, -12), shift_months(own.end, -12))
    return replace(figure, statement=replace(told, period=before, as_of=before.end))


def _former_figure(claim: Claim) -> Claim | None:
    """The figure that a claim's own is told to have changed from, or None.

    It stands in the claim's sentence behind "from" or "compared with", or there or in the next
    sentence with words such as "a year earlier", in the claim's unit.
    """
    if claim.value is None:
        return None
    for figure in _figures(claim):
        if figure.value is None or figure.value == claim.value:
            continue
        if measured([claim.value, figure.value]) is not None and _is_former(claim, figure):
            return figure
    return None


def _later_figure(claim: Claim) -> Claim | None:
    """The figure that a claim's own, a former one, has changed to: "to 5% from 4%"; or None."""
    if claim.value is None or not _FORMERLY.search(_before(claim)):
        return None
    for figure in _figures(claim):
        own = figure.value is None or figure.value == claim.value
        if own or figure.sentence_start != claim.sentence_start:
            continue
        if figure.value is not None and measured([claim.value, figure.value]) is None:
            continue
        if not _FORMERLY.search(_before(figure)):
            return figure
    return None


def _is_former(claim: Claim, figure: Claim) -> bool:
    if figure.sentence_start == claim.sentence_start:
        return _FORMERLY.search(_before(figure)) is not None
    return _BEFORE.search(figure.sentence) is not None


def _before(claim: Claim) -> str:
    start = claim.in_sentence.start
    return claim.sentence[max(0, start - _WORDS_AROUND) : start]


def _figures(claim: Claim) -> Iterator[Claim]:
    """The figures of a claim's sentence and of the next one, in order."""
    chunk = claim.passage.chunk
    following = [sentence for sentence in chunk.sentences if sentence.start > claim.span.span.start]
    low = claim.sentence_start - chunk.start
    high = following[0].end - chunk.start if following else low + len(claim.sentence)
    return figures_between(claim, low, high)


def figures_between(claim: Claim, low: int, high: int) -> Iterator[Claim]:
    """The first figures between two offsets of a claim's chunk, in order, each as a claim.

    Each is read with its whole sentence, so that one of hundreds of figures would take seconds.
    """
    chunk = claim.passage.chunk
    for match in islice(_FIGURE.finditer(chunk.text, low, high), _MOST_FIGURES):
        start, end = complete_quantity(chunk.text, match.start(), match.end())
        span = Span(chunk.start + start, chunk.start + end)
        figure = claim_of(claim.place, replace(claim.span, span=span), claim.passage, None)
        yield replace(figure, value=own_value(figure))
