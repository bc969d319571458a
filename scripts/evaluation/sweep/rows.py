"""The result of a sweep: every setting with its quality and its cost."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict

from scripts.evaluation.results import Estimate

SIGNIFICANCE: Final = 0.05
"""The greatest p at which a setting counts as worse than the best."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Setting(_Record):
    """One point of the grid."""

    max_tokens: int
    overlap_tokens: int
    top_k: int
    dense_weight: float


class SweepRow(_Record):
    """A setting with its quality and its cost.

    Attributes:
        index_seconds: Time of the build, with reused vectors charged at their original cost.
        p50_ms: Median time of a question, measured without caches, the settings in turns.
        metrics: Every measure but those of latency, by name.
        behind: Distance to the best setting in the measure that was ranked by, at least 0; None
            where the measure is undefined.
        p: Two-sided p of that distance (paired bootstrap); 1 for the best itself, None where the
            measure is undefined.
    """

    setting: Setting
    chunks: int
    index_seconds: float
    embedded: int
    reused: int
    p50_ms: float
    metrics: dict[str, Estimate]
    behind: float | None
    p: float | None

    @property
    def is_as_good_as_best(self) -> bool:
        """Whether the questions do not distinguish it from the best."""
        return self.p is not None and self.p > SIGNIFICANCE


class Sweep(_Record):
    """All settings, best first by ``ranked_by``.

    Attributes:
        recommended: The setting with the fastest answers among those that the questions do not
            distinguish from the best.
    """

    gold: str
    corpus: str
    questions: int
    ranked_by: str
    replicates: int
    seed: int
    recommended: Setting
    rows: tuple[SweepRow, ...]
