"""Scored spans -> candidate answers: spans that say the same support one another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.reading.reader import best_first
from api.answering.sentences import sentence_around
from api.answering.values.normal_form import normal_words
from api.answering.values.parsing import parse_value

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from api.answering.reading.reader import ScoredSpan
    from api.answering.values.value import Value
    from index.records import Passage

_TITLE: Final = re.compile(r"\A(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Lord|Lady|President|Judge)\.?\s+")
_NAMES: Final = 4  # words that a full name may have


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate answer.

    Attributes:
        text: The words of the best span.
        spans: The spans that say it, best first, those of another actor last; no two overlap in
            an article.
        value: What its words say, if they say a value.
    """

    text: str
    spans: tuple[ScoredSpan, ...]
    value: Value | None = None

    @property
    def best(self) -> ScoredSpan:
        """The best-scored span; one about another actor only if all are."""
        return self.spans[0]


def group_spans(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> list[Candidate]:
    """Group spans that say the same into candidates, best first.

    A span supports the best candidate whose value or, for text, normal form equals its own, or
    that it is a short name for. Of spans of which one holds the other in one stretch of an article
    only the best counts, however many overlapping passages hold it. Evidence aggregation after
    Wang et al., "Evidence Aggregation for Answer Re-Ranking in Open-Domain Question Answering",
    ICLR 2018.
    """
    groups: list[tuple[_Reading, list[ScoredSpan]]] = []
    for span in best_first(spans):
        reading = _Reading.of(span, passages)
        supported = [members for best, members in groups if reading.supports(best)]
        places = (member for _, members in groups for member in members)
        if supported:
            if not any(_overlap(span, member, passages) for member in supported[0]):
                supported[0].append(span)
        elif not any(_nested(span, member, passages) for member in places):
            groups.append((reading, [span]))
    return [_candidate(best, members, passages) for best, members in groups]


def _candidate(
    reading: _Reading, members: Sequence[ScoredSpan], passages: Sequence[Passage]
) -> Candidate:
    spans = tuple(sorted(members, key=lambda member: member.of_another))
    if spans[0] is not members[0]:
        reading = _Reading.of(spans[0], passages)
    return Candidate(reading.text, spans, reading.value)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of a span with what they mean where they stand."""

    text: str
    value: Value | None
    key: Hashable
    passage: str

    @classmethod
    def of(cls, span: ScoredSpan, passages: Sequence[Passage]) -> _Reading:
        passage = passages[span.passage]
        chunk = passage.chunk
        words = chunk.words(span.span)
        around = sentence_around(passage, span.span)
        sentence = chunk.words(around)
        at, day = span.span.start - around.start, passage.article.published_at
        value = parse_value(words, sentence, at, day)
        key = normal_words(words) if value is None else value.key
        return cls(words, value, key, chunk.text)

    def supports(self, best: _Reading) -> bool:
        if self.key == best.key:
            return True
        values = self.value is not None or best.value is not None
        return not values and is_short_name(self.text, best.text) and best.text in self.passage


def is_short_name(short: str, full: str) -> bool:
    """Whether words are the last name of a full name: "Cook" or "Mr Cook" of "Tim Cook".

    They mean that person only where the full name stands near them.
    """
    names = full.split()
    last = _TITLE.sub("", short)
    if not names or last != names[-1]:
        return False
    capitalised = all(name[:1].isupper() and name.isalpha() for name in names)
    return 2 <= len(names) <= _NAMES and capitalised


def _overlap(left: ScoredSpan, right: ScoredSpan, passages: Sequence[Passage]) -> bool:
    return (
        passages[left.passage].article.id == passages[right.passage].article.id
        and left.span.start < right.span.end
        and right.span.start < left.span.end
    )


def _nested(left: ScoredSpan, right: ScoredSpan, passages: Sequence[Passage]) -> bool:
    """Whether one of two spans of an article holds the other."""
    both = min(left.span.start, right.span.start), max(left.span.end, right.span.end)
    return _overlap(left, right, passages) and both in (left.span, right.span)
