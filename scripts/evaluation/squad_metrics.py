"""Exact match and token F1, as in the SQuAD evaluation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from api.answering.normal_form import normalise_answer

if TYPE_CHECKING:
    from collections.abc import Sequence


def exact_match(answer: str, golds: Sequence[str]) -> float:
    """1.0 if the answer's normal form is that of a gold answer, else 0.0."""
    return float(normalise_answer(answer) in {normalise_answer(gold) for gold in golds})


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """The best token F1 of the answer against a gold answer, in normal form; 0.0 without any."""
    return max((_f1(answer, gold) for gold in golds), default=0.0)


def _f1(answer: str, gold: str) -> float:
    given, right = normalise_answer(answer).split(), normalise_answer(gold).split()
    if not given or not right:
        return float(given == right)
    common = sum((Counter(given) & Counter(right)).values())
    return 2 * common / (len(given) + len(right))
