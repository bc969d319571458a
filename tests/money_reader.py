"""A reader that finds amounts of money, for the tests of figures over several articles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api.answering.reading.reader import ReaderFacts, ScoredSpan, Unit
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.question import Question
    from index.records import Passage

_MONEY = re.compile(r"[€$]\d[\d.]* (?:million|billion)(?: to [€$]\d[\d.]* (?:million|billion))?")


class MoneyReader:
    """Returns the first amount of money of each passage, those of earlier passages before."""

    facts = ReaderFacts("money", "m1", Unit.SPAN, reads_apart=True, own_weights=True)

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        del question
        spans = []
        for index, passage in enumerate(passages):
            match = _MONEY.search(passage.chunk.text)
            if match is not None:
                at = passage.chunk.start
                span = Span(at + match.start(), at + match.end())
                spans.append(ScoredSpan(index, span, 9.0 - index / 10, 5.0, 4.0))
        return spans
