"""Exact match and token F1, as in the SQuAD evaluation but for figures: a wrong one is wrong."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from api.answering.values.equality import contradicts, is_same, meaning
from api.answering.values.tokens import CURRENCY_SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.values.equality import Meaning


def exact_match(answer: str, golds: Sequence[str]) -> float:
    """1.0 if the answer is the same as a gold answer, in value or in normal form, else 0.0."""
    return float(any(is_same(answer, gold) for gold in golds))


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """The best token F1 of the answer against a gold answer, in normal form; 0.0 without any.

    It is 1.0 against a gold answer of the same value, and 0.0 against one that its figures
    contradict: 35 shares nothing with 3.5, nor does "€35 million" with "€3.5 million".
    """
    return max((_f1(answer, gold) for gold in golds), default=0.0)


def _f1(answer: str, gold: str) -> float:
    given, right = meaning(answer), meaning(gold)
    if given.key == right.key:
        return 1.0
    if contradicts(given, right):
        return 0.0
    said, wanted = _words(given), _words(right)
    common = sum((said & wanted).values())
    return 2 * common / (said.total() + wanted.total()) if common else 0.0


def _words(answer: Meaning) -> Counter[str]:
    """The words of an answer; a currency's symbol is none, as in the SQuAD evaluation."""
    return Counter(word for word in answer.words if word not in CURRENCY_SYMBOLS)
