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
# The thing is the last word: "eleventh Ebola outbreak". A "second quarter" is a time, "second in
# the race" no race, and what is told "after the second lockdown" may be told of the third.
_NO_THING: Final = r"(?:after|and|as|at|before|for|from|in|of|on|or|since|than|to|until|with)"
_ORDINAL: Final = re.compile(
    rf"(?<![-\w])(?<!\bafter\s)(?<!\bafter\sthe\s)(?<!\bsince\sthe\s)(?<!\bthan\sthe\s)"
    rf"(?<!\band\s)(?P<ordinal>{'|'.join(_NAMES)}|\d{{1,3}}(?:st|nd|rd|th))"
    rf"(?:\s(?!{_NO_THING}\b)[\w'’-]+){{0,2}}?"
    r"\s(?!(?:quarter|half|day|week|month|year|century|time)\b)"
    rf"(?P<thing>(?!{_NO_THING}\b)[\w'’-]+)(?=\W*\Z|[,.:;?!]|\s{_NO_THING}\b|\s[a-z]+(?:s|ed)\b)",
    re.IGNORECASE,
)


def is_of_other_ordinal(question: str, headings: str) -> bool:
    """Whether headings speak of another of the things that a question numbers.

    "First" says of a thing more often how new it is than which one it is, so it does not count.

    Args:
        question: The question.
        headings: Title and headings above the answer.
    """
    asked = [*_numbered(question)]
    if not asked:
        return False
    things = frozenset(thing for _, thing in asked)
    alike = {number for number, thing in _numbered(headings) if thing in things}
    return bool(alike) and alike.isdisjoint(number for number, _ in asked) and 1 not in alike


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """The ordinals of a text, each with the stem of what it numbers."""
    for match in _ORDINAL.finditer(text):
        ordinal = match["ordinal"].lower()
        number = _NUMBERS.get(ordinal) or int(ordinal[:-2])
        yield from ((number, stem) for stem in stems(match["thing"]))
