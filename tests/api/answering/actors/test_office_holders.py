"""Which spans are said of one who holds an office, where one who held it before is asked for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from api.answering.actors.governing import Governing
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage

if TYPE_CHECKING:
    from index.records import Passage

_ASKED = "Who is the former chief executive of Corvex?"


def _unfit(question: str, words: str, *passages: Passage) -> bool:
    read = list(passages)
    at = next(number for number, each in enumerate(read) if words in each.chunk.text)
    governing = Governing(Question.parse(question), read)
    return governing.of_another(find_span(read, at, words))


@pytest.mark.parametrize(
    "sentence",
    [
        "Corvex said that its chief executive, Bo Ek, would speak.",
        "Corvex named Bo Ek as chief executive on Friday.",
        "Bo Ek, chief executive of Corvex, spoke.",
        "Corvex, led by Bo Ek, spoke of its chief executive's pay.",
        "Bo Ek took over from Ann Lee as chief executive of Corvex.",
        "Corvex says Bo Ek has led it since May.",
    ],
)
def test_a_present_holder_is_no_former_one(sentence: str) -> None:
    assert _unfit(_ASKED, "Bo Ek", make_passage(sentence))
    assert not _unfit("Who is the chief executive of Corvex?", "Bo Ek", make_passage(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Former Corvex chief executive Ann Lee spoke.",
        "Ann Lee, chief executive of Corvex until March, spoke.",
        "Ann Lee, who led Corvex until March, spoke.",
        "Ann Lee stepped down as chief executive of Corvex.",
        "Corvex named Bo Ek to succeed Ann Lee as chief executive.",
        "Its chief executive, Bo Ek, came after his predecessor, Ann Lee, left Corvex.",
    ],
)
def test_a_former_holder_fits(sentence: str) -> None:
    assert not _unfit(_ASKED, "Ann Lee", make_passage(sentence, context="Corvex"))


def test_a_present_holder_is_known_by_the_last_name_wherever_it_stands() -> None:
    text = ("Corvex's chief executive, Bo Ek, spoke.", "Ek has a boat.", "Ann Lee has none.")
    assert _unfit(_ASKED, "Ek has"[:2], make_passage(*text[1:], text[0]))
    assert not _unfit(_ASKED, "Ann Lee", make_passage(*text, context="Corvex"))


def test_the_former_office_is_the_asked_one() -> None:
    sentence = "Rovers named the former City captain Bo Ek as coach."
    passage = make_passage(sentence)
    assert _unfit("Who is the former coach of Rovers?", "Bo Ek", passage)
    assert not _unfit("Who is the former captain of City?", "Bo Ek", passage)


def test_the_former_office_is_that_of_the_asked_owner() -> None:
    passage = make_passage("Manager Bo Ek, the former City manager, praised Rovers.")
    assert _unfit("Who is the former manager of Rovers?", "Bo Ek", passage)
    assert not _unfit("Who is the former manager of City?", "Bo Ek", passage)


def test_a_holder_in_an_older_article_than_another_is_a_former_one() -> None:
    old = make_passage(
        "Ann Lee, chief executive of Corvex, spoke.", article_id="old", day=dt.date(2021, 5, 4)
    )
    new = make_passage(
        "Bo Ek, chief executive of Corvex, spoke.", article_id="new", day=dt.date(2025, 5, 4)
    )
    other = make_passage(
        "Its chief executive, Bo Ek, spoke.", article_id="new", day=dt.date(2025, 5, 4)
    )
    assert not _unfit(_ASKED, "Ann Lee", old, new)
    assert _unfit(_ASKED, "Bo Ek", old, new)
    assert _unfit(_ASKED, "Ann Lee", old, other)


def test_a_predecessor_may_have_held_any_office() -> None:
    passage = make_passage("Bo Ek, who runs Corvex, took over from founder Ann Lee.")
    question = "Who was Mr Ek's predecessor at Corvex?"
    assert _unfit(question, "Bo Ek", passage)
    assert not _unfit(question, "Ann Lee", passage)
