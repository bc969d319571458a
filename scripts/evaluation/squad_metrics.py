"""Measures of reading: exact match, token F1, AUROC, calibration."""

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def squad_normal(text: str) -> str:
    """The official SQuAD normal form: lower case, no punctuation, no articles, single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str, golds: Sequence[str]) -> float:
    """1.0 when the answer's normal form is that of one of `golds`."""
    return float(squad_normal(answer) in {squad_normal(gold) for gold in golds})


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """The best token F1 of the answer against `golds`, in normal form."""
    return max((_f1(answer, gold) for gold in golds), default=0.0)


def _f1(answer: str, gold: str) -> float:
    said, right = squad_normal(answer).split(), squad_normal(gold).split()
    if not said or not right:
        return float(said == right)
    common = sum((Counter(said) & Counter(right)).values())
    return 2 * common / (len(said) + len(right))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties counting half."""
    if not positive or not negative:
        raise ValueError(f"AUROC needs both kinds, got {len(positive)} and {len(negative)}")
    low = np.sort(np.asarray(negative, dtype=np.float64))
    below = np.searchsorted(low, positive, side="left")
    through = np.searchsorted(low, positive, side="right")
    return float((below + through).mean() / (2 * len(low)))


def reliability(
    confidence: NDArray[np.float64], right: NDArray[np.float64], bins: int = 10
) -> tuple[list[dict[str, float]], float]:
    """Mean confidence and share right per equal-width bin, and the expected calibration error.

    Both arrays (n,), confidence in [0, 1].
    """
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    table = []
    error = 0.0
    for number in range(bins):
        inside = place == number
        if not inside.any():
            continue
        mean, share = float(confidence[inside].mean()), float(right[inside].mean())
        count = int(inside.sum())
        error += abs(mean - share) * count / len(confidence)
        table.append({"from": number / bins, "count": count, "confidence": mean, "right": share})
    return table, error
