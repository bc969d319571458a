"""Answers that users marked, on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.schemas import MarkedQuestionOut

if TYPE_CHECKING:
    from index.loading.gold import GoldQuestion


def from_marked(question: GoldQuestion) -> MarkedQuestionOut:
    """A question that a user marked, on the wire."""
    mark = question.mark
    return MarkedQuestionOut(
        id=question.id,
        question=question.question,
        answers=list(question.answers),
        articles=list(question.articles),
        filters=question.filters,
        marked_by=None if mark is None else mark.by,
        marked_at=None if mark is None else mark.at,
        reviewed=mark is not None and mark.reviewed,
    )
