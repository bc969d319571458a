"""Figures that other articles give of a claim's thing without naming it: "the bill is £551m"."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final

from api.answering.actors.governing import Governing
from api.answering.combining.claims.claim import claim_of
from api.answering.combining.claims.comparable_figures import near_in_size, of_one_measure
from api.answering.combining.claims.kinds import plans_a_day, restates
from api.answering.combining.claims.measure_words import tells_measure
from api.answering.combining.claims.relative_figures import is_addition, is_former_figure
from api.answering.combining.claims.scopes import is_of_wider_scope, tells_how_far
from api.answering.combining.claims.subjects import COMPANY, speaks_of_another
from api.answering.questions.common_words import COMMON
from api.answering.questions.mentions import mentions_in_text
from api.answering.values.parsing import parse_value
from api.answering.words import text_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Chunk, Passage

NEAR: Final = Fraction(5, 2)
"""How many times the smaller of two figures of one thing the larger may be."""
_NEARER: Final = Fraction(8, 5)  # the same, where the reader takes the figure for no answer
_SURE_MARGIN: Final = -3.0  # of a span over no answer
_ANSWERS: Final = 1.0  # from where the reader takes it for one
_LEAST_MARGIN: Final = -13.0  # below it a passage is about something else
# "He waited 66" tells of one of those whom a figure is of.
_OF_ONE_PERSON: Final = re.compile(r"\W*(?:He|I|She)\s")
_THE_COMPANY: Final = re.compile(rf"\bthe\s(?:{COMPANY}|start-?up)\b", re.IGNORECASE)


def retellings(
    lead: Claim,
    question: Question,
    unnamed: Question,
    passages: Sequence[Passage],
    spans: Sequence[ScoredSpan],
    chunks_of: Callable[[str], Sequence[Chunk]],
) -> list[Claim]:
    """Find what passages of other articles give as a claim's figure, without naming its thing.

    A figure must be of the same measure as the claim's and near it in size, the nearer the less
    the reader takes it for an answer, and its sentence about no other name. Where the reader takes
    it for none, that sentence or the one before must have a word for what is measured, and be of
    no other actor.

    Args:
        lead: The claim that answers.
        question: The question, with its names.
        unnamed: The question without them.
        passages: What was read, each of an article about the thing.
        spans: What was read there.
        chunks_of: Loads the chunks of an article.

    Returns:
        At most one claim of each passage, that of its best span.
    """
    told: dict[int, Claim] = {}
    governing = Governing(question, passages)
    for scored in sorted(spans, key=lambda span: -span.margin):
        if scored.margin < _LEAST_MARGIN or scored.passage in told:
            continue
        passage = passages[scored.passage]
        chunk, article = passage.chunk, passage.article
        at = scored.span.start - chunk.start
        value = parse_value(chunk.words(scored.span), chunk.text, at, article.published_at)
        claim = claim_of(lead.place, scored, passage, value)
        if (
            _may_be_of_one(lead, claim, question)
            and _is_of_asked_time(claim, question)
            and not speaks_of_another(claim, question)
            and not _is_of_another_company(claim, question)
            and (
                scored.margin >= _ANSWERS
                or (
                    tells_measure(claim, unnamed, partial(chunks_of, article.id))
                    and not governing.of_another(scored)
                )
            )
        ):
            told[scored.passage] = claim
    return list(told.values())


def _may_be_of_one(lead: Claim, claim: Claim, question: Question) -> bool:
    """Whether two figures are of one measure, near in size, and neither told by the other."""
    if lead.value is None or claim.value is None or claim.statement.standing == "denied":
        return False
    if lead.value.kind == "date":
        return plans_a_day(lead, question) and plans_a_day(claim, question)
    if claim.value.unit is None and lead.value.unit is not None and _tells_of_person(claim, lead):
        return False
    most = NEAR if claim.span.margin >= _SURE_MARGIN else _NEARER
    return (
        of_one_measure(lead, claim, question)
        and near_in_size(lead.value, claim.value, most)
        and is_addition(lead) == is_addition(claim)
        and not is_former_figure(claim)
        and not is_of_wider_scope(lead, claim, question)
        and not tells_how_far(lead, claim, question)
        and restates(lead, claim, question.text)
    )


def _tells_of_person(claim: Claim, lead: Claim) -> bool:
    """Whether a sentence is about one person, where the lead's is not."""
    told, of_lead = (_OF_ONE_PERSON.match(each.sentence) for each in (claim, lead))
    return told is not None and of_lead is None


def _is_of_asked_time(claim: Claim, question: Question) -> bool:
    """Whether a claim names no time before the years that the question names: "in 2013"."""
    end = claim.statement.period.end
    if claim.statement.words is None or end is None or not question.years:
        return True
    return end.year >= min(int(year) for year in question.years)


def _is_of_another_company(claim: Claim, question: Question) -> bool:
    """Whether "the company" in a claim's sentence is one that was named last before it."""
    names = question.names - COMMON
    if not names.isdisjoint(text_words(claim.sentence)) or not _THE_COMPANY.search(claim.sentence):
        return False
    chunk = claim.passage.chunk
    before = [
        chunk.words(bounds) for bounds in chunk.sentences if bounds.end <= claim.sentence_start
    ]
    naming = (text for text in reversed(before) if any(mentions_in_text(text)))
    last = next(naming, None)
    return last is not None and names.isdisjoint(text_words(last))
