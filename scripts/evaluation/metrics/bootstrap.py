"""Bootstrap over questions: the variation of a measure over samples of questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

REPLICATES: Final = 2000
SEED: Final = 20250101
_BLOCK: Final = 2_000_000  # weights drawn at a time


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Resamples questions with replacement: Efron and Tibshirani, "An Introduction to the
    Bootstrap", 1993.

    A resample is given as weights: how often each question was drawn.
    """  # noqa: D205 - the title of a book does not fit one line

    replicates: int = REPLICATES
    seed: int = SEED

    def weights(self, questions: int) -> Iterator[Floats]:
        """Draw resamples, block by block; the same ones on every call.

        Yields:
            ``(b, questions)`` float64, rows that sum to ``questions``.
        """
        rng = np.random.default_rng(self.seed)
        size = max(1, _BLOCK // max(1, questions))
        for first in range(0, self.replicates, size):
            count = min(size, self.replicates - first)
            yield rng.multinomial(questions, np.full(questions, 1 / questions), count).astype(
                np.float64
            )


def percentile_interval(replicates: Floats) -> tuple[float, float] | None:
    """The 95% percentile interval, chapter 13 of Efron and Tibshirani.

    It has no width where all questions score alike.

    Args:
        replicates: ``(b,)`` float64; NaN where the measure was not defined.

    Returns:
        Low and high, or None where no replicate was defined.
    """
    defined = replicates[~np.isnan(replicates)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)


def two_sided_p(replicates: Floats, observed: float) -> float:
    """The chance of a difference at least this large, either way, if there were none.

    The replicates of the difference, moved to have no mean, stand for the world without a
    difference: chapter 16 of Efron and Tibshirani; for paired systems Berg-Kirkpatrick, Burkett
    and Klein, "An Empirical Investigation of Statistical Significance in NLP", EMNLP 2012.

    Args:
        replicates: ``(b,)`` float64 differences of the resamples.
        observed: The difference on the questions themselves.
    """
    return _share(np.abs(_defined(replicates) - observed) >= abs(observed))


def one_sided_p(replicates: Floats, observed: float) -> float:
    """The chance of a loss at least this large if there were no difference; see `two_sided_p`."""
    return _share(_defined(replicates) - observed <= observed)


def _defined(replicates: Floats) -> Floats:
    defined: Floats = replicates[~np.isnan(replicates)]
    return defined


def _share(hits: npt.NDArray[np.bool_]) -> float:
    """The share of hits, with one added to both counts for the observed sample itself."""
    return (int(hits.sum()) + 1) / (len(hits) + 1)
