"""Question marks that a question was sent without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.questions.question import Question
from api.answering.questions.question_mark import with_question_mark


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ("who runs acme", "who runs acme?"),
        ("Who runs Acme in April 2026. ", "Who runs Acme in April 2026?"),
        ("in which year was it built", "in which year was it built?"),
        ("What's the cost,", "What's the cost?"),
        ("How much did it pay to Acme Inc.", "How much did it pay to Acme Inc.?"),
        ("Who runs the BBC.", "Who runs the BBC?"),
        ("How many left the U.S.", "How many left the U.S.?"),
        ("By how much did it fall, in %", "By how much did it fall, in %?"),
        ('who said "no more"', 'who said "no more"?'),
    ],
)
def test_a_question_in_words_gets_its_mark(sent: str, asked: str) -> None:
    assert with_question_mark(sent) == asked


@pytest.mark.parametrize(
    "sent",
    [
        "Acme revenue 2024",
        "Who runs Acme?",
        "Who won!",
        "Who runs Acme？",
        'Who asked "are we done?"',
        "List the firms that left.",
        "whoever left",
    ],
)
def test_anything_else_stays(sent: str) -> None:
    assert with_question_mark(sent) == sent


@given(st.sampled_from(["Who left", "how many died in"]), st.text(max_size=40))
def test_a_question_has_one_mark_however_it_was_sent(opening: str, rest: str) -> None:
    once = with_question_mark(f"{opening} {rest}")
    assert with_question_mark(once) == once
    assert once == f"{opening} {rest}" or once.endswith("?")


def test_a_question_is_the_same_with_and_without_its_mark() -> None:
    assert Question.parse("who takes over in april 2026") == Question.parse(
        "who takes over in april 2026?"
    )
