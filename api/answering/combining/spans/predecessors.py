"""Former holders of an office whom a text tells of beside the present one, which a reader takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.actors.asked_actors import asked_actors
from api.answering.actors.asked_names import AskedNames
from api.answering.actors.named_text import NamedText
from api.answering.actors.office_holders import OfficeHolders
from api.answering.reading.reader import move_spans
from api.answering.time.former_holders import asks_for_former_holder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage


def moved_to_predecessors(
    question: Question, spans: Sequence[ScoredSpan], passages: Sequence[Passage]
) -> list[ScoredSpan]:
    """Put who held an office before in the stead of who holds it, where that is asked for.

    Of "Acme named Bo Ek as its head. He succeeded Ann Lee" a reader takes Bo Ek for that.
    """
    if not asks_for_former_holder(question.text):
        return list(spans)
    text = NamedText(passages, question.names)
    asked = AskedNames(question, asked_actors(question.text), text)
    holders = OfficeHolders(question, passages, text, asked)
    return move_spans(spans, lambda scored: [holders.predecessor(scored) or scored.span])
