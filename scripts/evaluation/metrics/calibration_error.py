"""Expected calibration error, and the reliability table that it sums up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

BINS: Final = 10


def expected_calibration_error(confidence: Floats, right: Floats, weights: Floats) -> Floats:
    """Mean gap between confidence and share right, over bins of equal width.

    Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
    Binning", AAAI 2015.

    Args:
        confidence: ``(n,)`` float64 in [0, 1].
        right: ``(n,)`` float64, 1 or 0.
        weights: ``(b, n)`` float64, how often each counts in each of b samples.

    Returns:
        ``(b,)`` float64.
    """
    inside = (_bins(confidence)[:, None] == np.arange(BINS)).astype(np.float64)
    gap = weights @ (inside * (confidence - right)[:, None])
    error: Floats = np.abs(gap).sum(axis=1) / weights.sum(axis=1)
    return error


def reliability_table(confidence: Floats, right: Floats) -> list[dict[str, float]]:
    """Mean ``confidence`` and share ``right`` of each bin that is not empty.

    Args:
        confidence: ``(n,)`` float64 in [0, 1].
        right: ``(n,)`` float64, 1 or 0.

    Returns:
        A row a bin, with its lower edge as ``from`` and its ``count``.
    """
    bins = _bins(confidence)
    return [
        {
            "from": number / BINS,
            "count": int((bins == number).sum()),
            "confidence": float(confidence[bins == number].mean()),
            "right": float(right[bins == number].mean()),
        }
        for number in np.unique(bins).tolist()
    ]


def _bins(confidence: Floats) -> npt.NDArray[np.int64]:
    """The bin of each confidence, ``(n,)`` int64; 1 is in the last."""
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
