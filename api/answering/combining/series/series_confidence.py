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
) -> float:
    """The highest confidence of the candidates of a series, each without the others as rivals.

    A figure that is restated from time to time is said by several candidates. Each of them would
    be less sure for the others' being there, although they answer the same question. Nor is a
    rival what is of another time than the one asked about.

    Args:
        ranked: All candidates.
        places: The ranks of those of the series; at least one.
        shut_out: The ranks of those that the question's time shuts out.
        calibration: Turns features into a confidence.
    """
    no_rivals = {*places, *shut_out}
    rivals = [item.candidate.best.score for at, item in enumerate(ranked) if at not in no_rivals]
    return max(
        item.described.with_lead(lead_over(item.candidate.best.score, rivals)).confidence(
            calibration
        )
        for item in (ranked[place] for place in places)
    )
