"""The gate: what an evaluation must reach, and what it must not lose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from scripts.evaluation.comparison import compare
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.metrics.measures import BY_NAME
from scripts.evaluation.results import load_result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scripts.evaluation.comparison import Comparison, MeasureChange
    from scripts.evaluation.results import EvaluationResult

TOLERANCE: Final = 0.02
LEVEL: Final = 0.05
GATED: Final = (
    "exact_match",
    "f1",
    "aurc",
    "article_recall@10",
    "passage_ndcg@10",
    "citation_precision",
    "citation_verified",
)
_ALIASES: Final = {"em": "exact_match", "verified": "citation_verified"}
_MUST_NOT_FALL: Final = frozenset({"citation_verified"})


class Check(BaseModel):
    """A requirement of a gate, and whether it is met."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: str
    wanted: str
    found: str
    passed: bool
    reason: str


def measure_name(name: str) -> str:
    """The full name of a measure, from that or its short form.

    Raises:
        EvaluationError: If there is no such measure.
    """
    measure = _ALIASES.get(name.strip(), name.strip())
    if measure not in BY_NAME:
        raise EvaluationError(f"no measure '{name.strip()}'; expected one of {', '.join(BY_NAME)}")
    return measure


def parse_limits(text: str) -> dict[str, float]:
    """Read limits such as ``em=0.8,f1=0.85,ece=0.1``.

    Raises:
        EvaluationError: If a part is not a measure and a number.
    """
    limits = {}
    for part in text.split(","):
        name, _, limit = part.partition("=")
        try:
            limits[measure_name(name)] = float(limit)
        except ValueError:
            raise EvaluationError(
                f"limit '{part}': expected a measure, '=' and a number, such as em=0.8"
            ) from None
    return limits


def check_limits(result: EvaluationResult, limits: Mapping[str, float]) -> list[Check]:
    """Compare measures with limits: lower ones, or upper ones where less is better.

    An undefined measure does not pass.
    """
    checks = []
    for name, limit in limits.items():
        value = result.metrics[name].value
        higher = BY_NAME[name].higher_is_better
        wanted = f"{'at least' if higher else 'at most'} {limit:g}"
        if value is None:
            passed, reason = False, "it is defined on none of the questions"
        else:
            passed = value >= limit if higher else value <= limit
            reason = "" if passed else f"{abs(value - limit):.4f} {'below' if higher else 'above'}"
        checks.append(
            Check(measure=name, wanted=wanted, found=_shown(value), passed=passed, reason=reason)
        )
    return checks


def check_no_worse(
    comparison: Comparison,
    *,
    measures: Sequence[str] = GATED,
    tolerance: float = TOLERANCE,
    level: float = LEVEL,
) -> list[Check]:
    """Refuse what lost more than the tolerance, or less but more than chance explains.

    A loss within the tolerance is beyond chance when the one-sided paired bootstrap says so at the
    level, after the step-down of Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
    Scandinavian Journal of Statistics 1979, over all measures: many measures do not make false
    alarms more frequent. The share of verified citations may not fall at all.
    """
    changes = [comparison.measure(name) for name in measures]
    adjusted = holm([1.0 if change.p_worse is None else change.p_worse for change in changes])
    return [
        _check_loss(change, 0.0 if change.name in _MUST_NOT_FALL else tolerance, chance, level)
        for change, chance in zip(changes, adjusted, strict=True)
    ]


def holm(chances: Sequence[float]) -> list[float]:
    """P-values adjusted for being several, in the given order; see `check_no_worse`."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    adjusted = [0.0] * len(chances)
    highest = 0.0
    for place, at in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - place) * chances[at]))
        adjusted[at] = highest
    return adjusted


def _check_loss(change: MeasureChange, tolerance: float, chance: float, level: float) -> Check:
    loss = change.loss
    if change.old is not None and change.new is None:
        passed, reason = False, "there is nothing left that it could be measured on"
    elif loss is None or loss <= 0:
        passed, reason = True, ""
    elif loss > tolerance:
        passed, reason = False, f"lost {loss:.4f}, more than the tolerance of {tolerance:g}"
    elif chance <= level:
        passed = False
        reason = f"lost {loss:.4f}: within the tolerance, but beyond chance (p = {chance:.4f})"
    else:
        passed, reason = (
            True,
            f"lost {loss:.4f}: within the tolerance and chance (p = {chance:.4f})",
        )
    better, sign = ("at least", "-") if change.higher_is_better else ("at most", "+")
    return Check(
        measure=change.name,
        wanted=f"{better} {_shown(change.old)} {sign} {tolerance:g}",
        found=_shown(change.new),
        passed=passed,
        reason=reason,
    )


def _shown(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.4f}"


class Gate:
    """What a result has to reach: limits, and a baseline to be no worse than.

    Args:
        fail_under: Limits, as `parse_limits` takes them.
        no_worse_than: The result file of the baseline.
        gated: Names of the measures to compare with the baseline, with commas.
        tolerance: See `check_no_worse`.
        level: See `check_no_worse`.

    Raises:
        EvaluationError: If a limit, a measure or the baseline is malformed.
    """

    def __init__(
        self,
        fail_under: str | None,
        no_worse_than: Path | None,
        gated: str,
        tolerance: float,
        level: float,
    ) -> None:
        self._limits = {} if fail_under is None else parse_limits(fail_under)
        self._measures = [measure_name(name) for name in gated.split(",")]
        self._baseline = None if no_worse_than is None else load_result(no_worse_than)
        self._tolerance = tolerance
        self._level = level

    def check(self, result: EvaluationResult) -> tuple[list[Check], Comparison | None]:
        """Check a result; also returns the comparison with the baseline, where there is one."""
        checks = check_limits(result, self._limits)
        if self._baseline is None:
            return checks, None
        comparison = compare(self._baseline, result)
        checks += check_no_worse(
            comparison, measures=self._measures, tolerance=self._tolerance, level=self._level
        )
        return checks, comparison
