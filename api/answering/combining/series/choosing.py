"""Which of several statements of one thing answers: by the time that the question asks about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import claims_of
from api.answering.combining.claims.earlier_figures import compared_values
from api.answering.combining.claims.holders import (
    held_within,
    holder,
    holder_within,
    leaves,
    naming_the_office,
    successor,
)
from api.answering.combining.claims.kinds import of_best_kind, restates
from api.answering.combining.claims.other_reports import other_reports
from api.answering.combining.claims.recency import newest
from api.answering.combining.claims.revisions import revisions
from api.answering.combining.claims.rival_figures import rival_figures
from api.answering.combining.claims.sameness import (
    is_addition,
    is_former_figure,
    same_office,
    same_thing,
    without_worse_beside,
)
from api.answering.combining.claims.support import supporting
from api.answering.combining.series.agreement import contradict
from api.answering.combining.series.series_confidence import series_confidence
from api.answering.periods import Period
from api.answering.ranking.candidates import Candidate
from api.answering.time.offices import office_asked_for
from api.answering.time.standing import UNREALISED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from api.answering.answers import FrameUse
    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.ranking.confidence import Calibration
    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.reading.reader import ScoredSpan
    from api.answering.time.frames import QuestionTime, TimeFrame
    from index.records import Passage

_WEIGHED: Final = 16  # candidates, best first, whose time is read
_YEAR: Final = 365  # days
_SHORT: Final = 100  # days; what is asked of a quarter or less is not told by a whole year
REPORTED_LATER: Final = dt.timedelta(days=120)
"""How long after their period results are published."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates in the order in which they answer.

    Attributes:
        ranked: Best first. The chosen candidate has the confidence of its series, the one that it
            displaces from the first place the chosen one's former confidence.
        series: Claims of the same thing as the first candidate's, the one chosen first; empty
            without candidates.
        frame_use: What the question's time frame did; None without one.
    """

    ranked: list[RankedCandidate]
    series: list[Claim]
    frame_use: FrameUse | None


def choose(
    question: Question,
    time: QuestionTime,
    ranked: Sequence[RankedCandidate],
    passages: Sequence[Passage],
    spans: Sequence[ScoredSpan],
    calibration: Calibration,
    threshold: float,
) -> Choice:
    """Order ranked candidates by what the question says of time.

    Where it bounds a time firmly, claims of that time come first, unless none of them would be an
    answer. Of the claims of one thing the newest answers, a year's figure before a quarter's, a
    result before a forecast of the same period, and one who holds an office before one who gave it
    up. It is as sure as the surest of them.

    Args:
        question: The question.
        time: What it says of time.
        ranked: Candidates by confidence, best first.
        passages: What they were read in.
        spans: What was read there.
        calibration: Tells how sure a series is.
        threshold: The least confidence of an answer.
    """
    frame = time.frame
    use = None if frame is None else _use(frame)
    claims = [
        claim
        for place, item in enumerate(ranked[:_WEIGHED])
        for claim in claims_of(place, item, passages)
    ]
    # What is said of another actor neither revises nor supports what is said of the asked one.
    claims = [claim for claim in claims if claims[0].span.of_another or not claim.span.of_another]
    if not claims:
        return Choice(list(ranked), [], use)
    series = _series(claims[0], claims, question, passages, time.today)
    shut_out: set[int] = set()
    if frame is not None and not frame.contradictory:
        of_time = _of_time(claims, frame, question)
        if frame.firm:
            shut_out = {claim.place for claim in claims} - {claim.place for claim in of_time}
        met = [claim for claim in series if claim in of_time]
        if not met and use == "filter":
            lead = _sure(of_time, ranked, shut_out, calibration, threshold)
            if lead is None:
                use, shut_out = "not met", set()
            else:
                of_lead = _series(lead, claims, question, passages, time.today)
                met = [claim for claim in of_lead if claim in of_time]
        series = met or series
    members = {claim.place for claim in series}
    confidence = max(
        ranked[0].confidence, series_confidence(ranked, members, shut_out, calibration)
    )
    chosen = _best(series, question, time)
    series = [claim for claim in series if claim is chosen or restates(chosen, claim)]
    if chosen is not series[0] and contradict(series[0], chosen):
        chosen = series[0]  # of two that contradict each other the newer is no better
    order = _led_by_chosen(ranked, chosen, confidence)
    rest = [claim for claim in series if claim is not chosen]
    if time.bound:
        return Choice(order, [chosen, *rest], use)
    asks_holder = chosen.value is None and office_asked_for(question.text) is not None
    follower = successor(chosen) if asks_holder else None
    if follower is not None:
        return Choice(_led_by(follower, order), [follower, *rest], use)
    newer = revisions(chosen, question, passages, spans)
    if newer:
        revision = newest(newer, frame)
        return Choice(_led_by(revision, order), [revision, chosen, *rest], use)
    return Choice(order, [chosen, *rest], use)


def _use(frame: TimeFrame) -> FrameUse:
    """What a time frame is for, where claims of its time are found."""
    if frame.contradictory:
        return "contradictory"
    return "filter" if frame.firm else "evidence"


def _of_time(claims: Sequence[Claim], frame: TimeFrame, question: Question) -> list[Claim]:
    """The claims that may be of a question's time; all, where it is suggested and has no end."""
    if not frame.firm and None in frame.period:
        return list(claims)
    office = office_asked_for(question.text) if frame.firm else None
    return [
        claim
        for claim in claims
        if (
            meets(claim, frame)
            if office is None or claim.value is not None
            else held_within(claim, office, frame.period)
        )
    ]


def _sure(
    of_time: Sequence[Claim],
    ranked: Sequence[RankedCandidate],
    shut_out: Collection[int],
    calibration: Calibration,
    threshold: float,
) -> Claim | None:
    """The first claim of the asked time that would be an answer without those of other times."""
    for claim in of_time:
        if series_confidence(ranked, {claim.place}, shut_out, calibration) >= threshold:
            return claim
    return None


def meets(claim: Claim, frame: TimeFrame) -> bool:
    """Whether a claim may be of the time that a question bounds.

    It is not where its sentence names other times only, or names none and was published at
    another time in an article whose passage does not name the year either. Nor is a figure that
    was reported before that time began: "at the end of December" is then another December.
    """
    statement, published = claim.statement, claim.passage.article.published_at
    bounds = frame.period
    if any(_touches(period, bounds) for period in statement.mentions):
        return frame.as_of or not _reported_before(claim, bounds)
    if frame.as_of and bounds.end is not None:
        return statement.as_of is not None and statement.as_of <= bounds.end
    if statement.words is not None and statement.standing not in UNREALISED:
        return False
    if published is None:
        return not statement.mentions
    until = None if bounds.end is None else bounds.end + REPORTED_LATER
    if Period(published, published).overlaps(Period(bounds.start, until)):
        return True
    years = {str(day.year) for day in bounds if day is not None}
    chunk = claim.passage.chunk
    return statement.words is None and any(year in chunk.indexed_text for year in years)


def _reported_before(claim: Claim, bounds: Period) -> bool:
    """Whether a claim's figure was reported, not planned, before a time began, and not for it."""
    published = claim.passage.article.published_at
    if claim.value is None or claim.value.kind == "date" or published is None:
        return False
    if bounds.start is None or published >= bounds.start:
        return False
    realised = claim.statement.standing not in UNREALISED
    return realised and not claim.statement.period.overlaps(bounds)


def _touches(mention: Period, bounds: Period) -> bool:
    """Whether a time that a sentence names is of the asked one; "this year" is not of one month."""
    long, short = mention.length, bounds.length
    if long is not None and short is not None and long >= _YEAR and short < _SHORT:
        return False
    return mention.overlaps(bounds)


def _series(
    lead: Claim,
    claims: Sequence[Claim],
    question: Question,
    passages: Sequence[Passage],
    today: dt.date,
) -> list[Claim]:
    """The lead and the claims of the same thing; of names those of holders of one office."""
    office = office_asked_for(question.text) if lead.value is None else None
    if office is not None:
        lead, claims = naming_the_office(office, lead, claims)
    elif lead.value is None:
        # A name is mentioned for other reasons, too: the newest mention need not answer.
        own = supporting(question, [lead, *_others_of(lead, claims)])
        claims = [claim for claim in claims if claim.place != lead.place or claim in own]
    ends = [
        claim.as_of
        for claim in claims
        if claim.place == lead.place and (claim.former or leaves(claim, question, today))
    ]
    given_up = max((day for day in ends if day is not None), default=None)

    def alike(claim: Claim) -> bool:
        if office is not None:
            return same_office(lead, claim, office, question, given_up)
        return same_thing(lead, claim, question)

    others = [claim for claim in claims if claim is not lead]
    series = [lead, *(claim for claim in others if claim.place == lead.place or alike(claim))]
    values = {claim.value for claim in series if claim.value is not None}
    if not values:
        return series
    series = without_worse_beside(series)
    rest = [claim for claim in others if claim not in series]
    series += [*other_reports(lead, rest, question), *_rivals(lead, rest, passages)]
    rest = [claim for claim in others if claim not in series and not is_addition(claim)]
    # "That is £29m more than the £53m of March" tells what a figure is of.
    return [*series, *(claim for claim in rest if not values.isdisjoint(compared_values(claim)))]


def _rivals(lead: Claim, claims: Sequence[Claim], passages: Sequence[Passage]) -> list[Claim]:
    """The claims that its own article sets against the lead's: "the police put it at 18,200"."""
    places = {
        (rival.passage.article.id, rival.span.span) for rival in rival_figures(lead, passages)
    }
    return [claim for claim in claims if (claim.passage.article.id, claim.span.span) in places]


def _others_of(lead: Claim, claims: Sequence[Claim]) -> list[Claim]:
    """The other claims of the lead's candidate."""
    return [claim for claim in claims if claim.place == lead.place and claim is not lead]


def _best(series: Sequence[Claim], question: Question, time: QuestionTime) -> Claim:
    """The claim that answers: the newest of the best kind; the first where that is not known."""
    lead, frame = series[0], time.frame
    bound = frame is not None and frame.firm and not frame.as_of
    if time.of_event or lead.as_of is None:
        return lead
    if lead.value is None:
        return _best_name(series, question, time)
    if bound and lead.statement.standing not in UNREALISED:
        return lead
    stated = [
        claim
        for claim in series
        if claim.statement.standing != "denied" and not is_former_figure(claim)
    ]
    pool = of_best_kind(stated, question.text)
    if time.aspect == "future" or bound:
        told = time.aspect != "future"
        results = [claim for claim in pool if told and _is_result_of(claim, lead)]
        ahead = [claim for claim in pool if claim.statement.standing in UNREALISED]
        return newest(results or ahead or pool or series, frame)
    latest = newest(pool or series, frame)
    if latest.statement.standing in UNREALISED:
        results = [claim for claim in pool if _is_result_of(claim, latest)]
        if results:
            return newest(results, frame)
    return latest


def _best_name(series: Sequence[Claim], question: Question, time: QuestionTime) -> Claim:
    """The name that answers: who held the office in the asked time, or holds it now."""
    frame = time.frame
    if frame is None or not frame.firm:
        return holder(series, question, time)
    if office_asked_for(question.text) is not None:
        return holder_within(series)
    return holder(series, question, time) if frame.as_of else series[0]


def _is_result_of(claim: Claim, forecast: Claim) -> bool:
    """Whether a claim reports what a forecast was made of: both name their time, and share it."""
    result, ahead = claim.statement, forecast.statement
    return (
        result.standing not in UNREALISED
        and result.words is not None
        and ahead.words is not None
        and result.period.overlaps(ahead.period)
        and result.period.end == ahead.period.end
    )


def _led_by_chosen(
    ranked: Sequence[RankedCandidate], chosen: Claim, confidence: float
) -> list[RankedCandidate]:
    """Put the chosen claim's candidate first, with that claim's span as its best."""
    item = ranked[chosen.place]
    spans = item.candidate.spans
    candidate = replace(
        item.candidate,
        text=chosen.text,
        spans=(chosen.span, *(span for span in spans if span is not chosen.span)),
    )
    described = replace(item.described, candidate=candidate)
    order = [replace(item, described=described, confidence=confidence)]
    for place, other in enumerate(ranked):
        if place == chosen.place:
            continue
        order.append(replace(other, confidence=item.confidence) if place == 0 else other)
    return sorted(order, key=lambda ranked_candidate: -ranked_candidate.confidence)


def _led_by(revision: Claim, order: Sequence[RankedCandidate]) -> list[RankedCandidate]:
    """Put a revision of the first candidate before it, with the first one's confidence."""
    first, rest = order[0], list(order[1:])
    candidate = Candidate(revision.text, (revision.span,), revision.value)
    led = replace(first, described=replace(first.described, candidate=candidate))
    revised = replace(first, confidence=rest[0].confidence if rest else 0.0)
    return [led, revised, *rest]
