"""What somebody wanted, where a question asks what was decided."""

from __future__ import annotations

import pytest

from api.answering.actors.demands import is_only_demanded
from api.answering.actors.governing import Governing
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage

_PAY: str = "How much was she ordered to pay?"


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        (_PAY, "The state sought 15 years and $800 million from her.", "$800 million"),
        (_PAY, "Prosecutors had asked for $9m.", "$9m"),
        ("What were nurses awarded?", "The union wanted 12 per cent and was offered 5.", "12"),
        ("How long was his sentence?", "Prosecutors recommended six years.", "six years"),
    ],
)
def test_what_was_sought_was_not_ordered(question: str, sentence: str, words: str) -> None:
    at = sentence.index(words)
    assert is_only_demanded(question, sentence, at, at + len(words))
    passages = [make_passage(sentence)]
    span = find_span(passages, 0, words)
    assert Governing(Question.parse(question), passages).of_another(span)


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        (_PAY, "The state had sought $9m; she was ordered to pay $4m.", "$4m"),
        (_PAY, "She was ordered to pay $4m, less than the $9m that the state sought.", "$4m"),
        (_PAY, "Prosecutors, who asked for $9m, were given $4m.", "$4m"),
        ("How much did the state demand she be ordered to pay?", "It sought $9m.", "$9m"),
        ("How much did the state want?", "It sought $9m.", "$9m"),
        ("When was the merger approved?", "The proposed merger was cleared on 4 May.", "4 May"),
        ("What was his sentence?", "The most wanted man of Hune must serve 30 years.", "30 years"),
        ("What was the sentence?", "They wanted 10 years but the court chose 4 years.", "4 years"),
        ("Which bank approved it?", "Hune asked for help and Acme lent $3bn.", "Acme"),
        ("How many received asylum?", "Of those seeking asylum, 4,200 were accepted.", "4,200"),
    ],
)
def test_what_was_ordered_or_is_asked_for_counts(question: str, sentence: str, words: str) -> None:
    at = sentence.index(words)
    assert not is_only_demanded(question, sentence, at, at + len(words))
