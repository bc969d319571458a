"""The names, years and other words of a question that an answer's passage should mention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:[.&'’-][^\W_]+)*")
_POSSESSIVE: Final = re.compile(r"['’]s?\Z")
_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
_FUNCTION_WORDS: Final = frozenset(
    "a about after all also an and any are as at be been before but by can could did do does "
    "during each for from had has have he her his how i if in into is it its many may me more "
    "most much my name named no not of on one or our out over per she should so some such tell "
    "than that the their them then there these they this those through to under up us was we "
    "were what when where which while who whom whose why will with would you your".split()
)


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """What a question asks about, in lower case.

    Attributes:
        names: Capitalised words, but for the first word of the question.
        years: Numbers from 1900 to 2099.
        words: Every word that is not a function word, names and years included.
    """

    names: frozenset[str]
    years: frozenset[str]
    words: frozenset[str]


def question_terms(question: str) -> QuestionTerms:
    """Find the terms of a question."""
    tokens = split_words(question)
    lowered = [token.lower() for token in tokens]
    return QuestionTerms(
        names=frozenset(
            low
            for token, low in zip(tokens[1:], lowered[1:], strict=True)
            if token[:1].isupper() and low not in _FUNCTION_WORDS
        ),
        years=frozenset(low for low in lowered if _YEAR.match(low)),
        words=frozenset(low for low in lowered if low not in _FUNCTION_WORDS),
    )


def split_words(text: str) -> list[str]:
    """The words of a text in order, as they are spelled, without possessive endings."""
    return [_POSSESSIVE.sub("", match.group()) for match in _WORD.finditer(text)]


def text_words(text: str) -> frozenset[str]:
    """The words of a text, in lower case and without possessive endings."""
    return frozenset(word.lower() for word in split_words(text))


def share_present(wanted: frozenset[str], present: frozenset[str]) -> float:
    """The share of the wanted terms that are present; 1 where none is wanted."""
    return len(wanted & present) / len(wanted) if wanted else 1.0
