"""Spans that run over several figures, taken apart: "85,000 euros and Stolz 22,000 euros"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import claim_of, own_value
from api.answering.reading.reader import move_spans
from api.answering.values.quantities import complete_quantity
from api.answering.values.tokens import DIGITS_AHEAD
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.reader import ScoredSpan
    from api.answering.values.value import Value
    from index.records import Passage

_FIGURE: Final = re.compile(rf"{DIGITS_AHEAD}\d(?:[\d.,]*\d)?")


def figures_apart(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> list[ScoredSpan]:
    """Put each figure in the stead of a span that says no value itself, scored as it is."""
    return move_spans(spans, lambda scored: _figures(scored, passages[scored.passage]))


def value_of(scored: ScoredSpan, passage: Passage) -> Value | None:
    """The value that a span's words say in their sentence."""
    return own_value(claim_of(0, scored, passage, None))


def _figures(scored: ScoredSpan, passage: Passage) -> list[Span]:
    if value_of(scored, passage) is not None:
        return [scored.span]
    chunk = passage.chunk
    figures = []
    for match in _FIGURE.finditer(chunk.words(scored.span)):
        at = scored.span.start - chunk.start
        start, end = complete_quantity(chunk.text, at + match.start(), at + match.end())
        figures.append(Span(chunk.start + start, chunk.start + end))
    return figures or [scored.span]
