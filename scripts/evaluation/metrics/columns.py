"""Columns: results as arrays with an entry a question, NaN where a value does not apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scripts.evaluation.metrics.retrieval_metrics import LEVELS, retrieval_values
from scripts.evaluation.metrics.statement_scores import STATEMENT_SCORES
from scripts.evaluation.results import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from scripts.evaluation.results import QuestionResult

    Floats = npt.NDArray[np.float64]

STAGES: Final = ("encode", "retrieve", "read", "total", "request")
"""As in ``timings_ms`` of a response; ``request`` is the whole call as the client sees it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Everything that the measures are computed from; every array is ``(n,)`` float64.

    A failed question counts as badly as possible: unanswered, wrong, and fully confident.

    Attributes:
        answerable: 1 where the corpus answers, else 0.
        answered, abstained: 1 or 0; both are 0 where it failed.
        exact, f1: Over all questions.
        right: 1 where the best candidate is right, answered or not.
        confidence: Of the best candidate; 0 where there is none, 1 where it failed.
        cited, verified: Counts of citations.
        citation_precision, citation_recall: NaN where not defined.
        retrieval: By level and measure ("articles", "ndcg@10"); NaN where nothing is relevant.
        milliseconds: By stage; NaN where it failed.
        statements: By the names of `STATEMENT_SCORES`; NaN where not defined.
    """

    answerable: Floats
    answered: Floats
    abstained: Floats
    exact: Floats
    f1: Floats
    right: Floats
    confidence: Floats
    cited: Floats
    verified: Floats
    citation_precision: Floats
    citation_recall: Floats
    retrieval: Mapping[tuple[str, str], Floats]
    milliseconds: Mapping[str, Floats]
    statements: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.answerable)


def to_columns(questions: Sequence[QuestionResult]) -> Columns:
    """Arrange the results of questions as arrays, in order."""
    failed = [question.outcome is Outcome.FAILED for question in questions]
    return Columns(
        answerable=_floats([question.answerable for question in questions]),
        answered=_floats([question.answered for question in questions]),
        abstained=_floats(
            [
                not question.answered and not lost
                for question, lost in zip(questions, failed, strict=True)
            ]
        ),
        exact=_floats([question.exact for question in questions]),
        f1=_floats([question.f1 for question in questions]),
        right=_floats([question.candidate_right for question in questions]),
        confidence=_floats(
            [
                1.0 if lost else 0.0 if question.confidence is None else question.confidence
                for question, lost in zip(questions, failed, strict=True)
            ]
        ),
        cited=_floats([question.cited for question in questions]),
        verified=_floats([question.verified for question in questions]),
        citation_precision=_floats([question.citation_precision for question in questions]),
        citation_recall=_floats([question.citation_recall for question in questions]),
        retrieval={
            (level, measure): values
            for level in LEVELS
            for measure, values in retrieval_values(
                [getattr(question, level) for question in questions]
            ).items()
        },
        milliseconds={
            stage: _floats([question.timings_ms.get(stage) for question in questions])
            for stage in STAGES
        },
        statements={
            name: _floats([question.statements.get(name) for question in questions])
            for name in STATEMENT_SCORES
        },
    )


def confidence_columns(
    confidence: Floats,
    right: npt.NDArray[np.bool_],
    answered: npt.NDArray[np.bool_],
    answerable: npt.NDArray[np.bool_],
) -> Columns:
    """Columns with the confidence and correctness of the best candidates only; all ``(n,)``."""
    nothing = np.full(len(confidence), np.nan)
    return Columns(
        answerable=answerable.astype(np.float64),
        answered=answered.astype(np.float64),
        abstained=(~answered).astype(np.float64),
        exact=nothing,
        f1=nothing,
        right=right.astype(np.float64),
        confidence=confidence,
        cited=np.zeros(len(confidence)),
        verified=np.zeros(len(confidence)),
        citation_precision=nothing,
        citation_recall=nothing,
        retrieval={},
        milliseconds={},
        statements={},
    )


def _floats(values: Sequence[float | bool | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
