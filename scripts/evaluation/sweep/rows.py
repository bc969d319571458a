"""What a sweep found: every setting with its worth and its cost."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict

from scripts.evaluation.results import Estimate

SIGNIFICANCE: Final = 0.05
"""The p up to which a setting counts as worse than the best."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Setting(_Record):
    """One point of the grid."""

    max_tokens: int
    overlap_tokens: int
    top_k: int
    dense_weight: float


class SweepRow(_Record):
    """What one setting is worth and costs.

    Attributes:
        index_seconds: What the build took, with vectors that were reused charged at what they
            once cost.
        p50_ms: Median time of a question, measured anew without anything remembered, the
            settings in turns.
        metrics: Every measure but those of latency, by name.
        behind: How much worse than the best setting it is in the measure that was ranked by; at
            least 0; None where that is not defined.
        p: The chance of such a difference to the best, either way, if there were none (paired
            bootstrap); 1 for the best itself, None where the measure is not defined.
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
        """Whether the questions do not tell it from the best."""
        return self.p is not None and self.p > SIGNIFICANCE


class Sweep(_Record):
    """All settings, best first by ``ranked_by``.

    Attributes:
        recommended: The setting with the fastest answers among those that the questions do not
            tell from the best.
    """

    gold: str
    corpus: str
    questions: int
    ranked_by: str
    replicates: int
    seed: int
    recommended: Setting
    rows: tuple[SweepRow, ...]
