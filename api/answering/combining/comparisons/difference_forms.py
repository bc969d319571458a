"""Questions for a difference, put as comparisons: "How much more did A earn than B?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.comparisons.comparatives import DEGREES
from api.answering.words import AUXILIARY, STOP_WORDS, text_words

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEFORE_THAN: Final = r"(?:(?!\b(?:than|times)\b)[^?])"
# "How much more revenue did A have than B", "How many percentage points higher is A than B"
_HOW_MUCH_MORE: Final = re.compile(
    r"\A(?:by\s)?how\s(?:much|many|far)\s(?:(?:percentage\s)?points\s|per\s?cent\s)?"
    rf"(?P<degree>(?=\w){_BEFORE_THAN}{{3,60}}?)\s(?P<auxiliary>{AUXILIARY})\s"
    r"(?P<left>[^?]+?)\s(?P<than>than\s[^?]+)\Z",
    re.IGNORECASE,
)
_BY_HOW_MUCH: Final = re.compile(
    rf"\Aby\show\smuch\s(?P<asked>{AUXILIARY}\s[^?]+?\sthan\s[^?]+)\Z", re.IGNORECASE
)
_EXCEEDS: Final = re.compile(
    r"\Aby\show\smuch\s(?P<auxiliary>do|does|did)\s(?P<left>[^?]+?)\s"
    r"(?P<verb>exceed|outstrip|surpass|top|fall\sshort\sof|lag|trail)\s(?P<right>[^?]+)\Z",
    re.IGNORECASE,
)
_IS: Final = {"do": "are", "does": "is", "did": "was"}
_BELOW: Final = frozenset({"fall short of", "lag", "trail"})
_DIFFERENCE: Final = re.compile(
    r"\A(?:what(?:\s(?:is|was|are|were)|['’]s)\s|how\s(?:big|great|large|much|wide)\s(?:is|was)\s)?"
    r"(?:the\s)?(?:difference|gap)\s(?:(?:in|of)\s(?P<thing>[^?]+?)\s)?between\s(?P<both>[^?]+)\Z",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(r"[,;:.(]")
_WORD: Final = re.compile(r"[a-z]+")
_SUPERLATIVE: Final = re.compile(r"first|last|least|most|[a-z]+est")
# "$5 million more than B", "12 points ahead of B"
_APART: Final = frozenset({"above", "ahead", "behind", "below", "short", "extra", "clear"})
# "leads B by $5 million", "a gap of $5 million"
_GAP: Final = re.compile(
    r"\b(?:by|difference|discount|edge|gap|lead|margin|premium)\s"
    r"(?:(?:of|is|was|at|about|almost|around|just|nearly|only|some)\s){0,3}\Z",
    re.IGNORECASE,
)
_FEW: Final = 4  # words behind a figure that may say that it is a difference


def difference_as_comparison(question: str) -> str | None:
    """Put a question for the difference of two sides as one that compares them.

    "How much more revenue did A have than B" is "did A have more revenue than B".

    Args:
        question: The question without its mark at the end.

    Returns:
        None for any other question.
    """
    between = _DIFFERENCE.match(question)
    if between is not None:
        thing = "" if between["thing"] is None else f"the {between['thing']} between "
        return f"compare {thing}{between['both']}"
    exceeds = _EXCEEDS.match(question)
    if exceeds is not None:
        way = "lower" if exceeds["verb"].lower() in _BELOW else "higher"
        auxiliary = _IS[exceeds["auxiliary"].lower()]
        return f"{auxiliary} {exceeds['left']} {way} than {exceeds['right']}"
    more = _HOW_MUCH_MORE.match(question)
    if more is not None and DEGREES.match(more["degree"]) is not None:
        return f"{more['auxiliary']} {more['left']} {more['degree']} {more['than']}"
    by = _BY_HOW_MUCH.match(question)
    return None if by is None else by["asked"]


def tells_difference(sentence: str, start: int, end: int, subjects: Sequence[str]) -> bool:
    """Whether the words at ``[start, end)`` say how far two sides are apart.

    "Acme spent $5 million more than Beta" does, so that nothing needs to be compared.

    Args:
        sentence: The sentence.
        start: Where the words begin in it.
        end: Where they end.
        subjects: What the sides are called; both stand there, or one behind the words.
    """
    after = sentence[end:]
    words = _WORD.findall(_CLAUSE_END.split(after, maxsplit=1)[0])[:_FEW]
    more = any(word in _APART or _is_comparative(word) for word in words)
    if not more and _GAP.search(sentence[:start]) is None:
        return False
    named = [text_words(subject) - STOP_WORDS for subject in subjects]
    here, behind = text_words(sentence), text_words(after)
    return all(not names.isdisjoint(here) for names in named) or any(
        not names.isdisjoint(behind) for names in named
    )


def _is_comparative(word: str) -> bool:
    return DEGREES.fullmatch(word) is not None and _SUPERLATIVE.fullmatch(word) is None
