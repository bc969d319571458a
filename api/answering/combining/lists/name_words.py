"""Words of names, and of times that look like names."""

from __future__ import annotations

import re
from typing import Final

from api.answering.periods import CAPITALISED_DAYS

NAME_WORD: Final = re.compile(r"(?!The\b)[^\W\d_a-z][\w’'-]*|\d[\w-]*")
"""A word of a name: with a capital, or a number."""
CAPITALISED: Final = r"(?<![\w’'-])(?!(?:The|An?)\b)[^\W\d_a-z][\w’'-]*"
"""A word with a capital, as a pattern; no article."""
OF_TIME: Final = re.compile(rf"\b(?:{CAPITALISED_DAYS}|Jan|Feb|Sept)\b")
"""The name of a month or a weekday."""
