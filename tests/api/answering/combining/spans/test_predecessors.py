"""Who held an office before, beside who holds it."""

from __future__ import annotations

import pytest

from api.answering.combining.spans.predecessors import moved_to_predecessors
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage

_ASKED = "Who is the former chief executive of Corvex?"


def _moved(question: str, words: str, *sentences: str) -> str:
    passages = [make_passage(*sentences)]
    (scored,) = moved_to_predecessors(
        Question.parse(question), [find_span(passages, 0, words)], passages
    )
    return passages[0].chunk.words(scored.span)


@pytest.mark.parametrize(
    "sentences",
    [
        ("Corvex named Bo Ek as its chief executive.", "He succeeded Ann Lee, who was ill."),
        ("Chief executive Bo Ek spoke for Corvex.", "Ann Lee, who led it until May, did not."),
        (
            "Corvex's chief executive, Bo Ek, spoke.",
            "It rained.",
            "His predecessor, Ann Lee, left.",
        ),
        (
            "Corvex's chief executive, Bo Ek, spoke.",
            "It rained.",
            "It did so again.",
            "Ek, who replaced Ann Lee, has a boat.",
        ),
        ("Corvex named Bo Ek as chief executive to succeed Ann Lee.",),
    ],
)
def test_a_former_holder_beside_a_present_one_takes_its_place(sentences: tuple[str, ...]) -> None:
    assert _moved(_ASKED, "Bo Ek", *sentences) == "Ann Lee"
    assert _moved("Who is the chief executive of Corvex?", "Bo Ek", *sentences) == "Bo Ek"


def test_the_last_name_of_a_former_holder_may_be_a_word_of_its_own() -> None:
    text = ("Corvex appointed Bo Ek as chief executive.", "Ek replaced Moira Finn, who retires.")
    assert _moved(_ASKED, "Bo Ek", *text) == "Moira Finn"


@pytest.mark.parametrize(
    "sentences",
    [
        ("Corvex named Bo Ek as its chief executive.", "Former chairman Ann Lee spoke."),
        ("Corvex named Bo Ek as its chief executive.", "Ann Lee spoke."),
        ("Corvex's chief executive, Bo Ek, spoke.", "Chief executive Cy Hale replaced Ann Lee."),
        ("Bo Ek, the former Aldermoor chief executive, has led Corvex since May.",),
        (
            "Corvex named Bo Ek as its chief executive.",
            "It rained.",
            "It did.",
            "He replaced Ann Lee.",
        ),
    ],
)
def test_without_a_former_holder_beside_it_a_span_stays(sentences: tuple[str, ...]) -> None:
    assert _moved(_ASKED, "Bo Ek", *sentences) == "Bo Ek"
