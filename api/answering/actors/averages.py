"""Averages: which questions ask for one, and which texts tell one."""

from __future__ import annotations

import re
from typing import Final

# In small letters, since "Industrial Average" is a name; "What does it mean?" asks for none.
AVERAGED: Final = re.compile(
    r",?\son\saverage\b|\b(?:average|median)\b|(?<=\bthe\s)mean\b|(?<=\bits\s)mean\b"
)
"""What asks for an average."""
_TELLS_AVERAGE: Final = re.compile(
    r"\b(?:averag(?:e|es|ed|ing)|mean|median|typical(?:ly)?|norm(?:al|ally)?|usual(?:ly)?|each|apiece|"
    r"(?:a|per)\s(?:day|night|week|month|year|match|game|head|person|capita|household))\b",
    re.IGNORECASE,
)


def lacks_average(question: str, text: str) -> bool:
    """Whether a question asks for an average, and a text tells none."""
    return AVERAGED.search(question) is not None and _TELLS_AVERAGE.search(text) is None
