"""Passive questions in the active voice."""

import pytest

from api.answering.questions.active_voice import active_voice


@pytest.mark.parametrize(
    ("passive", "active"),
    [
        ("Who was Acme Bank taken over by?", "Who took over Acme Bank?"),
        ("By whom was the sale of Acme blocked in May?", "Who blocked the sale of Acme in May?"),
        ("Which firm was Acme bought by in 2020?", "Which firm bought Acme in 2020?"),
        ("By which Danish company is Acme being bought?", "Which Danish company bought Acme?"),
        ("who was Ada Lind replaced by at Acme", "Who replaced Ada Lind at Acme?"),
    ],
)
def test_who_did_something_is_asked_in_the_active_voice(passive: str, active: str) -> None:
    assert active_voice(passive) == active


@pytest.mark.parametrize(
    "question",
    [
        "Who was hired by Acme?",
        "Who bought Acme?",
        "By how much was the forecast cut?",
        "By which month were prices raised?",
        "What percentage of Acme was bought by Beta?",
        "Who is Acme led by?",
        "By whom has the club been led since March?",
    ],
)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert active_voice(question) == question
