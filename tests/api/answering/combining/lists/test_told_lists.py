from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.answering.combining.lists.told_lists import told_items
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_list, make_passage

if TYPE_CHECKING:
    from index.records import Passage

TITLE = "Acme recalls toys"


def under(passage: Passage, context: str) -> Passage:
    return replace(passage, chunk=replace(passage.chunk, context=context))


def told_words(question: str, noun: str, *passages: Passage, read: int = 1) -> list[str]:
    """The items, where the first passages were read and an article has all of them."""
    chunks = [passage.chunk for passage in passages]
    held = list(passages[:read])
    spans = [
        find_span(held, number, passage.chunk.text, 2.0, 5.0) for number, passage in enumerate(held)
    ]
    items, held = told_items(Question.parse(question), noun, spans, held, lambda _: chunks)
    return [held[item.passage].chunk.words(item.span) for item in items]


@pytest.mark.parametrize(
    ("lead_in", "expected"),
    [
        ("The brands are:", ["Skar", "Hune"]),
        ("The states are:", []),
        ("The brands", []),
    ],
)
def test_items_below_a_line_that_names_them_are_told(lead_in: str, expected: list[str]) -> None:
    passage = under(make_list("Skar: blue", "Hune"), f"{TITLE} — {lead_in}")
    assert told_words("Which toy brands were recalled?", "brand", passage) == expected


def rows(*lines: str) -> list[Passage]:
    passages, at = [], 0
    for line in lines:
        passages.append(make_passage(line, start=at, context="Firms cut jobs"))
        at += len(line) + 1
    return passages


TABLE = rows(
    "Company: Acme; Jobs cut: 90; Month: July",
    "Company: Beta; Jobs cut: 70; Month: June",
    "Company: Gamma; Jobs cut: 10; Month: July",
)


def test_a_column_that_is_called_as_asked_is_told_with_rows_that_were_not_read() -> None:
    expected = ["Acme", "Beta", "Gamma"]
    assert told_words("Which companies cut jobs?", "company", *TABLE) == expected
    assert told_words("Which firms cut jobs?", "firm", *TABLE, read=2) == expected


def test_a_word_that_some_rows_have_chooses_them() -> None:
    assert told_words("Which firms cut jobs in July?", "firm", *TABLE) == ["Acme", "Gamma"]


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Which towns cut jobs?", "town"),
        ("Which companies opened new offices abroad?", "company"),
        ("Which Nordic companies cut jobs?", "company"),
    ],
)
def test_a_table_of_something_else_tells_nothing(question: str, noun: str) -> None:
    assert told_words(question, noun, *TABLE) == []


def test_a_list_that_shares_only_names_with_the_question_tells_nothing() -> None:
    title = "Northern Premier Division sells its pictures"
    passage = under(make_list("Skar Town: no reason", "Hune"), f"{title} — Two clubs voted no:")
    question = "Which firms sponsor the Northern Premier Division?"
    assert told_words(question, "firm", passage) == []


def test_without_a_noun_nothing_is_told() -> None:
    assert told_items(Question.parse("Who won?"), None, [], TABLE, lambda _: []) == ([], TABLE)
