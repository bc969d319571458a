"""Scored spans -> candidate answers: equal and containing spans support one another."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_ARTICLES: Final = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION: Final = frozenset(string.punctuation + "‘’“”–—")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer with all the spans that say it, best first.

    Attributes:
        text: The words of the best span.
        spans: The best span of every passage that says the same.
    """

    text: str
    spans: tuple[ScoredSpan, ...]

    @property
    def best(self) -> ScoredSpan:
        """The span with the highest score."""
        return self.spans[0]


def normalise_answer(text: str) -> str:
    """Reduce an answer to what counts when answers are compared.

    Lower case, no punctuation, no English articles, single spaces: the normalisation of the
    SQuAD evaluation (Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of
    Text", EMNLP 2016), with typographic punctuation added.
    """
    plain = "".join(mark for mark in text.lower() if mark not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())


def group_spans(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> list[Candidate]:
    """Group spans that say the same into candidates, best first.

    A span joins the best candidate whose words equal its own, contain them or are contained in
    them (whole words), and the same stretch of an article counts once, however many overlapping
    passages hold it. Evidence aggregation after Wang et al., "Evidence Aggregation for Answer
    Re-Ranking in Open-Domain Question Answering", ICLR 2018.
    """
    groups: list[tuple[str, list[ScoredSpan]]] = []
    for found in sorted(spans, key=lambda one: (-one.score, one.passage, one.span)):
        words = normalise_answer(_words(found, passages))
        for known, members in groups:
            if _says_the_same(words, known):
                if not any(_overlap(found, member, passages) for member in members):
                    members.append(found)
                break
        else:
            groups.append((words, [found]))
    return [Candidate(_words(members[0], passages), tuple(members)) for _, members in groups]


def _words(found: ScoredSpan, passages: Sequence[Passage]) -> str:
    chunk = passages[found.passage].chunk
    return chunk.text[found.span.start - chunk.start : found.span.end - chunk.start]


def _says_the_same(left: str, right: str) -> bool:
    if not left or not right:
        return left == right
    return f" {left} " in f" {right} " or f" {right} " in f" {left} "


def _overlap(left: ScoredSpan, right: ScoredSpan, passages: Sequence[Passage]) -> bool:
    return (
        passages[left.passage].article.id == passages[right.passage].article.id
        and left.span.start < right.span.end
        and right.span.start < left.span.end
    )
