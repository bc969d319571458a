"""The clause of a sentence that holds a span, from which its time and standing are read."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

Stretch = tuple[int, int]

# A relative clause ends at the next comma; what stands around it is one clause.
_RELATIVE: Final = re.compile(
    r",\s(?:(?:of|in|to|for|from|by|with|at)\s)?(?:which|who|whose|whom|where|when)\b[^,;]{0,240}(?:,|\Z)?",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(r",\swhen\b", re.IGNORECASE)
_BOUNDARY: Final = re.compile(
    r";\s|\s[—–]\s|\s-\s"
    r"|,\sand\s(?=(?:it|he|she|they|we|I|the|its|his|her|their|that|this)\b)"
    r"|,?\s(?:but|while|whereas|although|though|because|unless)\s"
    r"(?=(?:it|he|she|they|we|I|the|its|his|her|their|that|this|there|an?)\b|(?-i:[A-Z]))"
    r"|\sand\s(?=(?:(?:is|are|was|has|have|had)\s)?(?:now|currently|later|since)\b)"
    r"|,?\s(?:against|compared\s(?:with|to)|versus|vs\.?(?=\s[^\w\s]{0,2}(?:[A-Z]{3}\s)?\d)|up\sfrom|down\sfrom|short\sof|rather\sthan|unlike)\s"
    r"|,\sfrom\s|,?\sthan\s(?![a-z]+ed\b|[\d$€£¥₹])"
    r"|(?<!,)\s(?:which|who|whose)\s"
    r"|,?\s(?:after|before)\s(?=an?\s|the\s|it\s|its\s|he\s|she\s|they\s)"
    r"|,\s(?=(?:double|half|twice|thrice|(?:[\w.]+\s){1,2}times)\s(?:what|as\smany|as\smuch)\b)",
    re.IGNORECASE,
)


def clause_around(sentence: str, start: int, end: int, whole: Sequence[Stretch]) -> list[Stretch]:
    """Find the stretches of the sentence that make up the clause around ``[start, end)``.

    Args:
        sentence: The sentence.
        start: Where the span begins in it, in code points.
        end: Where it ends.
        whole: Stretches that no boundary may cut, in order, without overlap: the time expressions.

    Returns:
        Stretches in order, without overlap, which together hold the span.
    """
    cuts = [
        match.span()
        for match in _BOUNDARY.finditer(sentence)
        if not _cuts_into(match, whole) and not (match.start() < end and start < match.end())
    ]
    low = max((cut_end for _, cut_end in cuts if cut_end <= start), default=0)
    high = min((cut for cut, _ in cuts if cut >= end), default=len(sentence))
    stretches = []
    at = low
    for match in _RELATIVE.finditer(sentence, low, high):
        if match.start() < end and start < match.end():
            inner_start, inner_end = min(match.start(), start), max(match.end(), end)
            return [(_time_before(match, whole, inner_start), inner_end)]
        stretches.append((at, match.start()))
        at = match.end()
    stretches.append((at, high))
    return stretches


def _time_before(relative: re.Match[str], whole: Sequence[Stretch], start: int) -> int:
    """Where the time begins that "on Sunday, when it had burned" tells of; else ``start``."""
    times = (low for low, high in whole if high == relative.start() and low < start)
    return next(times, start) if _WHEN.match(relative.group()) else start


def _cuts_into(boundary: re.Match[str], whole: Sequence[Stretch]) -> bool:
    before_end = bisect_left(whole, boundary.end(), key=lambda stretch: stretch[0])
    return before_end > 0 and whole[before_end - 1][1] > boundary.start()
