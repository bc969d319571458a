"""Reasons whose further parts stand behind "and"."""

from __future__ import annotations

import pytest

from api.answering.combining.spans.whole_reasons import whole_reasons
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage

_WHY = Question.parse("Why did Acme close the mill?")


def _whole(sentence: str, words: str, question: Question = _WHY) -> str:
    passages = [make_passage("It rained.", sentence)]
    (scored,) = whole_reasons(question, [find_span(passages, 0, words)], passages)
    return passages[0].chunk.words(scored.span)


@pytest.mark.parametrize(
    ("sentence", "words", "whole"),
    [
        (
            "Acme closed it because costs rose and demand fell.",
            "costs rose",
            "costs rose and demand fell",
        ),
        (
            "Acme closed it because costs rose and demand fell, and it will reopen.",
            "because costs rose",
            "because costs rose and demand fell",
        ),
        (
            "Acme closed it because costs rose, demand fell and staff left.",
            "costs rose",
            "costs rose, demand fell and staff left",
        ),
        (
            "Acme closed it because the price had risen and its bank refused a loan.",
            "because the price had risen",
            "because the price had risen and its bank refused a loan",
        ),
        (
            "Acme closed it because costs rose and because staff were short.",
            "costs rose",
            "costs rose and because staff were short",
        ),
        (
            "Due to rising costs and falling demand for bread, Acme closed it.",
            "rising costs",
            "rising costs and falling demand for bread",
        ),
        (
            "Acme closed it to cut costs and free cash for others.",
            "to cut costs",
            "to cut costs and free cash for others",
        ),
        (
            "Acme closed it owing to high costs and reduced demand.",
            "high costs",
            "high costs and reduced demand",
        ),
    ],
)
def test_a_reason_goes_on_behind_and(sentence: str, words: str, whole: str) -> None:
    assert _whole(sentence, words) == whole


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Acme closed it because costs rose, and the town lost 40 jobs.", "costs rose"),
        ("Acme closed it because costs rose and it will sell the land.", "costs rose"),
        ("Acme closed it because costs rose and moved to Skar.", "costs rose"),
        ("Acme closed it because of high costs and sold the land.", "high costs"),
        ("Acme closed it because of high costs and will sell the land.", "high costs"),
        ("Acme closed it to cut costs and sold the land.", "to cut costs"),
        ("Acme closed it to cut costs and its rival did so, too.", "to cut costs"),
        ("Acme closed it because costs rose, its chair said and left.", "costs rose"),
        ("Costs rose and demand fell at Acme.", "Costs rose"),
        ("Acme closed it because costs rose.", "costs rose"),
    ],
)
def test_what_is_no_part_of_a_reason_stays_out(sentence: str, words: str) -> None:
    assert _whole(sentence, words) == words


def test_other_questions_leave_spans_as_they_are() -> None:
    question = Question.parse("What did Acme say?")
    assert _whole("It said so because costs rose and demand fell.", "costs rose", question) == (
        "costs rose"
    )
