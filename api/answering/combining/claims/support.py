"""Which of the places that say an answer's words support it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.combining.claims.sameness import is_addition, stems
from api.answering.combining.claims.subjects import speaks_of_another

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question


def supporting(question: Question, claims: Sequence[Claim]) -> list[Claim]:
    """The claims that support an answer: the first, and those that speak of the same.

    An amount that is equal by chance, or a name in passing, supports nothing: a sentence must have
    at least half of the words that the first one shares with the question beside the answer
    itself, and a figure must be a whole or an addition as the first one is.

    Args:
        question: The question.
        claims: Those of one candidate, at least one, the one that answers first.
    """
    first = claims[0]
    asked = stems(question.text) - stems(first.text)
    enough = max(1, len(asked & stems(first.sentence)) / 2)
    return [
        first,
        *(
            claim
            for claim in claims[1:]
            if len(asked & stems(claim.sentence)) >= enough
            and is_addition(claim) == is_addition(first)
            and (not speaks_of_another(claim, question) or speaks_of_another(first, question))
        ),
    ]
