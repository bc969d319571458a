from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.answering.combining.series.choosing import choose
from api.answering.combining.series.series_reading import SeriesReading
from api.answering.combining.series.undated_reading import answers_of_time
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.time.frames import read_question_time, without_time
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import open_current
from index.records import Filters
from index.retriever import Retriever
from tests.api.answering.combining.making import Said, choice_of
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeEncoder, fake_calibration, write_articles
from tests.money_reader import MoneyReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

TODAY = dt.date(2026, 1, 15)
ARTICLES = [
    {"id": "spent", "text": "The rail agency spent $8 billion.", "published_at": "2025-10-02"},
    {"id": "later", "text": "The rail agency spent $10 billion.", "published_at": "2026-01-10"},
]


class TimelessReader(MoneyReader):
    """Finds no answer to a question that names a year."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[str] = []

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        self.questions.append(question.text)
        return [] if question.years else super().read(question, passages)


@pytest.mark.parametrize(
    ("question", "answer", "undated"),
    [
        ("How much had the agency spent as of October 2025?", "$8 billion", True),
        ("How much had the agency spent as of May 2023?", None, False),
        ("How much has the agency spent?", "$10 billion", False),
    ],
)
def test_what_is_not_answered_with_its_time_is_read_without(
    tmp_path: Path,
    index_dir: Path,
    encoder: FakeEncoder,
    question: str,
    answer: str | None,
    undated: bool,
) -> None:
    corpus = tmp_path / "rail"
    corpus.mkdir()
    write_articles(corpus, ARTICLES)
    build_index(corpus, index_dir, encoder, ChunkingParameters())
    retriever = Retriever(open_current(index_dir, encoder), encoder)
    reader = TimelessReader()
    parsed, filters = Question.parse(question), Filters()
    reading = SeriesReading(retriever, Ranker(reader, fake_calibration())).read(
        parsed,
        read_question_time(question, TODAY),
        filters,
        retriever.retrieve(question, 2, filters),
        0.1,
    )
    texts = [item.candidate.text for item in reading.choice.ranked]
    assert (texts[0] if texts else None) == answer
    assert ("How much had the agency spent?" in reader.questions) == undated


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("As of May 2024, what was the rate?", "What was the rate?"),
        ("What was the rate in May 2024?", "What was the rate?"),
        ("What happened in May 2024?", None),
    ],
)
def test_a_question_without_its_time(question: str, left: str | None) -> None:
    frame = read_question_time(question, TODAY).frame
    assert frame is not None
    assert without_time(question, frame) == left


@pytest.mark.parametrize(
    ("asked", "sentence", "figure", "day", "answers"),
    [
        ("last quarter", "Acme made $3 billion in 2025.", "$3 billion", "2025-07-10", False),
        (
            "last month",
            "Acme sells $3 billion of oil until 2042.",
            "$3 billion",
            "2025-07-10",
            False,
        ),
        ("in 2030", "Acme sells $3 billion of oil until 2042.", "$3 billion", "2025-07-10", True),
        (
            "last quarter",
            "Acme made $3 billion, up 9% from the previous quarter.",
            "$3 billion",
            "2025-06-02",
            False,
        ),
        (
            "last quarter",
            "Acme made $3 billion, up 9% from a year earlier.",
            "$3 billion",
            "2026-01-10",
            True,
        ),
        (
            "in the third quarter",
            "Acme made $3 billion, up 9% from a year earlier.",
            "$3 billion",
            "2025-11-02",
            True,
        ),
        (
            "in the second quarter",
            "Acme made $3 billion, up 9% from a year earlier.",
            "$3 billion",
            "2025-11-02",
            False,
        ),
    ],
)
def test_what_is_read_again_is_of_the_asked_time(
    asked: str, sentence: str, figure: str, day: str, answers: bool
) -> None:
    question = Question.parse("How much did Acme make?")
    choice = replace(choice_of(question.text, Said(sentence, figure, day, 9)), frame_use="filter")
    frame = read_question_time(f"How much did Acme make {asked}?", TODAY).frame
    assert frame is not None
    assert answers_of_time(question, frame, choice, 0.1) is answers


@pytest.mark.parametrize(
    ("sentence", "answers"),
    [
        ("Acme spent $3 billion in the first five months.", False),
        ("Acme spent $3 billion in the second quarter.", False),
        ("Acme spent $3 billion on the first five ships.", True),
    ],
)
def test_a_figure_of_some_months_answers_no_question_of_a_year(
    sentence: str, answers: bool
) -> None:
    question = Question.parse("How much did Acme spend?")
    said = Said(sentence, "$3 billion", "2025-07-10", 9)
    choice = replace(choice_of(question.text, said), frame_use="filter")
    frame = read_question_time("How much did Acme spend in 2025?", TODAY).frame
    assert frame is not None
    assert answers_of_time(question, frame, choice, 0.1) is answers


@pytest.mark.parametrize(
    ("heading", "answers"),
    [
        ("Acme: results for the year 2025", True),
        ("Acme: results for the third quarter of 2025", False),
        ("Acme: results for the year 2024", False),
        ("Acme: annual results", False),
    ],
)
def test_a_figure_below_the_heading_of_its_year_is_of_it(heading: str, answers: bool) -> None:
    question = Question.parse("How much did Acme spend?")
    passages = [make_passage("Acme spent $3 billion.", context=heading, day=dt.date(2026, 1, 10))]
    spans = [find_span(passages, 0, "$3 billion", 9)]
    calibration = fake_calibration()
    ranked = Ranker(TimelessReader(), calibration).weigh(question, spans, passages)
    asked = read_question_time("How much did Acme spend in 2025?", TODAY)
    choice = choose(question, asked, ranked, passages, spans, calibration, 0.1)
    assert asked.frame is not None
    assert answers_of_time(question, asked.frame, choice, 0.1) is answers
