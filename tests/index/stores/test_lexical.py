"""BM25 search: how words are analysed and weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.errors import IndexCorruptError
from index.stores.lexical import LexicalStore, LexicalWriter, text_analyzer
from tests.index.making import chunk, info

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def lexical(folder: Path, texts: Sequence[str], language: str = "en") -> LexicalStore:
    with LexicalWriter(folder, language) as writer:
        for chunk_id, text in enumerate(texts):
            writer.add(chunk_id, chunk(text), info())
    return LexicalStore(folder, language, context_weight=0.3)


def found(store: LexicalStore, question: str, limit: int = 10) -> list[int]:
    return [hit.chunk_id for hit in store.search(question, limit)]


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


def test_words_of_a_question_are_inflected_and_those_that_only_ask_are_left_out(
    tmp_path: Path,
) -> None:
    store = lexical(tmp_path / "lexical", ["Microsoft plans to spend.", "How much is it? Rain."])
    assert found(store, "How much does Microsoft's spending come to?")[0] == 0
    assert found(store, "How much is it?") == []


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


def test_index_that_cannot_be_locked_is_searched(tmp_path: Path) -> None:
    """As on a read-only disk: tantivy's lock cannot be made, as something else has its name."""
    folder = tmp_path / "lexical"
    lexical(folder, ["Rain fell."])
    for name in (".tantivy-meta.lock", ".tantivy-writer.lock"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()
    store = LexicalStore(folder, "en", context_weight=1.0)
    assert (len(store), found(store, "rain")) == (1, [0])


def test_index_is_read_by_who_may_read_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "lexical"
    lexical(folder, ["Rain fell."])
    assert {file.stat().st_mode & 0o444 for file in folder.iterdir()} == {
        folder.stat().st_mode & 0o444
    }
