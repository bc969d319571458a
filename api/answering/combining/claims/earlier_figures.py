"""Figures that an article gives beside a claim's own: "compared with $60 billion in January"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.comparable_figures import comparable
from api.answering.time.statements import read_statement
from api.answering.values.figures import figure_at
from api.answering.values.tokens import FIGURE_AHEAD
from index.records import Span

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim
    from api.answering.values.value import Value

_COMPARED: Final = re.compile(
    r"(?:\b(?:compared\s(?:with|to)|against|instead\sof|rather\sthan|up\sfrom|down\sfrom|"
    r"(?:it\s)?had\s(?:stood\sat|been|spoken\sof|forecast|expected|planned)|"
    r"(?:earlier|previous)\s(?:range|forecast|figure|estimate|plan)\sof)|,\s(?:and\s)?not)\s"
    r"(?:(?:the|an?|its|about|around)\s){0,2}" + FIGURE_AHEAD,
    re.IGNORECASE,
)
_MORE_THAN: Final = re.compile(
    r"\b(?:(?:more|less|higher|lower)\sthan|above|below)\sthe\s" + FIGURE_AHEAD, re.IGNORECASE
)
_MOST: Final = 4  # earlier figures of one sentence
_NEXT: Final = 200  # characters after a claim's sentence that may go on about its figure


def earlier_figures(claim: Claim) -> list[Claim]:
    """Find the earlier values of the same thing that a claim's sentence gives with their time.

    Only figures after words of comparison, of the claim's kind and unit, and with a time of their
    own before the claim's.
    """
    if claim.value is None or claim.as_of is None:
        return []
    figures = []
    sentence, offset = claim.sentence, claim.sentence_start
    for match in list(_COMPARED.finditer(sentence))[:_MOST]:
        day = claim.passage.article.published_at
        start, end, value = figure_at(sentence, match.end(), day)
        if value is None or value == claim.value or not comparable(claim.value, value):
            continue
        statement = read_statement(sentence, Span(start, end), day)
        when = statement.period.end
        if statement.words is None or when is None or when >= claim.as_of:
            continue
        if not _stands_after(sentence, end, statement.words):
            continue
        figures.append(
            replace(
                claim,
                span=replace(claim.span, span=Span(offset + start, offset + end)),
                text=sentence[start:end],
                value=value,
                statement=replace(statement, as_of=when, standing=claim.statement.standing),
            )
        )
    return figures


def compared_values(claim: Claim) -> list[Value]:
    """The values that a claim's figure is compared with: "£29m more than the £53m of March".

    In its sentence or right after it, each of its kind and unit.
    """
    if claim.value is None:
        return []
    chunk = claim.passage.chunk
    start = claim.sentence_start - chunk.start
    end = start + len(claim.sentence)
    text = chunk.text[start : end + _NEXT].split("\n")[0]
    day = claim.passage.article.published_at
    values = []
    for pattern in (_COMPARED, _MORE_THAN):
        for match in list(pattern.finditer(text))[:_MOST]:
            value = figure_at(text, match.end(), day).value
            if value is not None and (value.kind, claim.value.kind) == ("number", "count"):
                value = replace(value, kind="count", unit=claim.value.unit)  # "64 homes, not 72"
            if value is not None and value != claim.value and comparable(claim.value, value):
                values.append(value)
    return values


def _stands_after(sentence: str, end: int, words: str) -> bool:
    """Whether the time of a figure follows it closely: it is then the figure's own."""
    return 0 <= sentence.find(words, end) - end <= 40
