"""Parsing a question: text, names, years and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.questions.question import Question
from api.answering.words import text_words


def test_question_are_names_years_and_content_words() -> None:
    question = Question.parse("How much did Meta spend in 2025?")
    assert question.names == {"meta"}
    assert question.years == {"2025"}
    assert question.words == {"meta", "spend", "2025"}


def test_question_writes_white_space_as_one_space_and_keeps_what_was_sent() -> None:
    question = Question.parse("Who \t runs\nMeta?")
    assert (question.text, question.verbatim) == ("Who runs Meta?", "Who \t runs\nMeta?")
    assert question == Question.parse("Who runs Meta?")
    assert question != Question.parse("Who runs meta?")


def test_question_in_the_passive_is_asked_in_the_active_voice() -> None:
    question = Question.parse("Who was Acme bought by?")
    assert (question.text, question.verbatim) == ("Who bought Acme?", "Who was Acme bought by?")


def test_question_do_not_take_the_first_word_for_a_name() -> None:
    assert Question.parse("Spending by Meta").names == {"meta"}
    assert Question.parse("What did easyJet pay per kWh?").names == {"easyjet"}


def test_question_do_not_take_a_capitalised_stop_word_for_a_name() -> None:
    assert Question.parse("who and What About Intel").names == {"intel"}


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("in 1899", set()),
        ("in 1900", {"1900"}),
        ("in 2099", {"2099"}),
        ("in 2100", set()),
        ("in 20255", set()),
        ("a $2025 bill", {"2025"}),
    ],
)
def test_question_know_years_from_1900_to_2099(question: str, years: set[str]) -> None:
    assert Question.parse(question).years == years


@given(st.text())
def test_question_all_stand_in_the_question(question: str) -> None:
    parsed = Question.parse(question)
    assert parsed.names | parsed.years <= parsed.words <= text_words(question)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("As of January 2025, who ran Acme?", {"acme"}),
        ("Who will run Acme from July 2026?", {"acme"}),
        ("What did Theresa Ek do between March and May?", {"theresa", "ek"}),
        ("What happened at Acme on Monday?", {"acme"}),
        ("What did the people of May Island say?", {"island"}),
        ("Who is April Jones?", {"april", "jones"}),
    ],
)
def test_days_and_months_are_no_names(question: str, names: set[str]) -> None:
    assert Question.parse(question).names == names
