"""Spans that are something else than a question asks for, whoever they are said of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.actors.averages import lacks_average
from api.answering.actors.demands import is_only_demanded
from api.answering.actors.measures import AskedMeasure
from api.answering.actors.office_holders import OfficeHolders
from api.answering.actors.office_owners import holds_other_office
from api.answering.actors.ordinals import is_of_other_ordinal
from api.answering.actors.refused_acts import is_of_undone_act
from api.answering.actors.takeovers import asks_what_is_bought, asks_who_buys, is_bought, is_buyer
from api.answering.time.former_holders import asks_for_former_holder
from api.answering.time.offices import exact_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.actors.asked_names import AskedNames
    from api.answering.actors.named_text import NamedText
    from api.answering.questions.question import Question
    from index.records import Passage, Span

_FIGURE: Final = re.compile(r"\d")


class OtherThings:
    """Tells which spans are another thing: who was bought and not who buys, another office.

    Args:
        question: The question.
        passages: What was read.
        text: The names there.
        asked: The names of the question there.
    """

    def __init__(
        self,
        question: Question,
        passages: Sequence[Passage],
        text: NamedText,
        asked: AskedNames,
    ) -> None:
        self._question = question
        self._asks_who_buys = asks_who_buys(question.text)
        self._asks_what_is_bought = asks_what_is_bought(question.text)
        self._measure = AskedMeasure.of(question.text)
        self._exact_office = exact_office(question.text)
        self._holders = (
            OfficeHolders(question, passages, text, asked)
            if asks_for_former_holder(question.text)
            else None
        )

    def is_one(self, passage: Passage, around: Span, span: Span) -> bool:
        """Whether a span is one.

        Args:
            passage: Where it stands.
            around: Its sentence.
            span: The span.
        """
        sentence = passage.chunk.words(around)
        at = (span.start - around.start, span.end - around.start)
        return (
            self._is_another_name(sentence, at)
            or self._is_another_figure(passage, sentence, at)
            or is_of_undone_act(self._question, passage.chunk, around, span)
            or is_only_demanded(self._question.text, sentence, *at)
            or is_of_other_ordinal(self._question.text, passage.chunk.context)
        )

    def _is_another_name(self, sentence: str, at: tuple[int, int]) -> bool:
        holders, exact = self._holders, self._exact_office
        return (
            (holders is not None and holders.is_of_present_holder(sentence[slice(*at)]))
            or (self._asks_who_buys and is_bought(sentence, *at))
            or (self._asks_what_is_bought and is_buyer(sentence, *at))
            or (exact is not None and holds_other_office(exact, sentence, *at))
        )

    def _is_another_figure(self, passage: Passage, sentence: str, at: tuple[int, int]) -> bool:
        chunk = passage.chunk
        return _FIGURE.search(sentence, *at) is not None and (
            self._measure.is_another(sentence, *at)
            or self._measure.is_of_other_row(sentence, at[0], chunk.context, self._question.words)
            or lacks_average(self._question.text, chunk.indexed_text)
        )
