"""What a figure measures: operating profit is no net profit, and five months are no year."""

from __future__ import annotations

import re
from typing import Final

_QUALIFIER: Final = r"(?:net|operating|gross|pre-?tax|underlying|adjusted|organic|core)"
_MEASURED: Final = re.compile(
    rf"\b(?P<qualifiers>(?:{_QUALIFIER}\s){{0,3}})"
    r"(?:(?P<profit>profits?|loss(?:es)?|earnings|income)|(?P<revenue>revenues?|sales|turnover)|"
    r"(?P<debt>debts?)|(?P<margin>margins?)|(?P<cash>cash\sflow))\b"
    r"(?!\s(?:warning|sharing|tax|team|staff|force))(?P<taxed>(?:\sbefore\s[a-z\s]{0,30}?tax)?)",
    re.IGNORECASE,
)
_OF: Final = re.compile(r"\A(?:\s(?:in|of))?(?:\s(?:a|its|the))?\s\Z")
_KINDS: Final = ("profit", "revenue", "debt", "margin", "cash")
_CLAUSE: Final = re.compile(r";\s|:\s|,\s(?:and|but|while|whereas|although)\s")
_PART: Final = (
    r"(?:quarter(?:ly)?|half(?:-year)?|months|weeks|q[1-4]|january|february|march|april|may|june|"
    r"july|august|september|october|november|december)"
)
_YEAR_ASKED: Final = re.compile(
    r"\b(?:in|for|during|over)\s(?:(?:the\s)?(?:whole|full)\s(?:of\s|year\s)?)?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_PART_ASKED: Final = re.compile(rf"\b{_PART}\b", re.IGNORECASE)
_PART_AFTER: Final = re.compile(
    rf"\A[^,;:.]{{0,30}}?\s(?:in|during|over|for)\s(?:the|its)\s(?:first|second|third|fourth|last)\s"
    rf"(?:\w+\s)?{_PART}\b",
    re.IGNORECASE,
)


def of_part_of_year(question: str, sentence: str, end: int) -> bool:
    """Whether a figure that ends at ``end`` is of a few months where a year's is asked for."""
    if _YEAR_ASKED.search(question) is None or _PART_ASKED.search(question) is not None:
        return False
    return says_part(sentence, end)


def says_part(sentence: str, end: int) -> bool:
    """Whether a figure that ends at ``end`` is said to be of a few months or a quarter."""
    return _PART_AFTER.match(sentence[end:]) is not None


def of_other_measure(question: str, sentence: str, start: int, end: int) -> bool:
    """Whether a figure is told to measure something else than a question asks for.

    What measures it is the measure right after it ("$4 billion of net profit"), or the last one
    before it in its clause.

    Args:
        question: The question; of one that names no measure, or several, nothing is told.
        sentence: The sentence.
        start: Where the figure begins in it.
        end: Where it ends.
    """
    asked = list(_MEASURED.finditer(question))
    if len({_kind(match) for match in asked}) != 1:
        return False
    told = _measure_of(sentence, start, end)
    if told is None:
        return False
    if _kind(told) != _kind(asked[0]):
        return True
    wanted = frozenset[str]().union(*map(_qualifiers, asked))
    given = _qualifiers(told)
    return bool(wanted and given) and wanted.isdisjoint(given)


def _measure_of(sentence: str, start: int, end: int) -> re.Match[str] | None:
    measures = list(_MEASURED.finditer(sentence))
    for match in measures:
        if match.start() >= end and _OF.match(sentence[end : match.start()]):
            return match
    low = max([0, *(cut.end() for cut in _CLAUSE.finditer(sentence, 0, start))])
    before = [match for match in measures if low <= match.start() and match.end() <= start]
    return before[-1] if before else None


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if match[kind] is not None)


def _qualifiers(match: re.Match[str]) -> frozenset[str]:
    words = match["qualifiers"].lower().replace("-", "").split()
    return frozenset([*words, *(["pretax"] if match["taxed"] else [])])
