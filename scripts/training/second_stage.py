"""How sure the first stage of a cascade must be for the second to be left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.reading.cascade_reader import CascadeReader
    from api.answering.reading.reader import Reader
    from scripts.evaluation.calibration import JudgedCandidate

    Judged = Sequence[Sequence[JudgedCandidate]]

_LEAST_QUESTIONS: Final = 20
_LOSS: Final = 0.005  # share of the questions read once that reading twice would have got right


@dataclass(frozen=True, slots=True)
class JudgedStages:
    """The candidates of some questions, judged after one stage and after two.

    Attributes:
        first: Without the second stage.
        both: With it, for every question.
    """

    first: Judged
    both: Judged

    @classmethod
    def judge(cls, cascade: CascadeReader, judge: Callable[[Reader], Judged]) -> JudgedStages:
        """Judge a cascade.

        Args:
            cascade: How its second stage is left out is of no account.
            judge: Asks some questions with a reader, and judges every candidate.
        """
        return cls(
            first=judge(replace(cascade, reread=0)),
            both=judge(replace(cascade, sure_margin=None)),
        )

    def served(self, sure_margin: float | None) -> Judged:
        """The candidates that a cascade with this margin has."""
        if sure_margin is None:
            return self.both
        return [
            first if _margin(first) >= sure_margin else both
            for first, both in zip(self.first, self.both, strict=True)
        ]


def fit_sure_margin(stages: Sequence[JudgedStages]) -> float | None:
    """Fit the margin from which the first stage answers alone.

    From the highest margin of a first stage's best span down, as long as at most one in two
    hundred of the questions so far is lost. It is lost if only the second stage's best span is
    right; one that only the first's is right about makes up for it.

    Returns:
        The margin; None where there is none.
    """
    rows = sorted(
        (
            (_margin(first), _first_right(both) - _first_right(first))
            for some in stages
            for first, both in zip(some.first, some.both, strict=True)
            if first
        ),
        key=lambda row: -row[0],
    )
    fitted = None
    lost = 0
    for count, (margin, loss) in enumerate(rows, 1):
        lost += loss
        if count < len(rows) and rows[count][0] == margin:
            continue  # a margin takes all questions that have it
        if lost > _LOSS * count:
            break
        if count >= _LEAST_QUESTIONS:
            fitted = margin
    return fitted


def _margin(first: Sequence[JudgedCandidate]) -> float:
    """The margin of the first stage's best span of a question."""
    return max((one.features["first_margin"] for one in first), default=float("-inf"))


def _first_right(judged: Sequence[JudgedCandidate]) -> int:
    return int(bool(judged) and judged[0].right)
