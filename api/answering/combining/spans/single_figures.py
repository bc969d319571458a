"""The one figure that a question asks for: "97" of the span "6,312 people fell ill and 97"."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from api.answering.questions.answer_kind import AnswerKind
from api.answering.reading.reader import move_spans
from api.answering.sentences import sentence_around
from api.answering.values.parsing import parse_value
from api.answering.values.quantities import complete_quantity
from api.answering.word_stems import stems
from api.answering.words import text_words
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_FIGURES: Final = frozenset(
    {AnswerKind.AMOUNT, AnswerKind.FIGURE, AnswerKind.NUMBER, AnswerKind.PERCENT}
)
_FIGURE: Final = re.compile(r"(?<![\w.,])\d[\d.,]*")
_JOINT: Final = re.compile(r"\b(?:and|but|while|whereas)\b|[;\n]|:\s")
_CLAUSE: Final = re.compile(r",\s|[;:]\s|\n|\s(?:and|but|while|whereas)\s")
_WORDS: Final = 6  # a span with more tells more than a figure and its unit
_COUNTED: Final = re.compile(r"\bhow\smany\s([\w'’-]+)", re.IGNORECASE)
_TAIL: Final = re.compile(
    r"(?:\s(?!on\b|for\b|in\b|over\b|by\b|at\b|during\b|within\b|that\b|which\b|to\b|and\b)"
    r"[\w'’-]+){0,2}(?=\s(?:on|for|in|over|by|at|during|within|that|which)\b)"
)


def single_figures(
    question: Question, spans: Sequence[ScoredSpan], passages: Sequence[Passage]
) -> list[ScoredSpan]:
    """Cut spans of questions that ask for a figure down to it, scored as they are.

    Of two figures of different clauses the one stays that is followed by more of the question's
    names ("$1 billion for Acme and $19 billion for Beta"), or else whose clause has more of its
    words. After the figure and what it counts, what it is for is left out.
    """
    if question.kind not in _FIGURES:
        return list(spans)
    counted = _COUNTED.search(question.text)
    # "People" is what both figures of "6,312 people fell ill and 97 died" count.
    asked = stems(question.text) - stems("" if counted is None else counted[1])
    names = question.names
    return move_spans(
        spans, lambda scored: [_figure_of(scored, passages[scored.passage], asked, names)]
    )


def _figure_of(
    scored: ScoredSpan, passage: Passage, asked: frozenset[str], names: frozenset[str]
) -> Span:
    words = passage.chunk.words(scored.span)
    if len(words.split()) <= 3:
        return scored.span
    figures = [match.span() for match in _FIGURE.finditer(words)]
    joined = any(_JOINT.search(words[low:high]) for (_, low), (high, _) in pairwise(figures))
    if joined and parse_value(words) is None:
        return _likelier(scored, passage, figures, asked, names)
    if len(words.split()) > _WORDS and figures:
        return _without_tail(scored, words, figures[0])
    return scored.span


def _likelier(
    scored: ScoredSpan,
    passage: Passage,
    figures: Sequence[tuple[int, int]],
    asked: frozenset[str],
    names: frozenset[str],
) -> Span:
    """The figure whose clause shares most with the question; the whole span where two do."""
    around = sentence_around(passage, scored.span)
    sentence = passage.chunk.words(around)
    offset = scored.span.start - around.start
    clauses = [0, *(match.end() for match in _CLAUSE.finditer(sentence)), len(sentence)]
    shares: list[tuple[tuple[int, int], Span]] = []
    for start, end in figures:
        low, high = complete_quantity(sentence, offset + start, offset + end)
        first, last = next(((a, b) for a, b in pairwise(clauses) if a <= low < b), (low, high))
        named = len(names & text_words(sentence[high:last]))
        share = named, len(asked & stems(sentence[first:last]))
        shares.append((share, Span(around.start + low, around.start + high)))
    most = max(share for share, _ in shares)
    best = [span for share, span in shares if share == most]
    return best[0] if len(best) == 1 else scored.span


def _without_tail(scored: ScoredSpan, words: str, figure: tuple[int, int]) -> Span:
    """The span up to what its only figure is for; the span itself where its value would change."""
    _, end = complete_quantity(words, *figure)
    tail = _TAIL.match(words, end)
    if tail is None:
        return scored.span
    cut = words[: tail.end()]
    whole, alone = parse_value(words), parse_value(cut)
    if alone is None or (whole is not None and whole.key != alone.key):
        return scored.span
    return Span(scored.span.start, scored.span.start + len(cut))
