"""Who leads a firm is asked in other words where the first ones find no answer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from api.answering.combining.series.series_reading import SeriesReading
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ReaderFacts, ScoredSpan, Unit
from api.answering.time.frames import read_question_time
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import open_current
from index.records import Filters, Span
from index.retriever import Retriever
from tests.conftest import FakeEncoder, fake_calibration, write_articles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.records import Passage

TODAY = dt.date(2026, 1, 15)
ACME = {"id": "acme", "text": "Ann Lee, the chief executive of Acme, said so."}


class WordReader:
    """Finds "Ann Lee" where the question has a word; every question that it was asked is kept."""

    facts = ReaderFacts("words", "w1", Unit.SPAN, reads_apart=True, own_weights=True)

    def __init__(self, word: str) -> None:
        self._word = word
        self.asked: list[str] = []

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        self.asked.append(question.text)
        score = 9.0 if self._word in question.text else 1.0
        at = passages[0].chunk.start
        return [ScoredSpan(0, Span(at, at + len("Ann Lee")), score, 5.0, 4.0)]


class StopgapReader:
    """Finds the second article's name where the question asks for a director, else the first's."""

    facts = ReaderFacts("words", "w2", Unit.SPAN, reads_apart=True, own_weights=True)

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        wanted = "Bo Ek" if "director" in question.text else "Ann Lee"
        return [
            ScoredSpan(number, Span(start, start + len(wanted)), 9.0, 5.0, 4.0)
            for number, passage in enumerate(passages)
            if (start := passage.chunk.text.find(wanted)) >= 0
        ]


@pytest.mark.parametrize(
    ("first", "day", "who"),
    [
        ("Ann Lee runs the zoo until a successor is found.", "2025-07-08", "Bo Ek"),
        ("Ann Lee is in charge of the zoo for the time being.", "2025-07-08", "Bo Ek"),
        ("Ann Lee runs the zoo until a successor is found.", "2023-07-08", "Ann Lee"),
        ("Ann Lee runs the zoo.", "2025-07-08", "Ann Lee"),
        ("Ann Lee runs the zoo, whose interim profit rose.", "2025-07-08", "Ann Lee"),
    ],
)
def test_who_stands_in_gives_way_to_whom_other_words_find_later(
    tmp_path: Path, first: str, day: str, who: str
) -> None:
    encoder, corpus = FakeEncoder(), tmp_path / "articles"
    corpus.mkdir()
    named = "Bo Ek is the director of the zoo."
    write_articles(
        corpus,
        [
            {"id": "stopgap", "text": first, "published_at": "2024-09-26"},
            {"id": "named", "text": named, "published_at": day},
        ],
    )
    build_index(corpus, tmp_path / "index", encoder, ChunkingParameters())
    retriever = Retriever(open_current(tmp_path / "index", encoder), encoder)
    question = "Who runs the zoo?"
    reading = SeriesReading(retriever, Ranker(StopgapReader(), fake_calibration())).read(
        Question.parse(question),
        read_question_time(question, TODAY),
        Filters(),
        retriever.retrieve(question, 9),
        0.5,
    )
    assert reading.choice.ranked[0].candidate.text == who


@pytest.mark.parametrize(
    ("word", "question", "asked", "answered"),
    [
        ("executive", "Who runs Acme?", 2, True),
        ("executive", "Who is the CEO of Acme?", 2, True),
        ("runs", "Who is the CEO of Acme?", 3, True),
        ("runs", "Who runs Acme?", 1, True),
        ("nothing", "Who runs Acme?", 2, False),
        ("executive", "Who owns Acme?", 1, False),
    ],
)
def test_other_words_are_asked_where_the_first_find_no_answer(
    tmp_path: Path, word: str, question: str, asked: int, answered: bool
) -> None:
    encoder, corpus = FakeEncoder(), tmp_path / "articles"
    corpus.mkdir()
    write_articles(corpus, [ACME])
    build_index(corpus, tmp_path / "index", encoder, ChunkingParameters())
    retriever = Retriever(open_current(tmp_path / "index", encoder), encoder)
    reader = WordReader(word)
    reading = SeriesReading(retriever, Ranker(reader, fake_calibration())).read(
        Question.parse(question),
        read_question_time(question, TODAY),
        Filters(),
        retriever.retrieve(question, 9),
        0.5,
    )
    assert len(reader.asked) == asked
    assert (reading.choice.ranked[0].confidence >= 0.5) is answered
