"""Demands: what prosecutors sought or a union wanted is not what was ordered or paid."""

from __future__ import annotations

import re
from typing import Final

_DEMANDED: Final = (
    r"(?:ask(?:s|ed|ing)?\sfor|call(?:s|ed|ing)\sfor|demand(?:s|ed|ing)|"
    r"propos(?:es|ed|ing)|push(?:es|ed|ing)\sfor|recommend(?:s|ed|ing)|request(?:s|ed|ing)|"
    r"seek(?:s|ing)?|sought|want(?:s|ed)?)"
)
_DECIDED: Final = (
    r"(?:agreed|approved|awarded|fined|given|granted|handed|imposed|jailed|ordered|paid|received|"
    r"ruled|sentenced|settled)"
)
_ASKS_DECIDED: Final = re.compile(rf"\b{_DECIDED}\b|\bsentence\b", re.IGNORECASE)
_ASKS_DEMANDED: Final = re.compile(rf"\b(?:{_DEMANDED}|ask|demand|propose|want)\b", re.IGNORECASE)
# Up to the answer nothing else is told: "sought 15 years and $8 million", but not "the most sought
# after", "the proposed merger was" or "wanted 10 years but the court chose".
_TOLD: Final = r"(?:after|allowed|as|but|by|is|must|took|was|were|when|who|will)"
_IS_DEMANDED: Final = re.compile(
    rf"(?<!\bthe\s)(?<!\ba\s)(?<!\bmost\s)\b{_DEMANDED}\s"
    rf"(?:(?!\b(?:{_DECIDED}|{_TOLD})\b)(?:[^;:,]|,(?=\d))){{0,60}}\Z",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(r"\d|\b(?:year|month|week)s?\b")
_REACH: Final = 80  # characters


def is_only_demanded(question: str, sentence: str, start: int, end: int) -> bool:
    """Whether a question asks what was decided, and a figure is what somebody wanted.

    Args:
        question: The question.
        sentence: The sentence of the answer.
        start: Where the answer begins there.
        end: Where it ends.
    """
    if _ASKS_DECIDED.search(question) is None or _ASKS_DEMANDED.search(question) is not None:
        return False
    if _AMOUNT.search(sentence, start, end) is None:
        return False
    return _IS_DEMANDED.search(sentence[max(0, start - _REACH) : start]) is not None
