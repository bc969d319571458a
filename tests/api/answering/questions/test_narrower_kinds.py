"""What a question asks for more narrowly than its kind."""

from __future__ import annotations

import pytest

from api.answering.questions.narrower_kinds import (
    is_title,
    is_too_wide,
    names_asked_place,
    names_asked_thing,
)
from api.answering.questions.question import Question


@pytest.mark.parametrize(
    ("question", "fitting", "too_wide"),
    [
        ("Which country builds it?", "Sri Lanka", "Colombo"),
        ("Which two countries host it?", "the U.K. and Türkiye", "Leeds and Ankara"),
        ("Which European nation voted no?", "the Danish", "Århus"),
        ("Which company builds it?", "China Telecom", "China"),
        ("Which company builds it?", "Texas Instruments", "Texas"),
        ("Which airline cancelled flights?", "Air India", "the Netherlands"),
        ("In which year did it open?", "in 1932", "last spring"),
        ("Which month was the hottest?", "July", "summer"),
        ("In which year could it strike?", "2182", "September"),
        ("On what day did it open?", "13 May", "May"),
        ("On which day was it signed?", "Tuesday", "last week"),
        ("From what hour is it open?", "after 7pm", "the evening"),
        ("At what time did it leave?", "half past four", "on Monday"),
    ],
)
def test_what_is_asked_for_may_be_narrower_than_its_kind(
    question: str, fitting: str, too_wide: str
) -> None:
    parsed = Question.parse(question)
    assert not is_too_wide(parsed, fitting)
    assert is_too_wide(parsed, too_wide)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which team won the cup?", "Argentina"),
        ("Which town is it in?", "Colombo"),
        ("When did it open?", "last spring"),
        ("By what time of year is it lit?", "winter"),
    ],
)
def test_other_questions_take_what_is_of_their_kind(question: str, words: str) -> None:
    assert not is_too_wide(Question.parse(question), words)


@pytest.mark.parametrize(
    ("question", "words", "named"),
    [
        ("Which state is the plant in?", "Lille, Texas", True),
        ("In which US state did it begin?", "Lubbock", False),
        ("Which member state objects?", "Ohio", False),
        ("Which country is it in?", "Ohio", False),
        ("What did the state pay?", "Ohio", False),
        ("In which county did it begin?", "Skar County", True),
        ("Which county voted?", "Hune", False),
    ],
)
def test_a_state_or_county_may_be_asked_for(question: str, words: str, named: bool) -> None:
    assert names_asked_place(Question.parse(question), words) is named


def test_a_title_is_no_person() -> None:
    actors = Question.parse("Which actor won a prize?")
    assert is_title(actors, 'He won for "', '," which ended')
    assert is_title(actors, 'He won for "', '" in May')
    assert not is_title(actors, "He said that ", " won")
    assert not is_title(Question.parse("Who won the prize for drama?"), 'It was "', '" again')


@pytest.mark.parametrize(
    ("question", "words", "named"),
    [
        ("Which Ford plant did the union shut?", "Kentucky Truck Plant", True),
        ("Which university sacked him?", "the University of Leeds", True),
        ("Which Ford plant did the union shut?", "Louisville", False),
        ("Which Ford plant did the union shut?", "a plant in Louisville", False),
        ("Who shut the plant?", "Kentucky Truck Plant", False),
    ],
)
def test_a_thing_may_be_named_by_the_noun_that_is_asked_for(
    question: str, words: str, named: bool
) -> None:
    assert names_asked_thing(Question.parse(question), words) is named
