from __future__ import annotations

import json

import pytest

from api.answering.combining.claims.claim import claim_of
from api.answering.combining.comparisons.comparison_questions import asked_comparison
from api.answering.combining.lists.list_questions import asks_for_list
from api.answering.combining.unanswered_forms import unanswered_form, untold_form
from api.answering.values.parsing import parse_value
from tests.api.answering.making import find_span, make_passage
from tests.conftest import REPOSITORY


@pytest.mark.parametrize(
    ("question", "form", "asked"),
    [
        (
            "How much do Acme and Beta spend in total?",
            "sum",
            ["How much do Acme spend?", "How much do Beta spend?"],
        ),
        (
            "What is the combined output of Acme and Beta?",
            "sum",
            ["What is the output of Acme?", "What is the output of Beta?"],
        ),
        (
            "What is the average fare of Acme, Beta and Gamma?",
            "average",
            [
                "What is the fare of Acme?",
                "What is the fare of Beta?",
                "What is the fare of Gamma?",
            ],
        ),
        ("Did Acme buy Beta?", "yes or no", []),
        ("In 2024, was Acme profitable?", "yes or no", []),
    ],
)
def test_sums_averages_and_yes_or_no_are_read(question: str, form: str, asked: list[str]) -> None:
    read = unanswered_form(question)
    assert read is not None
    assert (read.form, [side.question for side in read.sides]) == (form, asked)


@pytest.mark.parametrize(
    "question",
    [
        "How much has Acme committed to Beta altogether?",
        "What was the average crowd of Acme?",
        "What total did Ada Lind and her team name?",
        "Can you tell me who runs Acme?",
        "Is it Paris or London?",
        "How much did Acme and Beta agree on?",
        "What does the deal mean for Acme and Beta?",
        "What did the Dow Jones Industrial Average and the Nasdaq lose?",
    ],
)
def test_totals_and_averages_of_one_thing_are_facts(question: str) -> None:
    assert unanswered_form(question) is None


def test_facts_of_the_sample_questions_stay_facts() -> None:
    lines = (REPOSITORY / "corpus" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    others = [
        question
        for question in questions
        if asks_for_list(question)
        or asked_comparison(question) is not None
        or unanswered_form(question) is not None
    ]
    assert len(questions) > 300
    assert others == [
        "Which banks arranged the $15 billion bond sale by Amazon in November 2025?",
        "Did JLARC propose a ban on new data centres in Virginia?",
    ]


@pytest.mark.parametrize(
    ("question", "text", "words", "form"),
    [
        ("What is the average fee of Rovers?", "Rovers paid £16m for Bo Ek.", "£16m", "average"),
        ("What is the average crowd of Rovers?", "The average crowd was 2,310.", "2,310", None),
        ("How much do nurses earn on average?", "Nurses earn £640 a week.", "£640", None),
        ("What did Rovers pay for Bo Ek?", "Rovers paid £16m for Bo Ek.", "£16m", None),
        ("What does the sale mean for Acme?", "Acme will close its mill.", "close its mill", None),
        ("Who left the Dow Jones Industrial Average?", "Acme left the index.", "Acme", None),
        ("How did Acme's auditor change?", "Bolt LLP audits Acme.", "Bolt LLP", "change"),
        ("How has the fare changed?", "The fare is €3.", "€3", "change"),
        ("How has the fare changed?", "The fare rose 5%.", "5%", None),
        ("By how much has the fare changed?", "The fare is 5% dearer.", "5%", None),
        ("How has the law changed?", "It now bans smoking.", "bans smoking", None),
    ],
)
def test_averages_and_changes_that_an_answer_does_not_tell_are_read(
    question: str, text: str, words: str, form: str | None
) -> None:
    passages = [make_passage(text)]
    claim = claim_of(0, find_span(passages, 0, words), passages[0], parse_value(words))
    untold = untold_form(question, claim)
    assert (None if untold is None else untold.form) == form
