"""Demands: what prosecutors sought or a union wanted is not what was ordered or paid."""

from __future__ import annotations

import re
from typing import Final

_DEMANDED: Final = (
    r"(?:ask(?:s|ed|ing)?\sfor|call(?:s|ed|ing)\sfor|demand(?:s|ed|ing)|"
    r"propos(?:es|ed|ing)|push(?:es|ed|ing)\sfor|recommend(?:s|ed|ing)|request(?:s|ed|ing)|"
    r"seek(?:s|ing)?|sought|want(?:s|ed)?)"
)
_RESOLVED: Final = (
    r"(?:agreed|approved|awarded|convicted|fined|given|gave|got|granted|handed|imposed|jailed|"
    r"ordered|paid|received|ruled|sentenced|settled|won)"
)
_ASKS_RESOLVED: Final = re.compile(rf"\b{_RESOLVED}\b|\bsentence\b", re.IGNORECASE)
_ASKS_DEMANDED: Final = re.compile(rf"\b(?:{_DEMANDED}|ask|demand|propose|want)\b", re.IGNORECASE)
_IS_DEMANDED: Final = re.compile(
    rf"\b{_DEMANDED}\s(?:(?!\b{_RESOLVED}\b)(?:[^;:,]|,(?=\d))){{0,80}}\Z", re.IGNORECASE
)
_REACH: Final = 110  # characters


def is_only_demanded(question: str, sentence: str, start: int) -> bool:
    """Whether a question asks what was decided, and a sentence tells what somebody wanted.

    Args:
        question: The question.
        sentence: The sentence of the answer.
        start: Where the answer begins there.
    """
    if _ASKS_RESOLVED.search(question) is None or _ASKS_DEMANDED.search(question) is not None:
        return False
    return _IS_DEMANDED.search(sentence[max(0, start - _REACH) : start]) is not None
