"""The confidence of items that stand together: one that is sure speaks for those beside it."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.combining.spans.enumerations import taken_apart
from api.answering.combining.spans.list_items import item_head
from index.formats.tables import row_values

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Sequence

    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage, Span


_WORSE: Final = 4.0  # margins; of two spans of one item
_BESIDE_SURE: Final = 2.0  # times the odds of an item of which another one is sure


def with_company(
    items: Sequence[RankedCandidate],
    passages: Sequence[Passage],
    told: Collection[tuple[int, Span]],
    threshold: float,
    *,
    named: bool,
) -> list[RankedCandidate]:
    """Raise the confidence of the items below a threshold by that of surer ones; best first.

    - An item of a list that says it holds what is asked for gets the threshold.
    - Where one item is sure, the articles tell what is asked for: the odds of the others double.
      Where the surest is one of "A, B and C", these are told as the answer: only theirs do.
    - The parts of an enumeration, the items of a list and the cells of a column stand together: an
      item gets the geometric mean of its own confidence and that of the surest beside it.

    No item becomes surer than the surest.

    Args:
        items: The items of a list, best first.
        passages: Where they were read.
        told: Number of the passage and place of items that their list calls by the asked name.
        threshold: The calibrated one, whatever the question is answered with.
        named: Whether the items are names.
    """
    items = [
        replace(item, confidence=max(item.confidence, threshold))
        if any((scored.passage, scored.span) in told for scored in item.candidate.spans)
        else item
        for item in items
    ]
    top = max((item.confidence for item in items), default=0.0)
    groups = [
        frozenset(
            group
            for scored in item.candidate.spans
            for group in _groups(scored, passages, named=named)
        )
        for item in items
    ]
    surest: defaultdict[Hashable, float] = defaultdict(float)
    for item in items:
        for scored in _as_good(item.candidate.spans):
            for group in _groups(scored, passages, named=named):
                surest[group] = max(surest[group], item.confidence)
    lead = {
        (passages[scored.passage].article.id, start)
        for item in items
        if item.confidence == top
        for scored in _as_good(item.candidate.spans)
        if (start := _enumeration(scored, passages, named=named)) is not None
    }
    raised = []
    for item, own in zip(items, groups, strict=True):
        confidence = item.confidence
        if confidence < threshold <= top:
            beside = max((surest[group] for group in own), default=confidence)
            times = 1.0 if lead and lead.isdisjoint(own) else _BESIDE_SURE
            raised_odds = times * confidence / (1 + (times - 1) * confidence)
            confidence = min(top, max(raised_odds, math.sqrt(confidence * beside)))
        raised.append(replace(item, confidence=confidence))
    return sorted(raised, key=lambda item: -item.confidence)


def _as_good(spans: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    """The spans of an item that its confidence rests on; what stands beside others may be no item.

    "Acme, Beta and Gamma signed" makes nothing of "Acme, Delta and Eta are partners".
    """
    best = max(scored.margin for scored in spans)
    return [scored for scored in spans if scored.margin > best - _WORSE]


def _enumeration(scored: ScoredSpan, passages: Sequence[Passage], *, named: bool) -> int | None:
    """Where the enumeration begins that a span is a part of; None where it is of none."""
    parts = taken_apart([scored], passages, named=named)
    return min(part.span.start for part in parts) if len(parts) > 1 else None


def _groups(scored: ScoredSpan, passages: Sequence[Passage], *, named: bool) -> Iterator[Hashable]:
    """What a span is a part, an item or a cell of."""
    start = _enumeration(scored, passages, named=named)
    passage = passages[scored.passage]
    article, chunk = passage.article.id, passage.chunk
    if start is not None:
        yield article, start
    listed = chunk.context.endswith(":") or any(
        item_head(sentence, chunk) is not None for sentence in chunk.sentences[1:]
    )
    for sentence in chunk.sentences:
        if not sentence.start <= scored.span.start < sentence.end:
            continue
        cells = row_values(chunk.words(sentence))
        at = scored.span.start - sentence.start
        for start, value, end in cells:
            if value <= at < end:
                yield article, chunk.context, chunk.words(sentence)[start:value]
        if listed and not cells and item_head(sentence, chunk) == scored.span:
            yield article, chunk.context, ""
