"""Whose a value is: of the sides of a comparison, the one that is named nearest to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.spans.list_items import item_name
from api.answering.questions.mentions import question_words
from api.answering.sentences import refers_back, sentence_around
from api.answering.words import STOP_WORDS
from index.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.mentions import Word
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_ANOTHER: Final = -1
_ARTICLE: Final = re.compile(r"\A(?:the|an?)\s", re.IGNORECASE)
_CLAUSE_ENDS: Final = re.compile(r"[,;:]|\s(?:and|but|while|whereas|than|against)\s")
_SAID_OF: Final = re.compile(r"\s(?:in|at|of|for|by|on|with|near|among)\s")
# What is named only to be compared with does not own the figure before it.
_COMPARED_WITH: Final = re.compile(
    r"(?:\bthan|\b(?:that|those)\s(?:of|in|at|for|from)|\bagainst|\bcompared\s(?:with|to)|\bunlike)"
    r"\s(?:the\s)?\Z",
    re.IGNORECASE,
)


class Ownership:
    """Tells whose values the passages of a comparison give.

    Args:
        subjects: What the sides are called.
        passages: What was read: a subject whose whole name stands there is named by that alone.
    """

    def __init__(self, subjects: Sequence[str], passages: Sequence[Passage]) -> None:
        phrases = [
            [word.folded for word in question_words(_ARTICLE.sub("", subject))]
            for subject in subjects
        ]
        read = [
            [word.folded for word in question_words(passage.chunk.indexed_text)]
            for passage in passages
        ]
        self._names: list[list[list[str]]] = []
        for subject, own in zip(subjects, phrases, strict=True):
            others = [other for other in phrases if other is not own]
            whole = any(_places(words, own) for words in read)
            self._names.append(
                [own] if whole else [[word] for word in _marks(subject, others, own)]
            )

    def owner(self, scored: ScoredSpan, passage: Passage) -> int | None:
        """The number of the side that a span belongs to.

        That is the one named last before it in its clause, else the one that it is said of behind
        it ("61% in Tarn"), else the one named last before it in its sentence, else the first after
        it there, else the one named last before it in the passage, else the only one that title
        and headings name. "480,000, twice that of Beta" is not of Beta, nor is the first figure of
        "It pays $5; Beta pays $4".

        Returns:
            -1 for an item of a list whose head is another name; None where no side is named.
        """
        chunk = passage.chunk
        around = sentence_around(passage, scored.span)
        low, high = around.start - chunk.start, around.end - chunk.start
        at, end = scored.span.start - chunk.start, scored.span.end - chunk.start
        named = self._named(chunk.text)
        before = [(start, side) for start, side in named if low <= start < at]
        behind = [(start, side) for start, side in named if end <= start < high]
        others = {side for start, side in behind if _COMPARED_WITH.search(chunk.text[:start])}
        after = [(start, side) for start, side in behind if side not in others]
        if before and not _CLAUSE_ENDS.search(chunk.text, before[-1][0], at):
            return before[-1][1]
        if after:
            between = chunk.text[end : after[0][0]]
            if _SAID_OF.search(between) and not _CLAUSE_ENDS.search(between):
                return after[0][1]
        earlier = [side for start, side in named if start < low and side not in others]
        if after and earlier and _is_of_pronoun(chunk.text, low, at, after[0][0]):
            after = []
        if before or after:
            return before[-1][1] if before else after[0][1]
        name = item_name(around, passage)
        if name is not None and name.end <= scored.span.start:
            return _ANOTHER
        if earlier:
            return earlier[-1]
        above = {side for _, side in self._named(chunk.context)}
        return above.pop() if len(above) == 1 else None

    def _named(self, text: str) -> list[tuple[int, int]]:
        """Where a text names which side, in order: by its whole name where it has that."""
        words = question_words(text)
        folded = [word.folded for word in words]
        named: list[tuple[int, int]] = []
        for side, names in enumerate(self._names):
            places = [at for name in names for at in _places(folded, name)]
            named += [(words[at].start, side) for at in places]
        return sorted(named)


def _is_of_pronoun(text: str, low: int, at: int, after: int) -> bool:
    """Whether "it" opens the figure's clause, and another clause names the side behind."""
    return refers_back(text[low:at]) and _CLAUSE_ENDS.search(text, at, after) is not None


def _places(folded: Sequence[str], phrase: Sequence[str]) -> list[int]:
    if not phrase:
        return []
    length = len(phrase)
    return [
        at for at in range(len(folded) - length + 1) if list(folded[at : at + length]) == [*phrase]
    ]


def _marks(subject: str, others: Sequence[Sequence[str]], own: Sequence[str]) -> frozenset[str]:
    """The words that only this subject has: its names, or all of its words where it has none."""
    taken = {word for other in others for word in other} | STOP_WORDS
    names = {word.folded for word in _capitalised(subject)} - taken
    return frozenset(names) if names else frozenset(own) - taken


def _capitalised(subject: str) -> list[Word]:
    return [word for word in question_words(subject) if word.text[:1].isupper() and fold(word.text)]
