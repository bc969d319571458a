"""Words of a text: how it is split, and the stop words that say nothing of its subject."""

from __future__ import annotations

import re
from typing import Final

from index.folding import fold, plain_marks

STOP_WORDS: Final = frozenset(
    "a about after all also an and any are as at be been before but by can could did do does "
    "during each for from had has have he her his how i if in into is it its many may me more "
    "most much my name named no not of on one or our out over per she should so some such tell "
    "than that the their them then there these they this those through to under up us was we "
    "were what when where which while who whom whose why will with would you your".split()
)
AUXILIARY: Final = (
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must)"
)
"""An auxiliary verb, as a pattern: what opens a question that wants a yes or no."""

ASKING: Final = "who|whom|whose|what|which|where|when|why|how"
"""The words that ask, as alternatives of a pattern."""

_WORD: Final = re.compile(r"[^\W_]+(?:[.&'’-][^\W_]+)*")
_POSSESSIVE: Final = re.compile(r"['’]s?\Z")


_INNER_CAPITAL: Final = re.compile(r"[a-z]{1,5}[A-Z][a-z]{2}")


def has_capital(word: str) -> bool:
    """Whether a word is spelled as names are: "Acme", and "easyJet"; not so "kWh"."""
    return word[:1].isupper() or _INNER_CAPITAL.match(word) is not None


def split_words(text: str) -> list[str]:
    """Split a text into its words, in order, spelled as they are, without possessive endings."""
    return [_POSSESSIVE.sub("", match.group()) for match in _WORD.finditer(text)]


def text_words(text: str) -> frozenset[str]:
    """The distinct words of a text, folded and without possessive endings."""
    return frozenset(fold(word) for word in split_words(plain_marks(text)))


def share_present(wanted: frozenset[str], present: frozenset[str]) -> float:
    """The share of the wanted words that are present, in [0, 1]; 1 if none is wanted."""
    return len(wanted & present) / len(wanted) if wanted else 1.0
