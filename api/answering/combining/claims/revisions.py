"""Newer figures that a passage gives for a plan or forecast: "raised its range to $70 billion"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import claim_of
from api.answering.combining.claims.comparable_figures import comparable
from api.answering.time.standing import UNREALISED
from api.answering.values.figures import figure_at
from api.answering.values.tokens import FIGURE_AHEAD
from api.answering.words import text_words
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from api.answering.values.value import Value
    from index.records import Passage

_REVISED: Final = re.compile(
    r"\b(?:rais|lower|narrow|widen|increas|lift|trimm?|revis|updat|cut|reduc)(?:es|ed|s|ing)?\s"
    r"(?:[\w'’-]+\s){0,2}(?:range|forecast|outlook|guidance|budget|plan|target|estimate|"
    r"expectation|projection)s?\b(?:\s[\w'’-]+){0,6}?\s(?:to|at)\s"
    r"(?:(?:between|about|around|approximately|roughly|up)\s(?:to\s)?)?" + FIGURE_AHEAD,
    re.IGNORECASE,
)
_FROM: Final = re.compile(
    r"(?:\s(?:for\s|in\s)?(?:this\syear|next\syear|the\s(?:\w+\s){1,2}|(?:\w+\s)?(?:19|20)\d\d))?"
    r",?\sfrom\s(?:between\s|about\s|around\s)?" + FIGURE_AHEAD
)


def revisions(
    lead: Claim, question: Question, passages: Sequence[Passage], spans: Sequence[ScoredSpan]
) -> list[Claim]:
    """Find revisions of a planned or forecast figure in newer passages that were read.

    A sentence that speaks of a name in the question and says that a range, forecast or the like was
    changed to a figure is a revision of the lead's where the figure before or after the change
    overlaps the lead's. The score is that of the passage's best span.
    """
    if lead.value is None or lead.statement.standing not in UNREALISED or lead.as_of is None:
        return []
    best = {span.passage: span for span in sorted(spans, key=lambda span: span.score)}
    found = []
    for index, passage in enumerate(passages):
        day = passage.article.published_at
        if index not in best or day is None or day <= lead.as_of:
            continue
        for start, end, value in _revised_to(lead.value, question, passage):
            scored = replace(best[index], span=Span(start, end))
            claim = claim_of(lead.place, scored, passage, value)
            standing = lead.statement.standing
            statement = replace(claim.statement, standing=standing)
            found.append(replace(claim, statement=statement))
    return [claim for claim in found if claim.as_of is not None and claim.as_of > lead.as_of]


def _revised_to(
    value: Value, question: Question, passage: Passage
) -> Iterator[tuple[int, int, Value]]:
    """Where the revised figures of one passage stand in its article, and their values."""
    chunk = passage.chunk
    for bounds in chunk.sentences:
        sentence = chunk.words(bounds)
        match = _REVISED.search(sentence)
        if match is None or not question.names & text_words(sentence):
            continue
        day = passage.article.published_at
        start, end, revised = figure_at(sentence, match.end(), day)
        if revised is None or revised == value or not comparable(value, revised):
            continue
        before = _FROM.match(sentence, end)
        former = None
        if before is not None:
            former = figure_at(sentence, before.end(), day).value
        if _overlap(value, revised) or (former is not None and _overlap(value, former)):
            yield bounds.start + start, bounds.start + end, revised


def _overlap(left: Value, right: Value) -> bool:
    """Whether two comparable ranges share a figure."""
    if not comparable(left, right):
        return False
    ends = left.quantity(), right.quantity()
    if ends[0] is None or ends[1] is None:
        return False
    (_, low, high), (_, other_low, other_high) = ends[0], ends[1]
    return low <= other_high and other_low <= high
