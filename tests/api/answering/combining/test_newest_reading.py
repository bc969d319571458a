from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from api.answering.combining.newest_reading import NewestReading
from api.answering.question import Question
from api.answering.ranking import Ranker
from api.answering.time.frames import read_question_time
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import open_current
from index.records import Filters
from index.retriever import Retriever
from tests.conftest import FakeEncoder, fake_calibration, write_articles
from tests.money_reader import MoneyReader

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 1, 15)
OLD = "Meta will spend $64 billion on servers and cables this year."
NEW = "On servers and cables it will spend $70 billion this year, Meta now says."
OTHERS = [f"How Meta is spending its {word} is much discussed." for word in "abcdefgh"]


@pytest.fixture
def retriever(tmp_path: Path, index_dir: Path, encoder: FakeEncoder) -> Retriever:
    articles = [
        {"id": "old", "text": OLD, "published_at": "2025-05-02"},
        {"id": "new", "text": NEW, "published_at": "2025-10-31"},
        *(
            {"id": f"other{number}", "text": text, "published_at": "2025-01-01"}
            for number, text in enumerate(OTHERS)
        ),
    ]
    folder = tmp_path / "figures"
    folder.mkdir()
    write_articles(folder, articles)
    build_index(folder, index_dir, encoder, ChunkingParameters())
    return Retriever(open_current(index_dir, encoder), encoder)


def read(
    retriever: Retriever, text: str, first: list[str], filters: Filters | None = None
) -> list[str]:
    """The ids of the articles that are read when retrieval found these, best first."""
    question = Question.parse(text)
    found = {
        passage.article.id: passage
        for passage in retriever.retrieve("Meta servers cables spending", 10).passages
    }
    reading = NewestReading(retriever, Ranker(MoneyReader(), fake_calibration())).read(
        question,
        read_question_time(text, TODAY),
        Filters() if filters is None else filters,
        [found[article] for article in first],
    )
    return [passage.article.id for passage in reading.passages]


FIRST = ["old", *(f"other{number}" for number in range(7))]


def test_newer_statements_of_what_answers_take_the_last_places(retriever: Retriever) -> None:
    assert read(retriever, "How much is Meta spending?", FIRST) == [*FIRST[:6], "new", FIRST[6]]


@pytest.mark.parametrize(
    "question",
    [
        "How much was Meta spending in May 2025?",
        "How much was Meta originally spending?",
    ],
)
def test_a_question_of_a_set_time_is_read_as_found(retriever: Retriever, question: str) -> None:
    assert read(retriever, question, FIRST) == FIRST


def test_newer_statements_pass_the_filters_of_the_question(retriever: Retriever) -> None:
    filters = Filters(published_to=dt.date(2025, 6, 1))
    assert read(retriever, "How much is Meta spending?", FIRST, filters) == FIRST


def test_few_passages_are_all_read_as_found(retriever: Retriever) -> None:
    assert read(retriever, "How much is Meta spending?", FIRST[:4]) == FIRST[:4]
