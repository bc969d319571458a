"""Which of the places that say an answer's words support it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.combining.claims.claim import nearly_answers
from api.answering.combining.claims.relative_figures import is_addition
from api.answering.combining.claims.subjects import speaks_of_another
from api.answering.word_stems import stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question


def supporting(question: Question, claims: Sequence[Claim]) -> list[Claim]:
    """The claims that support an answer: the first, and those that speak of the same.

    An amount that is equal by chance, or a name in passing, supports nothing: a sentence must have
    most of the words that the first one shares with the question beside the answer itself, or
    share more words than that one does. The reader must nearly take it for an answer, and a figure
    must be a whole or an addition as the first one is.

    Args:
        question: The question.
        claims: Those of one candidate, at least one, the one that answers first.
    """
    first = claims[0]
    asked = stems(question.text) - stems(first.text)
    shared = asked & stems(first.sentence)
    return [
        first,
        *(
            claim
            for claim in claims[1:]
            if _speaks_of_the_same(asked, shared, claim)
            and nearly_answers(claim)
            and is_addition(claim) == is_addition(first)
            and (not speaks_of_another(claim, question) or speaks_of_another(first, question))
        ),
    ]


def _speaks_of_the_same(asked: frozenset[str], shared: frozenset[str], claim: Claim) -> bool:
    told = asked & stems(claim.sentence)
    return len(told) > len(shared) or 2 * len(told & shared) > len(shared)
