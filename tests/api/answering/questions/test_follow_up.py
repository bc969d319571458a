"""Follow-ups are rewritten by rule, with the names and time of the question before."""

from __future__ import annotations

import datetime as dt

import pytest

from api.answering.questions.follow_up import QuestionContext, context_of, follow_up, goes_on

DAY = dt.date(2025, 11, 1)
SPENT = "How much did Meta spend in 2024?"


@pytest.mark.parametrize(
    ("question", "previous", "asked"),
    [
        ("And Microsoft?", SPENT, "How much did Microsoft spend in 2024?"),
        ("What about in 2023?", SPENT, "How much did Meta spend in 2023?"),
        ("In 2023?", SPENT, "How much did Meta spend in 2023?"),
        ("and 2023", SPENT, "How much did Meta spend in 2023?"),
        ("And Microsoft in 2023?", SPENT, "How much did Microsoft spend in 2023?"),
        ("And for the founders?", SPENT, "How much did Meta spend in 2024 for the founders?"),
        ("And the founders?", SPENT, "How much did Meta spend in 2024 for the founders?"),
        ("And for Intel?", SPENT, "How much did Intel spend in 2024?"),
        ("And who runs it?", SPENT, "Who runs Meta in 2024?"),
        ("What were its profits in 2023?", SPENT, "What were Meta's profits in 2023?"),
        ("What is the company's margin?", "Who runs Meta?", "What is Meta's margin?"),
        ("How high is the margin?", "Who runs Meta?", "How high is the margin for Meta?"),
        ("And who runs Intel?", SPENT, "Who runs Intel in 2024?"),
        ("Who runs Intel?", SPENT, "Who runs Intel?"),
        (
            "And last quarter?",
            "What was Nvidia's revenue?",
            "What was Nvidia's revenue last quarter?",
        ),
        ("And Intel's?", "What was Nvidia's revenue?", "What was Intel's revenue?"),
        ("And AMD?", "Is Intel bigger than Nvidia?", "Is Intel bigger than AMD?"),
        ("And why?", "How much rain fell?", "And why?"),
        ("And how?", "How much rain fell?", "How?"),
        ("Thanks!", "Who runs Meta?", "Thanks!"),
        ("Thanks! And Microsoft?", "Who runs Meta?", "Who runs Microsoft?"),
        ("Thanks. Who runs Intel?", "Who runs Meta?", "Thanks. Who runs Intel?"),
        ("And?", SPENT, "And?"),
    ],
)
def test_follow_up_is_asked_with_what_it_lacks(question: str, previous: str, asked: str) -> None:
    assert follow_up(question, previous, (), DAY) == asked


@pytest.mark.parametrize(
    ("question", "without", "asked"),
    [
        ("And Microsoft?", ["in 2024"], "How much did Microsoft spend?"),
        ("And for the founders?", ["in 2024"], "How much did Meta spend for the founders?"),
        ("Who are the founders?", ["Meta"], "Who are the founders in 2024?"),
        ("Who are the founders?", ["Meta", "in 2024"], "Who are the founders?"),
    ],
)
def test_what_was_taken_off_is_not_asked_about(
    question: str, without: list[str], asked: str
) -> None:
    assert follow_up(question, SPENT, without, DAY) == asked


def test_context_is_the_names_and_the_time() -> None:
    assert context_of(SPENT, DAY) == QuestionContext(("Meta",), "in 2024")
    assert context_of("Who runs Intel and AMD?", DAY) == QuestionContext(("Intel", "AMD"), None)
    assert context_of("how much?", DAY) == QuestionContext((), None)


@pytest.mark.parametrize(
    ("question", "says_so"),
    [
        ("And AMD?", True),
        ("What about 2023?", True),
        ("In 2023?", True),
        ("AMD?", True),
        ("When did it open?", True),
        ("Who is their chief?", True),
        ("Is it true that it sold its shares?", True),
        ("When did it buy Intel?", True),
        ("How many jobs did it cut?", True),
        ("How many people run it?", True),
        ("How many people said that it would leave?", True),
        ("Which companies bought its chips?", True),
        ("What were its profits?", True),
        ("Who leads its cloud unit?", True),
        ("What did the company say about its spending?", True),
        ("AMD and Nvidia?", True),
        ("Microsoft in 2023?", True),
        ("For Intel?", True),
        ("For Intel's founders?", True),
        ("Intel's?", True),
        ("Operating profit?", True),
        ("Revenue in 2021?", True),
        ("The founders?", True),
        ("Last quarter?", True),
        ("And Meta revenue in 2021?", True),
        ("What did Meta say about its spending?", False),
        ("Is it true that Meta sold its shares?", False),
        ("Meta revenue in 2021?", False),
        ("Intel's revenue?", False),
        ("Net income of Intel?", False),
        ("How many people said that they would leave?", False),
        ("How many people lost their jobs?", False),
        ("Which company cut its forecast?", False),
        ("Which firms cut jobs?", False),
        ("Who runs Intel?", False),
        ("Thanks!", False),
        ("And?", False),
        ("", False),
    ],
)
def test_question_says_by_itself_that_it_follows_up_another(question: str, says_so: bool) -> None:
    assert goes_on(question) is says_so
