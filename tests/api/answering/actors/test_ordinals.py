"""Which of several things that are numbered an answer is told of."""

from __future__ import annotations

import pytest

from api.answering.actors.governing import Governing
from api.answering.actors.ordinals import is_of_other_ordinal
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage

_TENTH = "Tenth Ebola outbreak in Congo declared over"


@pytest.mark.parametrize(
    ("question", "headings"),
    [
        ("number of infections in the 11th Ebola outbreak", _TENTH),
        ("number of infections in Congo's eleventh outbreak", "10th Ebola outbreak: what we know"),
        ("Who won the second debate?", "Ek and Lee meet in third debate"),
    ],
)
def test_another_one_is_another(question: str, headings: str) -> None:
    assert is_of_other_ordinal(question, headings)


@pytest.mark.parametrize(
    ("question", "headings"),
    [
        ("How many fell ill in the tenth outbreak?", _TENTH),
        ("How many fell ill in the 10th outbreak?", _TENTH),
        ("How many fell ill in the 11th outbreak?", "Second goal wins it"),
        ("How many fell ill in the 11th outbreak?", f"{_TENTH} — The 11th outbreak"),
        ("How many fell ill in the twenty-first outbreak?", _TENTH.replace("Tenth", "21st")),
        ("What was sold in the second quarter?", "Sales of the third quarter"),
        ("How many fell ill in the outbreak?", _TENTH),
        ("When was the second lockdown?", "After the first lockdown"),
        ("Who is the 46th president?", "Biden, first president over 80"),
        ("Who came second in the race?", "Bo Ek wins third race in years"),
        ("When did the second reactor start?", "First and second reactors start"),
    ],
)
def test_the_asked_one_or_nothing_of_its_kind_is_no_other(question: str, headings: str) -> None:
    assert not is_of_other_ordinal(question, headings)


def test_what_is_told_of_another_one_is_unfit() -> None:
    passages = [make_passage("From 1 August there were 3,470 cases.", context=_TENTH)]
    span = find_span(passages, 0, "3,470")
    asked = Question.parse("How many people fell ill in the eleventh Ebola outbreak?")
    assert Governing(asked, passages).of_another(span)
