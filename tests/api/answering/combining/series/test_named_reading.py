from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from api.answering.combining.series.series_reading import Reading, SeriesReading
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.time.frames import read_question_time
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import open_current
from index.records import Filters
from index.retriever import Retriever
from tests.conftest import FakeEncoder, fake_calibration, write_articles
from tests.money_reader import MoneyReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

TODAY = dt.date(2026, 1, 15)
COST = "How much does the Tor Line cost?"
PLAN = {
    "id": "plan",
    "text": "The Tor Line will cost €53 million.",
    "published_at": "2024-09-05",
}
ROOF = {
    "id": "roof",
    "title": "Snow and a brass band",
    "text": "Tor got a roof. The bill for the line stands at €55 million.",
    "published_at": "2025-02-19",
}


class NamingReader(MoneyReader):
    """Finds amounts only in passages with the line's name, in their heading or text."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, list[str]]] = []

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        self.asked.append((question.text, [item.chunk.context for item in passages]))
        return [
            span
            for span in super().read(question, passages)
            if "Tor Line" in passages[span.passage].chunk.indexed_text
        ]


def read(
    folder: Path, articles: Sequence[dict[str, str]], question: str, reader: NamingReader
) -> Reading:
    encoder, corpus = FakeEncoder(), folder / "articles"
    corpus.mkdir()
    write_articles(corpus, list(articles))
    build_index(corpus, folder / "index", encoder, ChunkingParameters())
    retriever = Retriever(open_current(folder / "index", encoder), encoder)
    return SeriesReading(retriever, Ranker(reader, fake_calibration())).read(
        Question.parse(question),
        read_question_time(question, TODAY),
        Filters(),
        retriever.retrieve(question, 9),
        0.1,
    )


def told(reading: Reading) -> list[str]:
    return [claim.text for claim in reading.choice.series]


def test_a_later_article_is_read_under_the_name(tmp_path: Path) -> None:
    reader = NamingReader()
    reading = read(tmp_path, [PLAN, ROOF], COST, reader)
    assert told(reading) == ["€55 million", "€53 million"]
    assert reader.asked[-1] == (COST, ["Tor Line: Snow and a brass band"])
    first = reading.choice.ranked[0].candidate
    assert first.text == "€55 million"
    chunk = reading.passages[first.best.passage].chunk
    assert chunk.words(first.best.span) == "€55 million"
    assert chunk.context == "Snow and a brass band"


def test_an_earlier_article_gives_the_timeline_a_point_and_no_answer(tmp_path: Path) -> None:
    reading = read(tmp_path, [PLAN, {**ROOF, "published_at": "2023-02-19"}], COST, NamingReader())
    assert told(reading) == ["€53 million", "€55 million"]


@pytest.mark.parametrize(
    "question",
    [
        "How much did the Tor Line cost in 2024?",
        "How much of the bill does the Tor Line pay?",
    ],
)
def test_for_a_question_of_a_set_time_or_a_part_none_is_read_so(
    tmp_path: Path, question: str
) -> None:
    reader = NamingReader()
    read(tmp_path, [PLAN, ROOF], question, reader)
    assert not any(context.startswith("Tor Line:") for _, read in reader.asked for context in read)


@pytest.mark.parametrize(
    "text",
    [
        "The bill for the line stands at €55 million.",
        "Tor got a roof. The bill for the line stands at €5.5 million.",
    ],
)
def test_an_article_without_the_name_the_measure_or_the_size_tells_nothing(
    tmp_path: Path, text: str
) -> None:
    reading = read(tmp_path, [PLAN, {**ROOF, "text": text}], COST, NamingReader())
    assert told(reading) == ["€53 million"]


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("The scheme will cost €55 million. It was first put at €53 million.", True),
        ("The scheme will cost €55 million. It was first put at €51 million.", False),
    ],
)
def test_an_article_that_gives_a_known_figure_is_of_the_story_without_the_name(
    tmp_path: Path, text: str, joins: bool
) -> None:
    reader = NamingReader()
    reading = read(tmp_path, [PLAN, {**ROOF, "text": text}], COST, reader)
    assert ("€55 million" in told(reading)) is joins


def test_six_passages_are_read_beside_those_of_the_question_at_most(tmp_path: Path) -> None:
    later = [{**ROOF, "id": f"roof{number}"} for number in range(8)]
    texts = [f"{ROOF['text']} Reporter {number}." for number in range(8)]
    articles = [{**item, "text": text} for item, text in zip(later, texts, strict=True)]
    reader = NamingReader()
    read(tmp_path, [PLAN, *articles], COST, reader)
    assert len(reader.asked[-1][1]) == 6
