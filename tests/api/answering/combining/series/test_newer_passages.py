from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.answering.combining.series.choosing import choose
from api.answering.combining.series.newer_passages import newer_passages
from api.answering.combining.series.ranked_passages import RankedPassages
from api.answering.combining.series.series_reading import SeriesReading
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import CascadeScores, best_first
from api.answering.time.frames import read_question_time
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import open_current
from index.records import Filters
from index.retriever import Retriever
from tests.api.answering.making import find_span
from tests.conftest import FakeEncoder, fake_calibration, write_articles
from tests.money_reader import MoneyReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

TODAY = dt.date(2026, 1, 15)
DAYS = "2025-05-02", "2025-10-31"
FIGURES = [
    {"id": "old", "text": "Meta will spend $64 billion on servers.", "published_at": "2025-01-31"},
    {"id": "may", "text": "Meta will spend $66 billion on servers.", "published_at": DAYS[0]},
    {"id": "new", "text": "On cables Meta spends $70 billion now.", "published_at": DAYS[1]},
    {"id": "words", "text": "Meta is spending much.", "published_at": DAYS[1]},
]


def retriever_of(
    articles: list[dict[str, str]], folder: Path, index_dir: Path, encoder: FakeEncoder
) -> Retriever:
    corpus = folder / "figures"
    corpus.mkdir()
    write_articles(corpus, articles)
    build_index(corpus, index_dir, encoder, ChunkingParameters())
    return Retriever(open_current(index_dir, encoder), encoder)


@pytest.fixture
def retriever(tmp_path: Path, index_dir: Path, encoder: FakeEncoder) -> Retriever:
    return retriever_of(FIGURES, tmp_path, index_dir, encoder)


def newer(
    retriever: Retriever, text: str, top_k: int = 2, filters: Filters | None = None
) -> list[str]:
    """The ids of the articles that are read beside the first ones."""
    question = Question.parse(text)
    asked_time = read_question_time(text, TODAY)
    admitted = Filters() if filters is None else filters
    retrieval = retriever.retrieve("Meta will spend servers and cables", top_k, admitted)
    ranker = Ranker(MoneyReader(), fake_calibration())
    spans = ranker.reader.read(question, retrieval.passages)
    ranked = ranker.weigh(question, spans, retrieval.passages)
    passages = retrieval.passages
    choice = choose(question, asked_time, ranked, passages, spans, ranker.calibration, 0.5)
    found = newer_passages(
        question, asked_time, choice, RankedPassages(retrieval, retriever, admitted)
    )
    return [passage.article.id for passage in found]


def test_passages_of_later_articles_are_read_where_a_series_may_go_on(
    retriever: Retriever,
) -> None:
    assert newer(retriever, "How much is Meta spending?") == ["new"]


@pytest.mark.parametrize(
    "question",
    [
        "How much was Meta spending in May 2025?",
        "How much was Meta originally spending?",
        "How much is Apple spending?",
    ],
)
def test_a_question_of_a_set_time_or_of_another_name_is_read_as_found(
    retriever: Retriever, question: str
) -> None:
    assert newer(retriever, question) == []


def test_a_single_figure_may_be_revised_by_one_of_each_later_article(retriever: Retriever) -> None:
    assert newer(retriever, "How much is Meta spending?", top_k=1) == ["may", "new"]


def closer(articles: list[dict[str, str]], text: str, words: str, folder: Path) -> list[Passage]:
    """What is read again after a cascade has read only the first article twice."""
    encoder = FakeEncoder()
    retriever = retriever_of(articles, folder, folder / "index", encoder)
    retrieval = retriever.retrieve(text, 9)
    passages = retrieval.passages
    spans = []
    for place, passage in enumerate(passages):
        is_first = passage.article.id == articles[0]["id"]
        figure = words if is_first else "$70 billion"
        if figure in passage.chunk.text:
            once = CascadeScores(4.0, 0.5, 1.0, read_twice=is_first)
            score = 9.0 if is_first else -9.0
            spans.append(replace(find_span(list(passages), place, figure, score), cascade=once))
    spans = best_first(spans)
    question, asked_time = Question.parse(text), read_question_time(text, TODAY)
    ranker = Ranker(MoneyReader(), fake_calibration())
    ranked = ranker.weigh(question, spans, passages)
    choice = choose(question, asked_time, ranked, passages, spans, ranker.calibration, 0.5)
    return newer_passages(
        question, asked_time, choice, RankedPassages(retrieval, retriever, Filters())
    )


MAY = {"id": "may", "text": "Meta will spend $66 billion on servers.", "published_at": DAYS[0]}
ASKED = "How much will Meta spend on servers?"


def test_what_a_cascade_read_once_is_read_again_without_a_title_of_something_else(
    tmp_path: Path,
) -> None:
    later = {
        "id": "later", "title": "Chipmakers rally", "published_at": DAYS[1],
        "text": "Meta now spends $70 billion on servers.",
    }  # fmt: skip
    (found,) = closer([MAY, later], ASKED, "$66 billion", tmp_path)
    assert (found.article.id, found.chunk.context) == ("later", "")


def test_a_passage_that_lacks_the_asked_name_is_introduced_by_the_sentence_that_has_it(
    tmp_path: Path,
) -> None:
    opening = "Meta reported its results on Friday. " + "The weather in the valley was fine. " * 30
    later = {
        "id": "later", "title": "Results", "published_at": DAYS[1],
        "text": f"{opening}\n\nServers will now cost it $70 billion.",
    }  # fmt: skip
    (found,) = closer([MAY, later], ASKED, "$66 billion", tmp_path)
    assert "$70 billion" in found.chunk.text
    assert found.chunk.context == "Meta reported its results on Friday."


def test_an_article_without_the_asked_name_revises_nothing(tmp_path: Path) -> None:
    later = {
        "id": "later", "title": "Apple", "published_at": DAYS[1],
        "text": "Apple will spend $70 billion on servers.",
    }  # fmt: skip
    assert closer([MAY, later], ASKED, "$66 billion", tmp_path) == []


def test_newer_passages_pass_the_filters_of_the_question(retriever: Retriever) -> None:
    filters = Filters(published_to=dt.date(2025, 6, 1))
    assert newer(retriever, "How much is Meta spending?", filters=filters) == []


def test_the_next_holder_of_an_office_is_looked_for_beside_the_last_one(
    tmp_path: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    articles = [
        {"id": "old", "text": "Ann Lee, the chairman of Rovers, spoke.", "published_at": DAYS[0]},
        {"id": "gone", "text": "She succeeded Ann Lee in July.", "published_at": DAYS[1]},
        {"id": "match", "text": "Rovers won the match.", "published_at": DAYS[1]},
    ]
    retriever = retriever_of(articles, tmp_path, index_dir, encoder)
    retrieval = retriever.retrieve("Who chairs Rovers? Ann Lee", 1)
    passage = retrieval.passages[0]
    assert passage.article.id == "old"
    question = Question.parse("Who chairs Rovers?")
    spans = [find_span([passage], 0, "Ann Lee", 9.0, 5.0)]
    ranker = Ranker(MoneyReader(), fake_calibration())
    ranked = ranker.weigh(question, spans, [passage])
    asked_time = read_question_time(question.text, TODAY)
    choice = choose(question, asked_time, ranked, [passage], spans, ranker.calibration, 0.5)
    found = newer_passages(
        question, asked_time, choice, RankedPassages(retrieval, retriever, Filters())
    )
    assert [item.article.id for item in found] == ["gone"]


class _Untitled(MoneyReader):
    """Reads the amounts of passages without a title, and of those of Meta."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        spans = super().read(question, passages)
        return [
            span
            for span in spans
            if "Meta" in passages[span.passage].chunk.context
            or not passages[span.passage].chunk.context
        ]


def test_what_is_read_more_closely_is_no_rival_of_a_series_that_it_is_not_of(
    tmp_path: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    of_meta = {**MAY, "title": "Meta"}
    sold = {
        "id": "sold", "title": "Chipmakers rally", "published_at": DAYS[1],
        "text": "Acme leased Meta a hall in Ohio for $14 billion.",
    }  # fmt: skip
    retriever = retriever_of([of_meta, sold], tmp_path, index_dir, encoder)
    series = SeriesReading(retriever, Ranker(_Untitled(), fake_calibration()))
    question = Question.parse(ASKED)
    retrieval = retriever.retrieve(ASKED, 1)
    asked_time = read_question_time(ASKED, TODAY)
    reading = series.read(question, asked_time, Filters(), retrieval, 0.5)
    assert [item.candidate.text for item in reading.choice.ranked] == ["$66 billion"]
