"""Several that are named together and are one answer: founders, and the two that are asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.spans.enumerations import LINK, WORD, enumerated_names
from api.answering.reading.reader import move_spans
from api.answering.sentences import sentence_around
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_FULL_NAME: Final = rf"(?:{WORD})(?:\s(?:(?:{LINK})\s)?(?:{WORD})){{1,3}}"
_PEOPLE: Final = re.compile(
    rf"(?<![\w’'-]){_FULL_NAME}(?:(?:,\s(?:who|an?|the|its|his|her|then|formerly|now)\s[^,;.]{{1,60}})?"
    rf",?\s(?:and\s)?(?:by\s)?{_FULL_NAME})+"
)
# "Ann Lee, 38, who ran a stall, and Bo Ek"
_TOLD_OF: Final = (
    r"(?:,\s(?:\d\d|(?:who|an?|the|its|his|her|their|then|formerly|now)\s[^,;.]{1,60}))"
)
_PEOPLE_TOLD: Final = re.compile(
    rf"(?<![\w’'-])(?P<first>{_FULL_NAME}){_TOLD_OF}{{1,3}},?\sand\s(?P<last>{_FULL_NAME})"
)
_FOUNDERS: Final = re.compile(
    r"\Awho\s(?:(?:first|originally|jointly)\s)?(?:co-?)?(?:founded|established|set\sup|started|"
    r"created|invented|launched)\b|\Awho\s(?:are|were)\sthe\s(?:co-?)?(?:founders|creators)\b",
    re.IGNORECASE,
)
_TWO: Final = re.compile(
    r"\b(?:which|what)\s(?:other\s)?two\b|\A(?:who|what|which)\s(?:are|were)\s(?:the\s)?two\b",
    re.IGNORECASE,
)


def asks_for_two(question: str) -> bool:
    """Whether a question asks for two things that are named together: "Which two towns ..."."""
    return _TWO.search(question) is not None


def asks_for_founders(question: str) -> bool:
    """Whether a question asks who founded something: those named together are one answer."""
    return _FOUNDERS.match(question) is not None


def people_together(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> list[ScoredSpan]:
    """Widen each span that is one of several people named together to all of them."""
    return move_spans(spans, lambda scored: [_people_around(scored, passages[scored.passage])])


def pairs_together(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> list[ScoredSpan]:
    """Widen each span that is one of "A and B" to both of them."""
    return move_spans(spans, lambda scored: [_pair_around(scored, passages[scored.passage])])


def people_apart(scored: ScoredSpan, passage: Passage) -> list[Span]:
    """The names of two people of whom more is told between them, if a span is of one.

    Returns:
        "Ann Lee" and "Bo Ek" of "Ann Lee, 38, who ran a stall, and Bo Ek"; none where the sentence
        has no such two.
    """
    around = sentence_around(passage, scored.span)
    for match in _PEOPLE_TOLD.finditer(passage.chunk.words(around)):
        start, end = around.start + match.start(), around.start + match.end()
        if start <= scored.span.start and scored.span.end <= end:
            names = (match.span("first"), match.span("last"))
            return [Span(around.start + low, around.start + high) for low, high in names]
    return []


def _people_around(scored: ScoredSpan, passage: Passage) -> Span:
    around = sentence_around(passage, scored.span)
    for match in _PEOPLE.finditer(passage.chunk.words(around)):
        start, end = around.start + match.start(), around.start + match.end()
        if start <= scored.span.start and scored.span.end <= end and " and " in match[0]:
            return Span(start, end)
    return scored.span


def _pair_around(scored: ScoredSpan, passage: Passage) -> Span:
    parts = enumerated_names(scored, passage) or []
    return Span(parts[0].start, parts[1].end) if len(parts) == 2 else scored.span
