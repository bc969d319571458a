"""What was read -> single items of a list: enumerations, clauses and list items taken apart."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.combining.lists.name_words import CAPITALISED, NAME_WORD, OF_TIME
from api.answering.combining.spans.enumerations import taken_apart
from api.answering.combining.spans.list_items import list_heads
from api.answering.combining.spans.named_together import people_apart
from api.answering.combining.spans.parallel_clauses import parallel_heads
from api.answering.questions.answer_kind import NAMED, AnswerKind
from api.answering.reading.reader import move_spans, near_best
from api.answering.sentences import dateline_end, sentence_around
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_SENTENCE_APART: Final = 5.0  # scores of two items in one sentence
_IN_PLACE: Final = re.compile(
    rf"\b(?:in|at|near|from)\s(?:the\s)?(?P<place>{CAPITALISED}(?:,?\s{CAPITALISED})*)"
)
_SENTENCE_END: Final = re.compile(r"(?<!\b[A-Z])[.!?][\"”’]?\s|\n")


def item_spans(
    question: Question,
    spans: Sequence[ScoredSpan],
    passages: Sequence[Passage],
    noun: str | None = None,
) -> list[ScoredSpan]:
    """Take what was read apart into single items: enumerations, clauses, the heads of lists.

    Args:
        question: The question.
        spans: What was read.
        passages: Where it was read.
        noun: What each item is called, if the question says so.
    """
    named = question.kind in NAMED
    within = move_spans(spans, lambda scored: _within_sentence(scored, passages[scored.passage]))
    parts: list[ScoredSpan] = []
    for scored in within:
        passage = passages[scored.passage]
        heads = parallel_heads(scored, passage)
        if question.kind is AnswerKind.PERSON and not heads:
            heads = people_apart(scored, passage)
        parts += [replace(scored, span=head) for head in heads]
        parts += [] if heads else taken_apart([scored], passages, named=named)
        parts += [
            replace(scored, span=head) for head in list_heads(scored, passage, question.words)
        ]
    if question.kind is AnswerKind.PLACE:
        parts = move_spans(parts, lambda scored: [_place_in(scored, passages[scored.passage])])
    called = move_spans(parts, lambda scored: [_called(scored, passages[scored.passage], noun)])
    return _without_worse_beside(called, passages)


def _without_worse_beside(
    spans: Sequence[ScoredSpan], passages: Sequence[Passage]
) -> list[ScoredSpan]:
    """Leave out what a sentence has beside a much better item: "the FBI" to which Ada Lind goes."""
    places = [
        (scored.passage, sentence_around(passages[scored.passage], scored.span).start)
        for scored in spans
    ]
    kept = near_best(spans, places, _SENTENCE_APART)
    return [scored for scored, near in zip(spans, kept, strict=True) if near]


def _place_in(scored: ScoredSpan, passage: Passage) -> Span:
    """The place that a span names behind a thing: "Lyon" of "a shop in Lyon in May"."""
    words = passage.chunk.words(scored.span)
    places = [match for match in _IN_PLACE.finditer(words) if not OF_TIME.match(match["place"])]
    if not places or NAME_WORD.match(words):
        return scored.span
    start, end = places[0].span("place")
    return Span(scored.span.start + start, scored.span.start + end)


def _called(scored: ScoredSpan, passage: Passage, noun: str | None) -> Span:
    """The only name with the asked noun in a span: "Elba fire" of "17 in the Elba fire"."""
    if noun is None:
        return scored.span
    words = passage.chunk.words(scored.span)
    named = list(re.finditer(rf"(?:{CAPITALISED}\s){{1,5}}{re.escape(noun)}\b", words))
    if len(named) != 1:
        return scored.span
    return Span(scored.span.start + named[0].start(), scored.span.start + named[0].end())


def _within_sentence(scored: ScoredSpan, passage: Passage) -> list[Span]:
    """A span up to the end of its sentence, behind the dateline; none where nothing is left."""
    start = max(scored.span.start, dateline_end(passage))
    if start >= scored.span.end:
        return []
    words = passage.chunk.words(Span(start, scored.span.end))
    stop = _SENTENCE_END.search(words)
    words = words if stop is None else words[: stop.start()]
    before, bracket, _ = words.partition(")")  # "Hune Hall) and the": the bracket began before it
    words = before if bracket and "(" not in before else words
    return [Span(start, start + len(words))] if words else []
