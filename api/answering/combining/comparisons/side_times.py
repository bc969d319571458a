"""Times of the values that a comparison sets side by side: one where there is one, else said."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import claim_of, claims_of
from api.answering.combining.claims.relative_figures import is_former_figure
from api.answering.combining.claims.sameness import same_thing
from api.answering.combining.comparisons.change_points import dated_former_figure
from api.answering.combining.comparisons.comparing import measured
from api.answering.ranking.candidates import Candidate
from api.answering.time.standing import UNREALISED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.combining.comparisons.side_reading import SideAnswer
    from api.answering.periods import Period
    from index.records import Passage

_APART: Final = dt.timedelta(days=100)  # between counts that may still be set side by side
_SPELL: Final = 80  # days; what is shorter is a moment, of which the length says nothing
_LONGER: Final = 1.5  # times
_SHARED: Final = 0.5  # of the shorter spell: the years of firms begin in different months


def of_one_time(
    best: Sequence[SideAnswer],
    answers: Sequence[Sequence[SideAnswer]],
    passages: Sequence[Passage],
) -> list[SideAnswer]:
    """Take values of the newest time that all sides have one of, where the best are of several.

    Others than the best must be of the same thing, and planned where it is; they are as sure then.

    Args:
        best: The best answer of each side.
        answers: All that was read of each side.
        passages: What was read for all sides.

    Returns:
        The best answers where they may be of one time, or no time has a value of each side.
    """
    leads = [lead_claim(answer, passages) for answer in best]
    if differing_times(leads) is None:
        return list(best)
    dated = [
        list(_of_same_thing(answer, lead, read, passages))
        for answer, lead, read in zip(best, leads, answers, strict=True)
    ]
    every = [claim for claims in dated for claim in claims]
    for anchor in sorted(every, key=lambda claim: claim.as_of or dt.date.min, reverse=True):
        chosen = _beside(anchor, dated)
        if chosen is not None:
            return [_answer(answer, claim) for answer, claim in zip(best, chosen, strict=True)]
    return list(best)


def differing_times(claims: Sequence[Claim]) -> str | None:
    """What to say where values are of different times, in the words of their sentences.

    A quarter is not of the time of a year, nor one year of that of the next.

    Args:
        claims: One a side.

    Returns:
        A sentence; None where the times may be the same, or a value's sentence names none.
    """
    words = [claim.statement.words for claim in claims]
    told = [each for each in words if each is not None]
    if len(told) < len(claims) or not _any_differ(claims):
        return None
    return f"They are of different times: {'; '.join(told)}."


def lead_claim(answer: SideAnswer, passages: Sequence[Passage]) -> Claim:
    """What the best span of an answer claims."""
    span = answer.ranked.candidate.best
    return claim_of(0, span, passages[span.passage], answer.value)


def _of_same_thing(
    answer: SideAnswer, lead: Claim, read: Sequence[SideAnswer], passages: Sequence[Passage]
) -> Iterator[Claim]:
    """The claims of one thing that name their time: an answer's, others read, and former ones."""
    others = [claim for other in read for claim in claims_of(0, other.ranked, passages)]
    alike = [
        claim
        for claim in others
        if same_thing(lead, claim, answer.question)
        and not is_former_figure(claim)
        and _is_planned(claim) == _is_planned(lead)
    ]
    claims = [lead, *alike]
    former = [dated_former_figure(claim) for claim in claims]
    for claim in (*claims, *former):
        if claim is None or claim.statement.words is None:
            continue
        if claim.statement.period.length is not None:
            yield claim


def _is_planned(claim: Claim) -> bool:
    return claim.statement.standing in UNREALISED


def _beside(anchor: Claim, dated: Sequence[Sequence[Claim]]) -> list[Claim] | None:
    """The first claim of each side that is of the time of one of them; None where one has none."""
    period = anchor.statement.period
    chosen = []
    for claims in dated:
        near = [claim for claim in claims if not _differ(claim.statement.period, period)]
        if not near:
            return None
        chosen.append(anchor if anchor in near else near[0])
    values = [claim.value for claim in chosen if claim.value is not None]
    places = {(claim.passage.article.id, claim.span.span) for claim in chosen}
    if len(places) < len(chosen) or len(values) < len(chosen) or _any_differ(chosen):
        return None
    return None if measured(values) is None else chosen


def _answer(best: SideAnswer, claim: Claim) -> SideAnswer:
    """The best answer of a side with the value of another claim of the same thing."""
    place = claim.passage.article.id, claim.span.span
    if claim.value is None or place == best.place:
        return best
    candidate = Candidate(claim.text, (claim.span,), claim.value)
    described = replace(best.ranked.described, candidate=candidate)
    return replace(
        best, ranked=replace(best.ranked, described=described), value=claim.value, place=place
    )


def _any_differ(claims: Sequence[Claim]) -> bool:
    periods = [claim.statement.period for claim in claims]
    return any(_differ(left, right) for left, right in combinations(periods, 2))


def _differ(left: Period, right: Period) -> bool:
    if left.start is None or left.end is None or right.start is None or right.end is None:
        return False
    shared = min(left.end, right.end) - max(left.start, right.start)
    if -shared > _APART:
        return True
    short, long = sorted(length for length in (left.length, right.length) if length is not None)
    if short < _SPELL:
        return False
    return long > _LONGER * short or shared.days + 1 < _SHARED * short
