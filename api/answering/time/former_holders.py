"""Who held an office before: what texts say of those who gave it up."""

from __future__ import annotations

import re
from typing import Final

from api.answering.words import text_words

_FORMER_BEFORE: Final = re.compile(
    r"\b(?:former|then|ex|outgoing|previous|late|(?:his|her|its|their)?\s?predecessor|"
    r"succeed(?:s|ed|ing)?|replac(?:es|ed|ing)|(?:took|takes|taking)\sover\s(?:as\s(?:[\w'’-]+\s){1,4})?from|"
    r"departure\sof|resignation\sof|ousting\sof|place\sof)[\s,-]+(?:[\w'’-]+\s){0,3}\Z",
    re.IGNORECASE,
)
_FORMER_AFTER: Final = re.compile(
    r"\A(?:,(?:[^,;]{0,60},)?)?(?:,?\swho)?\s(?:(?:had\s|has\s)?"
    r"(?:stepped\sdown|steps\sdown|resign(?:s|ed)|retir(?:es|ed)|depart(?:s|ed)|quit|left)\b"
    r"|(?:was|were|is|had\sbeen|has\sbeen)\s(?:ousted|forced\sout|dismissed|sacked|fired|removed|"
    r"replaced|succeeded)\b|until\b)",
    re.IGNORECASE,
)
# "Rovers named the former City captain Bo Ek as coach": the office given up is another.
_APPOINTED_BEFORE: Final = re.compile(
    r"\b(?:nam(?:es?|ed)|appoint(?:s|ed)?|hir(?:es?|ed)|elect(?:s|ed)?|cho(?:oses?|se|sen)|"
    r"pick(?:s|ed)?|promot(?:es?|ed)|recruit(?:s|ed)?)\s(?:(?:the|its|their|an?)\s)?"
    r"(?:former|ex)[\s-](?:[\w'’-]+\s){0,4}\Z",
    re.IGNORECASE,
)
_NAME_WORD: Final = r"[A-Z][\w'’.-]{0,40}+"  # bounded, as it is tried at each of its letters
_SUCCESSOR: Final = re.compile(
    rf"(?<!\w)(?P<name>{_NAME_WORD}(?:\s(?:(?:de|da|van|von|der|den|bin|al)\s)?{_NAME_WORD}){{1,3}}),?\s"
    r"(?:who\s)?(?:(?:has|had)\s)?(?:succeed(?:s|ed)|replac(?:es|ed)|"
    r"(?:took|takes)\sover\s(?:as\s(?:[\w'’-]+\s){1,4})?from)\s(?:[\w'’-]+\s){0,3}\Z"
)
_LEAVING: Final = re.compile(
    r"\A(?:,(?:[^,;]{0,60},)?)?(?:,?\swho)?\s"
    r"(?:(?:will|would|(?:is|was)\sto|plans\sto|intends\sto)\s(?:be\s)?"
    r"(?:leav(?:e|ing)|step(?:ping)?\sdown|retir(?:e|ing)|resign(?:ing)?|depart(?:ing)?|"
    r"quit(?:ting)?)|(?:is|was)\s(?:leaving|stepping\sdown|retiring|resigning|departing|quitting))"
    r"\b",
    re.IGNORECASE,
)
# Where somebody goes to: the office given up is another.
_ONWARD: Final = re.compile(
    r"\bto\s(?:become|join|head|lead|run|manage|coach|chair|take)\b|\bfor\s(?=[A-Z])"
)
_REACH: Final = 80


def successor_of(sentence: str, start: int) -> tuple[int, int] | None:
    """Where the words before a name at ``start`` name who followed: "Bo Ek succeeded Ann Lee".

    Returns:
        Offsets of ``sentence``; None where they name nobody.
    """
    match = _SUCCESSOR.search(sentence[:start])
    return None if match is None else match.span("name")


def is_leaving(sentence: str, end: int, asked: frozenset[str]) -> bool:
    """Whether the words after a name that ends at ``end`` say that its office will be given up.

    Args:
        sentence: The sentence.
        end: Where the name ends in it.
        asked: The names of the question, in lower case: one who leaves to become the head of what
            it asks about does not leave that.
    """
    leaving = _LEAVING.match(sentence[end:])
    if leaving is None:
        return False
    onward = _ONWARD.search(sentence, end + leaving.end())
    return onward is None or asked.isdisjoint(text_words(sentence[onward.start() :]))


def is_former_holder(sentence: str, start: int, end: int) -> bool:
    """Whether the words around a name at ``[start, end)`` say that an office was given up."""
    before = sentence[max(0, start - _REACH) : start]
    after = sentence[end : end + _REACH]
    given_up = _FORMER_BEFORE.search(before) and not _APPOINTED_BEFORE.search(before)
    return bool(given_up) or _FORMER_AFTER.match(after) is not None
