"""Confidence of a series: its statements support one answer rather than compete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.ranking.features import lead_over

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from api.answering.ranking.confidence import Calibration
    from api.answering.ranking.ranker import RankedCandidate


def series_confidence(
    ranked: Sequence[RankedCandidate],
    places: Collection[int],
    shut_out: Collection[int],
    calibration: Calibration,
    sources: int = 1,
) -> float:
    """The highest confidence of the candidates of a series, each without the others as rivals.

    A figure that is restated from time to time is said by several candidates. Each of them would
    be less sure for the others' being there, although they answer the same question. Nor is a
    rival what is of another time than the one asked about. An older one is no less sure for its
    age, as the newest of them answers, and each article that tells one supports the others.

    Args:
        ranked: All candidates.
        places: The ranks of those of the series; at least one.
        shut_out: The ranks of those that the question's time shuts out.
        calibration: Turns features into a confidence.
        sources: Articles with a candidate of the series.
    """
    no_rivals = {*places, *shut_out}
    rivals = [item.candidate.best.score for at, item in enumerate(ranked) if at not in no_rivals]
    members = [
        ranked[place].described.with_lead(lead_over(ranked[place].candidate.best.score, rivals))
        for place in places
    ]
    if len(members) > 1:
        members = [member.without_age() for member in members]
    if sources > 1:
        members = [member.with_support(sources) for member in members]
    return max(member.confidence(calibration) for member in members)
