"""Figures told beside a sure answer of another side: "Acme spent $5 billion, Beta $4 billion"."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from api.answering.actors.measures import AskedMeasure
from api.answering.combining.claims.claim import claims_of
from api.answering.combining.claims.relative_figures import is_addition, is_former_figure
from api.answering.combining.comparisons.change_points import figures_between
from api.answering.combining.comparisons.comparing import measured
from api.answering.combining.comparisons.ownership import Ownership
from api.answering.combining.comparisons.side_reading import SideAnswer
from api.answering.ranking.candidates import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.combining.comparisons.comparison_questions import AskedSide
    from api.answering.values.value import Value
    from index.records import Passage

_BESIDE: Final = 0.8  # of the confidence of the answer that a figure is told beside
_APART: Final = 8  # words between figures of clauses of one shape
_PARAGRAPH: Final = "\n"


def told_beside(
    sides: Sequence[AskedSide],
    sure: Sequence[Sequence[SideAnswer]],
    passages: Sequence[Passage],
    threshold: float,
) -> list[list[SideAnswer]]:
    """Take the figures of other sides from beside the surest answer.

    A sentence that gives the figures of several sides one after the other gives them of one time
    and one measure: these come in the place of what is sure elsewhere. A side without a sure answer
    also gets the first figure in that unit that the next sentence gives of it.

    Args:
        sides: What is asked of each.
        sure: The sure answers of each, best first.
        passages: What was read for all sides.
        threshold: The least confidence of an answer.
    """
    answers = [list(own) for own in sure]
    lead = max(
        (own[0] for own in sure if own),
        key=lambda answer: answer.ranked.confidence,
        default=None,
    )
    if lead is None or _BESIDE * lead.ranked.confidence < threshold:
        return answers
    measure = AskedMeasure.of(lead.question.text)
    for claim in claims_of(0, lead.ranked, passages):
        passage = claim.passage
        ownership = Ownership([side.subject for side in sides], [passage])
        in_clauses = list(_in_clauses(claim))
        for number, own in enumerate(sure):
            if lead in own or answers[number] != list(own):
                continue
            near = [*in_clauses, *([] if own else _in_next_sentence(claim))]
            beside = next(
                (
                    figure
                    for figure in near
                    if ownership.owner(figure.span, passage) == number
                    and _is_of_measure(figure, lead.value, measure)
                ),
                None,
            )
            if beside is not None and beside.value is not None:
                answers[number] = [_answer(sides[number], lead, beside, beside.value)]
    return answers


def _in_clauses(lead: Claim) -> Iterator[Claim]:
    """The figures of a claim's sentence that few words part from it or from the one between."""
    start = lead.passage.chunk.start
    low = lead.sentence_start - start
    figures = list(figures_between(lead, low, low + len(lead.sentence)))
    groups: list[list[Claim]] = [figures[:1]]
    for before, figure in pairwise(figures):
        between = lead.passage.chunk.text[
            before.span.span.end - start : figure.span.span.start - start
        ]
        if len(between.split()) > _APART:
            groups.append([])
        groups[-1].append(figure)
    for group in groups:
        if any(figure.span.span.start == lead.span.span.start for figure in group):
            yield from group


def _in_next_sentence(lead: Claim) -> Iterator[Claim]:
    """The figures of the next sentence of a claim's paragraph."""
    chunk = lead.passage.chunk
    end = lead.sentence_start + len(lead.sentence)
    following = next((bounds for bounds in chunk.sentences if bounds.start >= end), None)
    if (
        following is None
        or _PARAGRAPH in chunk.text[end - chunk.start : following.start - chunk.start]
    ):
        return
    yield from figures_between(lead, following.start - chunk.start, following.end - chunk.start)


def _is_of_measure(figure: Claim, value: Value, measure: AskedMeasure) -> bool:
    """Whether a figure may be of another side what a value is of one."""
    if figure.value is None or measured([value, figure.value]) is None:
        return False
    if is_addition(figure) or is_former_figure(figure):
        return False
    start, end = figure.in_sentence
    return not measure.is_another(figure.sentence, start, end)


def _answer(side: AskedSide, lead: SideAnswer, figure: Claim, value: Value) -> SideAnswer:
    candidate = Candidate(figure.text, (figure.span,), value)
    ranked = replace(
        lead.ranked,
        described=replace(lead.ranked.described, candidate=candidate),
        confidence=_BESIDE * lead.ranked.confidence,
    )
    place = figure.passage.article.id, figure.span.span
    return SideAnswer(side.subject, lead.question, ranked, value, place)
