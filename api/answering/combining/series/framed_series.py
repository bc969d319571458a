"""The series of the time that a question asks about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.holders import held_within
from api.answering.combining.series.asked_time import (
    is_of_frame,
    is_of_other_day,
    is_of_whole_year,
    meets,
    names_its_time,
)
from api.answering.combining.series.members import ranked_claims, series_of
from api.answering.combining.series.series_confidence import series_confidence
from api.answering.questions.keywords import asks_in_words
from api.answering.time.offices import office_asked_for

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from api.answering.answers import FrameUse
    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.ranking.confidence import Calibration
    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.time.frames import TimeFrame
    from index.records import Passage

_OF_ANOTHER_TIME: Final = 0.2  # not fitted, as of candidates that are unfit for other reasons


@dataclass(frozen=True, slots=True)
class FoundSeries:
    """A series among candidates.

    Attributes:
        ranked: The candidates, best first.
        series: Its claims.
        use: What the question's time frame did; None without one.
        shut_out: Ranks of the candidates that the asked time shuts out.
        elsewhere: Ranks of those that were lowered, since they are told of another time.
        of_other_times: What is told of the same thing, of other times than the asked one.
    """

    ranked: Sequence[RankedCandidate]
    series: list[Claim]
    use: FrameUse | None = None
    shut_out: Collection[int] = ()
    elsewhere: Collection[int] = ()
    of_other_times: Sequence[Claim] = ()

    def confidence(self, calibration: Calibration) -> float:
        """How sure the series is: as its surest candidate, of the asked time if any is."""
        members = {claim.place for claim in self.series}
        of_time = members.difference(self.elsewhere)
        times = 1.0 if of_time else _OF_ANOTHER_TIME
        places = of_time or members
        sources = {
            claim.passage.article.id
            for claim in self.series
            if claim.value is not None and claim.place in places
        }
        return times * series_confidence(
            self.ranked, places, self.shut_out, calibration, len(sources)
        )


def series_of_frame(
    frame: TimeFrame,
    found: FoundSeries,
    claims: Sequence[Claim],
    question: Question,
    passages: Sequence[Passage],
    calibration: Calibration,
    threshold: float,
    today: dt.date,
) -> FoundSeries:
    """The series of the asked time, where there is one; else the one found, or what is left."""
    use = frame_use(frame)
    if frame.contradictory:
        return replace(found, use=use)
    of_time = _of_time(claims, frame, question)
    places = {claim.place for claim in of_time}
    shut_out = {claim.place for claim in claims} - places if frame.firm else set[int]()
    series = found.series
    met = [claim for claim in series if claim in of_time]
    if use != "filter":
        return replace(found, series=met or series, use=use, shut_out=shut_out)
    if not met:
        lead = _sure(of_time, found.ranked, shut_out, calibration, threshold)
        if lead is not None:
            series = series_of(lead, claims, question, passages, today)
            met = [claim for claim in series if claim in of_time]
    if met:
        others = [claim for claim in series if claim not in met]
        return replace(found, series=met, use=use, shut_out=shut_out, of_other_times=others)
    # Of a time that no article is of, later ones tell without naming it: "In 1998 ...".
    contemporary = any(is_of_frame(passage, frame) for passage in passages)
    told = {
        claim.place
        for claim in claims
        if names_its_time(claim, frame)
        or is_of_whole_year(claim, frame.period)
        or (contemporary and _is_told_of_another(claim, frame, question))
    }
    ranked, elsewhere = _lowered(found.ranked, told - places)
    claims = ranked_claims(ranked, passages)
    series = series_of(claims[0], claims, question, passages, today)
    return FoundSeries(ranked, series, "not met", elsewhere=elsewhere)


def _is_told_of_another(claim: Claim, frame: TimeFrame, question: Question) -> bool:
    """Whether a claim's article is of another time than the asked one, which it does not name.

    Who holds an office, which keywords may ask for, does so before and after an article.
    """
    may_be_holder = claim.value is None and not asks_in_words(question.text)
    if may_be_holder or office_asked_for(question.text) is not None:
        return False
    return is_of_other_day(claim, frame)


def _lowered(
    ranked: Sequence[RankedCandidate], places: Collection[int]
) -> tuple[list[RankedCandidate], set[int]]:
    """Lower the candidates of some ranks, which are told of another time.

    Returns:
        The candidates, best first, and the new ranks of those that were lowered.
    """
    marked = [
        (replace(item, confidence=item.confidence * _OF_ANOTHER_TIME), True)
        if place in places
        else (item, False)
        for place, item in enumerate(ranked)
    ]
    marked.sort(key=lambda pair: -pair[0].confidence)
    return (
        [item for item, _ in marked],
        {place for place, (_, is_lowered) in enumerate(marked) if is_lowered},
    )


def frame_use(frame: TimeFrame) -> FrameUse:
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
