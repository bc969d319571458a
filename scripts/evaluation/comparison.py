"""Comparison of two evaluations of a gold set: which questions changed, and by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.metrics.bootstrap import (
    Bootstrap,
    one_sided_p,
    percentile_interval,
    two_sided_p,
)
from scripts.evaluation.metrics.columns import Columns, to_columns
from scripts.evaluation.metrics.estimates import count_outcomes, point, replicates
from scripts.evaluation.metrics.measures import MEASURES, Floats, Measure
from scripts.evaluation.results import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.evaluation.results import EvaluationResult, QuestionResult


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class QuestionChange(_Record):
    """A question with a different result than before.

    Attributes:
        verdict: ``better`` or ``worse`` by outcome, exact match or F1, else ``changed``.
        old_answer, new_answer: The best answers; None when abstained, or in a baseline, which has
            no texts.
    """

    id: str
    question: str | None
    verdict: Literal["better", "worse", "changed"]
    old_outcome: Outcome
    new_outcome: Outcome
    old_f1: float
    new_f1: float
    old_answer: str | None
    new_answer: str | None


class MeasureChange(_Record):
    """A measure over the compared questions, before and after.

    Attributes:
        delta: New minus old; ``low`` and ``high`` its 95% paired bootstrap interval.
        p: The chance of such a difference, either way, if there were none.
        p_worse: The chance of such a loss if there were none; 1 where there is no loss.
    """

    name: str
    higher_is_better: bool
    old: float | None
    new: float | None
    delta: float | None
    low: float | None
    high: float | None
    p: float | None
    p_worse: float | None

    @property
    def loss(self) -> float | None:
        """How much worse it is; negative where it is better."""
        if self.delta is None:
            return None
        return -self.delta if self.higher_is_better else self.delta


class Comparison(_Record):
    """A new evaluation beside an old one.

    Attributes:
        compared: How many questions both have.
        only_old, only_new: Ids that only one of them has.
        asked_otherwise: Ids under which the two gold sets ask or expect something else.
    """

    old_version: str
    new_version: str
    compared: int
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    asked_otherwise: tuple[str, ...]
    old_outcomes: dict[Outcome, int]
    new_outcomes: dict[Outcome, int]
    measures: tuple[MeasureChange, ...]
    changes: tuple[QuestionChange, ...]

    def measure(self, name: str) -> MeasureChange:
        """One measure by its name.

        Raises:
            KeyError: If there is none.
        """
        return {measure.name: measure for measure in self.measures}[name]


def compare(
    old: EvaluationResult, new: EvaluationResult, bootstrap: Bootstrap | None = None
) -> Comparison:
    """Compare two evaluations over the questions that both asked in the same way.

    Raises:
        EvaluationError: If there is no such question.
    """
    before = {question.id: question for question in old.questions}
    after = {question.id: question for question in new.questions}
    pairs = [
        (before[name], question)
        for name, question in after.items()
        if name in before and before[name].fingerprint == question.fingerprint
    ]
    if not pairs:
        raise EvaluationError(
            f"none of the {len(before)} questions of the old result is asked in the same way in "
            f"the new one, of {len(after)}; are they of one gold set?"
        )
    olds, news = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    resampling = Bootstrap() if bootstrap is None else bootstrap
    return Comparison(
        old_version=old.settings.index_version,
        new_version=new.settings.index_version,
        compared=len(pairs),
        only_old=tuple(name for name in before if name not in after),
        only_new=tuple(name for name in after if name not in before),
        asked_otherwise=tuple(
            name
            for name, question in after.items()
            if name in before and before[name].fingerprint != question.fingerprint
        ),
        old_outcomes=count_outcomes(olds),
        new_outcomes=count_outcomes(news),
        measures=tuple(_measure_changes(to_columns(olds), to_columns(news), resampling)),
        changes=tuple(_question_changes(pairs)),
    )


def _measure_changes(old: Columns, new: Columns, bootstrap: Bootstrap) -> Iterator[MeasureChange]:
    drawn = zip(
        MEASURES,
        replicates(old, bootstrap, MEASURES),
        replicates(new, bootstrap, MEASURES),
        strict=True,
    )
    for measure, old_drawn, new_drawn in drawn:
        yield _measure_change(
            measure, point(old, measure), point(new, measure), new_drawn - old_drawn
        )


def _measure_change(
    measure: Measure, old: float | None, new: float | None, differences: Floats
) -> MeasureChange:
    record = {
        "name": measure.name,
        "higher_is_better": measure.higher_is_better,
        "old": old,
        "new": new,
    }
    interval = percentile_interval(differences)
    if old is None or new is None or interval is None:
        nothing = dict.fromkeys(("delta", "low", "high", "p", "p_worse"))
        return MeasureChange.model_validate({**record, **nothing})
    delta = new - old
    sign = 1.0 if measure.higher_is_better else -1.0
    return MeasureChange.model_validate(
        {
            **record,
            "delta": delta,
            "low": interval[0],
            "high": interval[1],
            "p": two_sided_p(differences, delta),
            "p_worse": one_sided_p(sign * differences, sign * delta) if sign * delta < 0 else 1.0,
        }
    )


def _question_changes(
    pairs: list[tuple[QuestionResult, QuestionResult]],
) -> Iterator[QuestionChange]:
    for old, new in pairs:
        before, after = _standing(old), _standing(new)
        if before == after and (old.answer_digest, old.outcome) == (new.answer_digest, new.outcome):
            continue
        verdict = "better" if after > before else "worse" if after < before else "changed"
        yield QuestionChange(
            id=new.id,
            question=None if new.details is None else new.details.question,
            verdict=verdict,
            old_outcome=old.outcome,
            new_outcome=new.outcome,
            old_f1=old.f1,
            new_f1=new.f1,
            old_answer=_answer(old),
            new_answer=_answer(new),
        )


def _standing(question: QuestionResult) -> tuple[bool, float, float]:
    return question.outcome is Outcome.RIGHT, question.exact, question.f1


def _answer(question: QuestionResult) -> str | None:
    if question.details is None or not question.details.answers:
        return None
    return question.details.answers[0].text
