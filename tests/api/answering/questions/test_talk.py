from __future__ import annotations

import json

import pytest

from api.answering.questions.talk import (
    NOTHING,
    OF_THE_ANSWER,
    WRITING,
    why_not_asked,
    without_courtesies,
)
from tests.conftest import REPOSITORY


@pytest.mark.parametrize(
    "said",
    [
        "Thanks!",
        "thank you so much for your help",
        "OK, great. That’s all, thanks",
        "Hello there",
        "Yes.",
        "Very helpful!",
        "👍",
        "??",
    ],
)
def test_courtesies_ask_nothing(said: str) -> None:
    assert why_not_asked(said) == NOTHING


@pytest.mark.parametrize(
    "said",
    [
        "Why?",
        "And why is that?",
        "Are you sure?",
        "Thanks. Tell me more",
        "Can you summarise it in French?",
        "Source?",
        "Where did you find that?",
    ],
)
def test_turns_about_the_answer_ask_nothing_of_the_articles(said: str) -> None:
    assert why_not_asked(said) == OF_THE_ANSWER


@pytest.mark.parametrize(
    "said", ["Summarize the articles about Meta", "Please write a poem about Meta"]
)
def test_orders_to_write_ask_nothing_of_the_articles(said: str) -> None:
    assert why_not_asked(said) == WRITING


@pytest.mark.parametrize(
    "question",
    [
        "Thanks to whom did Meta grow?",
        "Great Britain?",
        "Why did it close?",
        "What else did it buy?",
        "More revenue at Meta?",
        "Who wrote a poem?",
        "Right to Buy sales?",
        "And Intel?",
        "Thanks! And Intel?",
        "2023?",
        "Translate Bio raised how much?",
    ],
)
def test_questions_are_no_talk(question: str) -> None:
    assert why_not_asked(question) is None


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("Hi, who runs Meta? Thanks!", "who runs Meta?"),
        ("Thank you. OK: and in 2023?", "and in 2023?"),
        ("Thanks! And Intel?", "And Intel?"),
        ("Hello! magazine sales?", "Hello! magazine sales?"),
        ("Who runs Meta, please?", "Who runs Meta, please?"),
        ("Who runs Meta? In 2023", "Who runs Meta? In 2023"),
        ("Good Energy, the supplier?", "Good Energy, the supplier?"),
        ("Who runs Meta?", "Who runs Meta?"),
        ("Who is Dr. No", "Who is Dr. No"),
        ("Thanks!", "Thanks!"),
    ],
)
def test_courtesies_around_a_question_are_left_out(said: str, question: str) -> None:
    assert without_courtesies(said) == question


def test_sample_questions_stay_as_they_are() -> None:
    lines = (REPOSITORY / "corpus" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    assert [without_courtesies(question) for question in questions] == questions
    assert [why_not_asked(question) for question in questions] == [None] * len(questions)


@pytest.mark.parametrize("unit", ["? ", "\n", "hi, ", "x? ", "thanks ", "why ", ".", "translate "])
def test_long_talk_is_read_at_once(unit: str) -> None:
    said = f"Who runs Meta?{unit * 5_000}x"
    assert without_courtesies(said) in said
    why_not_asked(said)
