"""Figures that other sources give beside a claim's own: "the police put it at 18,200"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.sameness import comparable, not_far_apart
from api.answering.time.statements import near_in_time, read_statement
from api.answering.values.parsing import parse_value
from api.answering.values.quantities import complete_quantity
from api.answering.values.tokens import FIGURE_AHEAD
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.values.value import Value
    from index.records import Passage

# Who says another figure says nothing but the figure: what it is of was said before.
_ELLIPTIC: Final = re.compile(
    r"\b(?:says?|said|puts?|gives?|gave|counts?|counted|estimates?|estimated|reckons?|reports?|"
    r"reported|publish(?:es|ed)|arriv(?:es|ed)\sat|came\s(?:to|up\swith)|sp(?:eaks?|oke|oken)\sof|"
    r"cit(?:es|ed)|claim(?:s|ed)|"
    r"(?:count|estimate|figure|forecast|number|projection|tally|toll)\s(?:is|was|stands|stood))\s(?:at\s)?"
    r"(?:(?:that\s)?it\s(?:was|is)\s|that\s|(?:it|them)\sat\s|"
    r"the\s(?:figure|number|sum|total|share|price|cost)\s(?:at|as|was)\s)?"
    r"(?:only\s|just\s)?(?:about\s|around\s|nearly\s|almost\s)?" + FIGURE_AHEAD,
    re.IGNORECASE,
)
_ENDS: Final = re.compile(
    r"\s?(?:[.,;:)]|\Z)|\sfor\sthe\ssame\b|\sinstead\b|"
    r"\s(?:were|was|are|had\sbeen|have\sbeen)\s[a-z]+(?:ed|en|it|lt|ost)\s?(?:[.,;:)]|\Z)"
)
_OTHER_SOURCE: Final = re.compile(
    r"\W*(?!(?:it|he|she|they|this|that|which|who)\b)\w", re.IGNORECASE
)
_CLAUSE: Final = re.compile(
    r";\s|,?\s(?:but|while|whereas|although|though)\s|,\s(?:contradict|disput|challeng|correct)ing\s",
    re.IGNORECASE,
)
_NEXT: Final = 2  # sentences after a claim's own that may go on about its figure
_PARAGRAPH: Final = "\n"


def rival_figures(claim: Claim, passages: Sequence[Passage]) -> list[Claim]:
    """Find what other sources say the claim's figure is, in its paragraph right after it.

    Args:
        claim: A claim with a value; others have no rivals.
        passages: What was read; the next one of the article is looked at as well.
    """
    if claim.value is None:
        return []
    day = claim.passage.article.published_at
    rivals = []
    for passage, start, clause in _clauses_after(claim, passages):
        match = _ELLIPTIC.search(clause)
        if match is None or not match.start() or _OTHER_SOURCE.match(clause) is None:
            continue
        low, high = complete_quantity(clause, match.end(), match.end() + 1)
        value = parse_value(clause[low:high], clause, low, day)
        if value is None or not _may_be_of_one(claim.value, value) or not _ENDS.match(clause, high):
            continue
        part = max(clause.rfind(", ", 0, match.start()), 0)  # "..., which has said that 84 were"
        statement = read_statement(clause[part:], Span(low - part, high - part), day)
        if statement.words is not None and not near_in_time(claim.statement, statement):
            continue
        span = replace(claim.span, span=Span(start + low, start + high))
        rivals.append(
            replace(
                claim,
                span=span,
                passage=passage,
                text=clause[low:high],
                value=value,
                sentence=clause,
                sentence_start=start,
                statement=replace(claim.statement, standing=statement.standing),
            )
        )
    return rivals


def _may_be_of_one(value: Value, rival: Value) -> bool:
    """Whether a rival figure may be of a claim's thing: who gives one need not say its unit."""
    bare = rival.kind == "number" and value.kind == "count" and not_far_apart(value, rival)
    return bare or comparable(value, rival)


def is_rival(claim: Claim) -> bool:
    """Whether a claim's sentence says nothing but who gives another figure."""
    start, end = (offset - claim.sentence_start for offset in claim.span.span)
    return _ENDS.match(claim.sentence, end) is not None and any(
        match.end() == start for match in _ELLIPTIC.finditer(claim.sentence)
    )


def _clauses_after(claim: Claim, passages: Sequence[Passage]) -> Iterator[tuple[Passage, int, str]]:
    """The clauses after the claim's figure in its sentence and in the next of its paragraph.

    Returns:
        The passage of each, where it begins in the article, and its text.
    """
    left = _NEXT
    for passage, start in _from(claim, passages):
        chunk = passage.chunk
        later = [bounds for bounds in chunk.sentences if bounds.start >= start]
        until = max([start, *(bounds.end for bounds in chunk.sentences if bounds.start < start)])
        until = max([until, *(bounds.end for bounds in later[:left])])
        left -= len(later[:left])
        text = chunk.text[start - chunk.start : until - chunk.start]
        inside = text.split(_PARAGRAPH)[0]
        cuts = [start + match.end() for match in _CLAUSE.finditer(inside)]
        places = sorted({*cuts, *(bounds.start for bounds in later)})
        places = [place for place in places if place < start + len(inside)]
        for low, high in pairwise([*places, start + len(inside)]):
            yield passage, low, inside[low - start : high - start].rstrip()
        if inside != text:
            return


def _from(claim: Claim, passages: Sequence[Passage]) -> Iterator[tuple[Passage, int]]:
    """The claim's passage from its figure on, and the one that goes on right after it."""
    chunk = claim.passage.chunk
    yield claim.passage, claim.span.span.end
    for passage in passages:
        following = passage.chunk
        # White space of more than one character parts paragraphs.
        if following.article_id == chunk.article_id and 0 <= following.start - chunk.end <= 1:
            yield passage, following.start
