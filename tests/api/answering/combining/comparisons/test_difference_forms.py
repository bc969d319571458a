import pytest

from api.answering.combining.comparisons.comparison_questions import asked_comparison
from api.answering.combining.comparisons.difference_forms import tells_difference


@pytest.mark.parametrize(
    ("question", "left", "right", "aim"),
    [
        (
            "How much more revenue did Acme have than Beta?",
            "How much revenue did Acme have?",
            "How much revenue did Beta have?",
            "most",
        ),
        (
            "How much cheaper is Acme's plan than Beta's?",
            "How expensive is Acme's plan?",
            "How expensive is Beta's plan?",
            "least",
        ),
        (
            "How many percentage points higher was turnout in Skar than in Hune?",
            "How high was turnout in Skar?",
            "How high was turnout in Hune?",
            "most",
        ),
        (
            "How much more did Acme sell in 2024 than in 2023?",
            "How much did Acme sell in 2024?",
            "How much did Acme sell in 2023?",
            "most",
        ),
        (
            "How much taller is the crane at Hune than the crane at Skar?",
            "How tall is the crane at Hune?",
            "How tall is the crane at Skar?",
            "most",
        ),
        (
            "In 2024, how much more did Acme earn than Beta?",
            "How much did Acme earn in 2024?",
            "How much did Beta earn in 2024?",
            "most",
        ),
        (
            "By how much was Acme's fine higher than Beta's?",
            "How high was Acme's fine?",
            "How high was Beta's fine?",
            "most",
        ),
        (
            "By how much did Acme's profit exceed Beta's in 2024?",
            "How high was Acme's profit in 2024?",
            "How high was Beta's profit in 2024?",
            "most",
        ),
        (
            "By how much does Acme's price trail Beta's?",
            "How high is Acme's price?",
            "How high is Beta's price?",
            "least",
        ),
        (
            "What is the difference between Acme's and Beta's profit?",
            "What is Acme's profit?",
            "What is Beta's profit?",
            "most",
        ),
        (
            "How big is the gap in profit between Acme and Beta in 2024?",
            "What is the profit of Acme in 2024?",
            "What is the profit of Beta in 2024?",
            "most",
        ),
    ],
)
def test_a_difference_is_asked_of_each_side(question: str, left: str, right: str, aim: str) -> None:
    comparison = asked_comparison(question)
    assert comparison is not None
    assert [side.question for side in comparison.sides] == [left, right]
    assert (comparison.aim, comparison.for_difference) == (aim, True)


@pytest.mark.parametrize(
    "question",
    [
        "How much did Acme earn?",
        "How much more than expected did Acme earn?",
        "How much higher was revenue than a year earlier?",
        "How many times bigger is Acme than Beta?",
        "By how much did Acme's profit fall?",
        "What is the difference between Acme and Beta?",
        "How much more can Acme spend?",
    ],
)
def test_other_questions_ask_for_no_difference(question: str) -> None:
    assert asked_comparison(question) is None


def test_a_comparison_asks_for_no_difference() -> None:
    comparison = asked_comparison("Did Acme earn more than Beta?")
    assert comparison is not None
    assert not comparison.for_difference


@pytest.mark.parametrize(
    ("sentence", "words", "told"),
    [
        ("Acme spent $5 million more than Beta.", "$5 million", True),
        ("Acme, it spent 12 seats fewer than Beta.", "12 seats", True),
        ("Acme leads Beta by 12 points.", "12 points", True),
        ("The gap of 12 points between Acme and Beta grew.", "12 points", True),
        ("Acme drew 31,000 fans last season, Beta 22,500.", "31,000", False),
        ("Acme spent $5 million, more than Beta.", "$5 million", False),
        ("Acme spent $5 million more than in May.", "$5 million", False),
        ("Acme spent $5 million.", "$5 million", False),
    ],
)
def test_a_sentence_tells_a_difference(sentence: str, words: str, told: bool) -> None:
    start = sentence.index(words)
    assert tells_difference(sentence, start, start + len(words), ("Acme", "Beta")) is told
