"""What other sources report about the same event, at the same time and in other words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import nearly_answers
from api.answering.combining.claims.comparable_figures import of_one_measure
from api.answering.combining.claims.relative_figures import is_addition, is_former_figure
from api.answering.combining.claims.sameness import shared_subject
from api.answering.combining.claims.scopes import is_of_wider_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question

_SAME_EVENT: Final = dt.timedelta(days=10)  # reports of one event are published within
_SHARED: Final = 2  # stems that two sentences about one thing share


def other_reports(lead: Claim, claims: Sequence[Claim], question: Question) -> list[Claim]:
    """Find what articles of other sources and of the lead's days give as its figure.

    "The port authority put the number of strikers at 1,700" answers "How many dockers went on
    strike?" worse than a sentence that says so in the question's words, but no figure of its
    article answers it better.

    Args:
        lead: The claim that the reader prefers.
        claims: The others.
        question: The question.

    Returns:
        At most one claim of an article.
    """
    best: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda claim: -claim.span.score):
        if of_one_measure(lead, claim, question):
            best.setdefault(claim.passage.article.id, claim)
    return [
        claim
        for claim in best.values()
        if of_other_source(lead, claim)
        and nearly_answers(claim)
        and is_addition(claim) == is_addition(lead)
        and not is_former_figure(claim)
        and not is_of_wider_scope(lead, claim, question)
        and shared_subject(lead, claim, question) >= _SHARED
    ]


def of_other_source(left: Claim, right: Claim) -> bool:
    """Whether two claims are of articles that different sources published at about one time."""
    one, two = left.passage.article, right.passage.article
    if one.id == two.id or one.published_at is None or two.published_at is None:
        return False
    unlike = one.source is None or two.source is None or one.source != two.source
    return unlike and abs(one.published_at - two.published_at) <= _SAME_EVENT
