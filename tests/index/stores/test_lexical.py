"""BM25 search and its filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from index.errors import IndexCorruptError
from index.stores.article_store import ArticleStore
from index.stores.article_writer import ArticleWriter
from index.stores.lexical import LexicalStore, LexicalWriter, text_analyzer
from tests.index.making import chunk, filterable_articles, filters, info

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.records import Filters


def lexical(folder: Path, texts: Sequence[str], language: str = "en") -> LexicalStore:
    with LexicalWriter(folder, language) as writer:
        for chunk_id, text in enumerate(texts):
            writer.add(chunk_id, chunk(text), info())
    return LexicalStore(folder, language, context_weight=0.3)


def found(store: LexicalStore, question: str, limit: int = 10) -> list[int]:
    return [hit.chunk_id for hit in store.search(question, limit)]


@pytest.fixture(scope="module")
def filterable(tmp_path_factory: pytest.TempPathFactory) -> tuple[ArticleStore, LexicalStore]:
    """Both stores over five articles of two chunks with the same words."""
    folder = tmp_path_factory.mktemp("filterable")
    with (
        ArticleWriter(folder / "articles") as articles,
        LexicalWriter(folder / "lexical", "en") as words,
    ):
        for article in filterable_articles():
            chunks = [chunk("Rain fell.", article.info.id)] * 2
            for chunk_id, one in zip(articles.add(article, chunks), chunks, strict=True):
                words.add(chunk_id, one, article.info)
    return (
        ArticleStore(folder / "articles"),
        LexicalStore(folder / "lexical", "en", context_weight=0.3),
    )


@given(filters)
@settings(max_examples=50, deadline=None)
def test_filters_allow_the_same_chunks_as_the_article_store(
    filterable: tuple[ArticleStore, LexicalStore], wanted: Filters
) -> None:
    articles, words = filterable
    allowed = articles.allowed_chunks(wanted)
    expected = list(range(10)) if allowed is None else allowed.tolist()
    hits = words.search("rain", 100, wanted)
    assert [hit.chunk_id for hit in hits] == expected
    unfiltered = {hit.score for hit in words.search("rain", 100)}
    assert {hit.score for hit in hits} <= unfiltered


@pytest.mark.parametrize("mark", list('"()*:^~+-!\\/[]{}|&<>?\x00'))
def test_query_characters_are_plain(tmp_path: Path, mark: str) -> None:
    store = lexical(tmp_path / "lexical", ["Rain fell.", "Snow fell."])
    for question in (f"{mark}rain", f"rain{mark}", f"rain {mark} rain", f"text{mark}rain"):
        assert found(store, question) == [0]


def test_question_of_operators_finds_no_more_than_its_words(tmp_path: Path) -> None:
    store = lexical(tmp_path / "lexical", ["Rain fell.", "Snow fell."])
    assert found(store, "snow NOT rain") == [0, 1]
    assert found(store, "-rain") == [0]


@pytest.mark.parametrize("question", ["", " ", "what is the", "?!", "x" * 100])
def test_question_without_words_to_look_for_has_no_hit(tmp_path: Path, question: str) -> None:
    store = lexical(tmp_path / "lexical", ["What is the rain? " + "x" * 100])
    assert store.search(question, 10) == []


def test_hits_are_ranked_by_score_and_cut_at_the_limit(tmp_path: Path) -> None:
    store = lexical(tmp_path / "lexical", ["rain snow snow", "rain", "rain rain rain", "hail"])
    hits = store.search("rain", 2)
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].chunk_id == 2
    assert hits[0].score > hits[1].score > 0
    assert store.search("rain", 0) == []
    assert len(store) == 4


def test_equal_scores_are_ranked_by_chunk_id(tmp_path: Path) -> None:
    assert found(lexical(tmp_path / "lexical", ["rain"] * 5), "rain") == [0, 1, 2, 3, 4]


def test_word_in_the_text_counts_more_than_one_in_the_context(tmp_path: Path) -> None:
    with LexicalWriter(tmp_path / "lexical", "en") as writer:
        writer.add(0, chunk("hail fell", context="rain came"), info())
        writer.add(1, chunk("rain came", context="hail fell"), info())
    store = LexicalStore(tmp_path / "lexical", "en", context_weight=0.3)
    assert found(store, "rain") == [1, 0]
    text_only = LexicalStore(tmp_path / "lexical", "en", context_weight=0.0)
    assert found(text_only, "rain") == [1]


def test_words_are_folded_and_stemmed(tmp_path: Path) -> None:
    store = lexical(tmp_path / "lexical", ["Cafés were SPENDING."])
    assert found(store, "spends") == found(store, "cafés") == found(store, "cafes") == [0]


@pytest.mark.parametrize("language", ["xx", "ja", ""])
def test_unknown_language_is_neither_stemmed_nor_freed_of_words(
    tmp_path: Path, language: str
) -> None:
    store = lexical(tmp_path / "lexical", ["What rains."], language)
    assert found(store, "what") == found(store, "RAINS") == [0]
    assert found(store, "rain") == []


@pytest.mark.parametrize("language", ["de", "fr", "ar", "el", "ro", "ta", "tr"])
def test_known_language_has_an_analysis(language: str) -> None:
    assert text_analyzer(language).analyze("Berlin 2025") != []


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_folder_without_an_index_is_corrupt(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexCorruptError, match=f"{name}: not a readable tantivy index"):
        LexicalStore(tmp_path / name, "en", context_weight=0.3)


def test_failing_writer_commits_nothing(tmp_path: Path) -> None:
    writer = LexicalWriter(tmp_path / "l", "en")
    writer.add(0, chunk("rain"), info())
    writer.__exit__(RuntimeError, RuntimeError("stop"), None)
    assert len(LexicalStore(tmp_path / "l", "en", context_weight=0.3)) == 0
