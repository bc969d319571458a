"""Vectors, words and articles: each store against something simpler."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import ArticleNotFoundError, IndexCorruptError
from index.generations.generation import Generation, open_current
from index.records import Filters
from index.stores.article_store import ArticleStore
from index.stores.vector_store import FaissStore
from tests.index.making import filters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from index.building.builder import BuildSummary
    from tests.conftest import FakeEncoder


def unit_rows(count: int, dimension: int, seed: int) -> npt.NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    unit: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@given(
    count=st.integers(1, 60),
    limit=st.integers(1, 80),
    seed=st.integers(0, 1000),
    kept=st.none() | st.sets(st.integers(0, 59)),
)
@settings(max_examples=60, deadline=None)
def test_vector_search_equals_brute_force(
    count: int, limit: int, seed: int, kept: set[int] | None
) -> None:
    rows = unit_rows(count, 8, seed)
    store = FaissStore.empty(8)
    store.add(rows[: count // 2])
    store.add(rows[count // 2 :])
    question = unit_rows(1, 8, seed + 1)[0]
    ids = sorted(range(count) if kept is None else (i for i in kept if i < count))
    allowed = None if kept is None else np.array(ids, dtype=np.int64)
    expected = sorted(ids, key=lambda i: -float(rows[i] @ question))[:limit]
    hits = store.search(question, limit, allowed)
    assert [hit.chunk_id for hit in hits] == expected
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == pytest.approx(
        [float(rows[i] @ question) for i in expected], abs=1e-5
    )
    assert store.similarities(question, expected) == pytest.approx(
        [hit.score for hit in hits], abs=1e-5
    )


def test_vector_store_survives_the_disk_and_refuses_other_lengths(tmp_path: Path) -> None:
    store = FaissStore.empty(8)
    rows = unit_rows(5, 8, 0)
    store.add(rows)
    store.save(tmp_path / "v")
    opened = FaissStore.open(tmp_path / "v")
    assert np.array_equal(opened.vectors(), rows)
    with pytest.raises(ValueError, match=r"expected \(n, 8\)"):
        store.add(unit_rows(2, 9, 0))
    (tmp_path / "v").write_bytes(b"nonsense")
    with pytest.raises(IndexCorruptError, match="rebuild"):
        FaissStore.open(tmp_path / "v")


@pytest.fixture
def generation(
    build: Callable[[], BuildSummary], index_dir: Path, encoder: FakeEncoder
) -> Generation:
    build()
    return open_current(index_dir, encoder)


@pytest.mark.parametrize(
    "question", ['"(spend*:^~', "AND OR NOT", "text:spend", "spend\0", "/(a+)+/"]
)
def test_lexical_search_takes_every_character_as_a_character(
    generation: Generation, question: str
) -> None:
    hits = generation.lexical.search(question, 5)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_lexical_search_finds_inflected_words_and_ignores_question_words(
    generation: Generation,
) -> None:
    store = generation.articles
    best = generation.lexical.search("How much does Microsoft's spending come to?", 5)[0]
    assert store.chunks([best.chunk_id])[best.chunk_id][0].article_id == "microsoft"
    assert generation.lexical.search("How much is it?", 5) == []
    assert generation.lexical.search("", 5) == []


@given(wanted=filters)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_both_searches_filter_alike(generation: Generation, wanted: Filters) -> None:
    allowed = generation.articles.allowed_chunks(wanted)
    everything = generation.articles.allowed_chunks(Filters())
    assert everything is None
    expected = set(range(len(generation.vectors))) if allowed is None else set(allowed.tolist())
    question = "Meta Microsoft spend capital expenditure weather Dublin data centres"
    lexical = {hit.chunk_id for hit in generation.lexical.search(question, 99, wanted)}
    unfiltered = {hit.chunk_id for hit in generation.lexical.search(question, 99)}
    assert lexical == unfiltered & expected


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Filters(), ["meta", "microsoft", "rain"]),
        (Filters(tags=frozenset({"social", "none"})), ["meta"]),
        (Filters(tags=frozenset({"capex"}), sources=frozenset({"Sample Markets"})), ["microsoft"]),
        (Filters(article_ids=frozenset({"rain"})), ["rain"]),
        (Filters(sources=frozenset({"sample wire"})), []),
    ],
)
def test_article_store_lists_what_passes(
    generation: Generation, wanted: Filters, ids: list[str]
) -> None:
    infos, total = generation.articles.infos(wanted, 0, 10)
    assert [info.id for info in infos] == ids
    assert total == len(ids)
    page, total = generation.articles.infos(wanted, 1, 1)
    assert [info.id for info in page] == ids[1:2]


def test_article_store_names_what_is_not_there(generation: Generation, tmp_path: Path) -> None:
    with pytest.raises(ArticleNotFoundError, match="'nobody'"):
        generation.articles.article("nobody")
    with pytest.raises(IndexCorruptError, match="chunk 999"):
        generation.articles.chunks([0, 999])
    with pytest.raises(IndexCorruptError, match="rebuild"):
        ArticleStore(tmp_path / "missing.sqlite")
