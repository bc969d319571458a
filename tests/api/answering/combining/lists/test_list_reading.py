from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.answering.combining.lists.list_reading import (
    most_promising,
    question_of_one,
    read_again,
    read_in_groups,
    spread,
)
from api.answering.questions.question import Question
from api.answering.reading.reader import CascadeScores, ScoredSpan
from api.answering.time.frames import read_question_time
from tests.api.answering.combining.making import TODAY
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.records import Passage

QUESTION = "Which companies signed the code?"


def test_no_article_fills_what_is_read_alone() -> None:
    passages = [make_passage(f"One {number}.", article_id="a") for number in range(5)]
    passages += [make_passage("Two.", article_id="b"), make_passage("Three.", article_id="c")]
    chosen = [passage.article.id for passage in spread(passages, 6)]
    assert chosen == ["a", "a", "a", "b", "c", "a"]


class MarginReader(FakeReader):
    """Takes passages whole, each with the margin and stage that its text says: "1.5 both"."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        texts = [passage.chunk.text for passage in passages]
        self.groups.append([question.text, *texts])
        spans = []
        for number, text in enumerate(texts):
            margin, stage = text.split()
            span = find_span(list(passages), number, text, 5 + float(margin), 5.0)
            spans.append(replace(span, cascade=CascadeScores(0, 0, 0, read_twice=stage == "both")))
        return spans


def read_list(*texts: str, size: int) -> tuple[list[tuple[str, float, float]], MarginReader]:
    reader, passages = MarginReader(), [make_passage(text) for text in texts]
    spans = read_in_groups(reader, Question.parse(QUESTION), passages, size)
    return [(texts[scored.passage], scored.score, scored.null_score) for scored in spans], reader


def test_passages_of_a_list_are_read_in_groups_of_an_ordinary_questions_size() -> None:
    spans, reader = read_list("5 both", "4 both", "3 both", "2 both", "1 both", size=2)
    assert reader.groups == [
        [QUESTION, "5 both", "2 both"],
        [QUESTION, "4 both", "1 both"],
        [QUESTION, "3 both"],
    ]
    assert [score for _, score, _ in spans] == [5.0, 4.0, 3.0, 2.0, 1.0]


def test_what_one_stage_has_read_counts_less_than_what_both_have() -> None:
    spans, _ = read_list("3 one", "-2 both", "1 one", "4 both", size=4)
    assert spans == [
        ("4 both", 4.0, 0.0),
        ("3 one", -2.0, -5.0),
        ("-2 both", -2.0, 0.0),
        ("1 one", -4.0, -5.0),
    ]
    assert read_list("3 one", "1 one", size=4)[0] == [("3 one", 3.0, 0.0), ("1 one", 1.0, 0.0)]


def test_the_most_promising_passages_are_read_for_one_item_too() -> None:
    passages = [make_passage("1 both"), make_passage("2 both", article_id="b")]
    first = [find_span(passages, 0, "1", -1.0), find_span(passages, 1, "2", 1.0)]
    assert most_promising(first, passages, 1) == [1]
    reader = MarginReader()
    of_one = Question.parse("Which company signed?")
    spans = read_again(reader, of_one, passages, first, 1)
    assert reader.groups == [["Which company signed?", "2 both"]]
    assert [(scored.passage, scored.score) for scored in spans] == [(1, 2.0), (1, 1.0), (0, -1.0)]


def test_a_single_item_is_asked_for_without_the_time() -> None:
    time = read_question_time("Which firms closed in 2023?", TODAY)
    assert question_of_one("Which firm closed in 2023?", time).text == "Which firm closed?"
    time = read_question_time("Which firms closed?", TODAY)
    assert question_of_one("Which firm closed?", time).text == "Which firm closed?"
