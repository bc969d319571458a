"""Ordinals: what is told of the tenth outbreak is not told of the eleventh."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.word_stems import stems

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_NUMBERS: Final = {name: number for number, name in enumerate(_NAMES, start=1)}
# "Eleventh Ebola outbreak", but not "second quarter", which is a time, nor "third of members".
_ORDINAL: Final = re.compile(
    rf"\b(?P<ordinal>{'|'.join(_NAMES)}|\d{{1,3}}(?:st|nd|rd|th))\s"
    r"(?!(?:quarter|half|day|week|month|year|century|of|time)\b)"
    r"(?P<thing>[\w'’-]+(?:\s[\w'’-]+){0,2})",
    re.IGNORECASE,
)


def is_of_other_in_order(question: str, headings: str, sentence: str) -> bool:
    """Whether a sentence, or the headings above it, count another such thing than is asked about.

    Args:
        question: The question.
        headings: Title and headings above the sentence.
        sentence: The sentence of the answer.
    """
    asked = [*_counted(question)]
    if not asked:
        return False
    for text in (sentence, headings):
        alike = {
            number
            for number, thing in _counted(text)
            for _, other in asked
            if not thing.isdisjoint(other)
        }
        if alike:
            return alike.isdisjoint(number for number, _ in asked)
    return False


def _counted(text: str) -> Iterator[tuple[int, frozenset[str]]]:
    """The ordinals of a text, each with the stems of the words of what it counts."""
    for match in _ORDINAL.finditer(text):
        ordinal = match["ordinal"].lower()
        number = _NUMBERS.get(ordinal) or int(ordinal[:-2])
        yield number, stems(match["thing"])
