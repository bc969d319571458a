"""Which of several things that are counted an answer is told of."""

from __future__ import annotations

import pytest

from api.answering.actors.governing import Governing
from api.answering.actors.ordinals import is_of_other_in_order
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage

_TENTH = "Tenth Ebola outbreak is declared over"
_CASES = "From 1 August there were 3,470 cases."


@pytest.mark.parametrize(
    ("question", "headings", "sentence"),
    [
        ("number of infections in the 11th Ebola outbreak", _TENTH, _CASES),
        ("Who won the second debate?", "", "In the first debate Bo Ek did better."),
        ("When did the 3rd reactor start?", "", "The first and second reactors started in May."),
    ],
)
def test_another_in_order_is_another(question: str, headings: str, sentence: str) -> None:
    assert is_of_other_in_order(question, headings, sentence)


@pytest.mark.parametrize(
    ("question", "headings", "sentence"),
    [
        ("How many fell ill in the tenth outbreak?", _TENTH, _CASES),
        ("How many fell ill in the 10th outbreak?", _TENTH, _CASES),
        ("How many fell ill in the 11th outbreak?", _TENTH, "The eleventh outbreak has 100 cases."),
        ("How many fell ill in the 11th outbreak?", "Second goal wins it", _CASES),
        ("What was sold in the second quarter?", "", "In the first quarter 4,000 were sold."),
        ("How many fell ill in the outbreak?", _TENTH, _CASES),
    ],
)
def test_the_asked_one_or_nothing_of_its_kind_is_no_other(
    question: str, headings: str, sentence: str
) -> None:
    assert not is_of_other_in_order(question, headings, sentence)


def test_what_is_told_of_another_in_order_is_unfit() -> None:
    passages = [make_passage(_CASES, context=_TENTH)]
    span = find_span(passages, 0, "3,470")
    asked = Question.parse("How many people fell ill in the eleventh Ebola outbreak?")
    assert Governing(asked, passages).of_another(span)
