"""The normal form of an answer: what counts when answers are compared."""

from __future__ import annotations

import re
import string
from typing import Final

_ARTICLES: Final = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION: Final = dict.fromkeys(map(ord, string.punctuation + "‘’“”–—"))


def normalise_answer(text: str) -> str:
    """Reduce an answer to lower case without punctuation, English articles and extra spaces.

    The normal form of the SQuAD evaluation (Rajpurkar et al., "SQuAD: 100,000+ Questions for
    Machine Comprehension of Text", EMNLP 2016), with typographic quotes and dashes counted as
    punctuation: articles are full of them, and “AI lab” answers as well as "AI lab" does.
    """
    plain = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())
