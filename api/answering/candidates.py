"""Candidates: spans that say the same, from however many passages, are one candidate answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.answering.normal_form import normalise_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate answer.

    Attributes:
        text: The words of the best span.
        spans: The spans that say it, best first; no two overlap in an article.
    """

    text: str
    spans: tuple[ScoredSpan, ...]

    @property
    def best(self) -> ScoredSpan:
        """The span with the highest score."""
        return self.spans[0]


def group_spans(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> list[Candidate]:
    """Group spans that say the same into candidates, best first.

    A span joins the best candidate whose words equal its own, contain them or stand in them (whole
    words). A stretch of an article counts once, however many overlapping passages hold it. After
    Wang et al., "Evidence Aggregation for Answer Re-Ranking in Open-Domain Question Answering",
    ICLR 2018.
    """
    groups: list[tuple[str, list[ScoredSpan]]] = []
    for scored in sorted(spans, key=lambda scored: (-scored.score, scored.passage, scored.span)):
        words = normalise_answer(_words(scored, passages))
        for best_words, members in groups:
            if _says_the_same(words, best_words):
                if not any(_overlap(scored, member, passages) for member in members):
                    members.append(scored)
                break
        else:
            groups.append((words, [scored]))
    return [Candidate(_words(members[0], passages), tuple(members)) for _, members in groups]


def _words(scored: ScoredSpan, passages: Sequence[Passage]) -> str:
    chunk = passages[scored.passage].chunk
    return chunk.text[scored.span.start - chunk.start : scored.span.end - chunk.start]


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
