"""Hyphens at line ends: soft ones, which split a word, and those that belong to it."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from spellchecker import SpellChecker

if TYPE_CHECKING:
    from collections.abc import Sequence

HYPHENS: Final = "-\u2010"
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_BEFORE: Final = re.compile(r"(?P<word>\w[\w\u2010-]*)[-\u2010]\Z")
_AFTER: Final = re.compile(r"\w+")
# After "two-and three-year" in the making: the hyphen stands for the word that follows later.
_SUSPENDING: Final = frozenset("and or to und oder bis et ou y o e och eller og en of".split())


class Joint(Enum):
    """How two lines are joined."""

    SPACE = "a space between them"
    HYPHEN = "the hyphen kept"
    NOTHING = "the hyphen removed"

    @property
    def separator(self) -> str:
        """What comes between the lines."""
        return " " if self is Joint.SPACE else ""


class Hyphenation:
    """Decides how lines are joined, by the other words of the document and a dictionary.

    Args:
        lines: All lines of the document, in order.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._words: set[str] = set()
        below_hyphen = False
        for line, following in pairwise([*lines, ""]):
            words = [match[0].casefold() for match in _WORD.finditer(line)]
            is_split = bool(following) and line[-1:] in HYPHENS
            end = len(words) - 1 if is_split else len(words)
            self._words.update(word.replace("\u2010", "-") for word in words[below_hyphen:end])
            below_hyphen = is_split

    def joint(self, above: str, below: str) -> Joint:
        """How a line is joined to the line below it."""
        before, after = _BEFORE.search(above), _AFTER.match(below)
        if before is None or after is None or after[0] in _SUSPENDING:
            return Joint.SPACE
        first, second = before["word"], after[0]
        if not (first[-1].isalpha() and second.isalpha()):
            return Joint.HYPHEN
        if second[0].isupper() and not (first.isupper() and second.isupper()):
            return Joint.HYPHEN
        return self._joint(first.casefold(), second.casefold())

    def _joint(self, first: str, second: str) -> Joint:
        if first + second in self._words:
            return Joint.NOTHING
        if f"{first}-{second}" in self._words or len(first) == 1:
            return Joint.HYPHEN
        dictionary = _dictionary()
        if first + second in dictionary:
            return Joint.NOTHING
        last = re.split(f"[{HYPHENS}]", first)[-1]
        if last != first and last + second in dictionary:
            return Joint.NOTHING
        return Joint.HYPHEN if last in dictionary and second in dictionary else Joint.NOTHING


@cache
def _dictionary() -> SpellChecker:
    return SpellChecker(language="en", distance=1)
