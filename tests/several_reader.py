"""A reader of names and amounts, for the tests of lists and comparisons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api.answering.reading.reader import ReaderFacts, ScoredSpan, Unit
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.question import Question
    from index.records import Passage

_MONEY = re.compile(r"[€$]\d[\d.]* (?:million|billion)")
_SIGNED = re.compile(r"[A-Z]\w+(?: [A-Z]\w+)*(?= (?:and [A-Z][\w ]+ )?signed)")


class SeveralReader:
    """Returns every amount of money, or for other questions the first name that signed."""

    facts = ReaderFacts("several", "v1", Unit.SPAN, reads_apart=True, own_weights=True)

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        asked = _MONEY if re.search(r"how (much|large)", question.text, re.IGNORECASE) else _SIGNED
        return [
            ScoredSpan(
                index,
                Span(passage.chunk.start + match.start(), passage.chunk.start + match.end()),
                9.0,
                5.0,
                4.0,
            )
            for index, passage in enumerate(passages)
            for match in asked.finditer(passage.chunk.text)
        ]
