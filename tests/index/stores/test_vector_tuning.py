"""Vector indexes of every type: choice, recall, filters, each against brute force."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.building.builder import build_index, is_stale
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import BuildError
from index.generations.generation import open_current
from index.records import Chunk, Span
from index.stores import vector_store, vector_tuning
from index.stores.faiss_names import ACCEPTED, AUTO
from index.stores.vector_store import FaissStore
from index.stores.vector_tuning import (
    build_store,
    choose_factory,
    exact_nearest,
    recall_at,
    spread,
    tuning_questions,
)
from tests.conftest import ARTICLES, FakeEncoder, write_articles

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

COUNT, DIMENSION = 4000, 24
FAST = "IVF32,PQ12x4fs,Refine(SQ8)"
TYPES = [
    *("Flat", "SQ8", "IVF32,SQ8", "IVF32,Flat", "IVF32,SQfp16", "IVF32_HNSW8,SQ8"),
    *(FAST, "IVF32,PQ12x4fs,Refine(SQfp16)", "IVF32,PQ12x4fs,Refine(Flat)"),
    *("HNSW16", "HNSW16,SQ8"),
]


def _clustered(count: int = COUNT, seed: int = 0) -> Vectors:
    centres = np.random.default_rng(99).standard_normal((40, DIMENSION))
    generator = np.random.default_rng(seed)
    rows = centres[generator.integers(0, 40, count)] + 0.4 * generator.standard_normal(
        (count, DIMENSION)
    )
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _asked() -> Vectors:
    return _clustered(200, seed=5)


@pytest.fixture(scope="module", params=TYPES)
def saved(request: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[FaissStore, str]:
    """A store of each type, built, saved and opened again."""
    store, _ = build_store(_clustered(), request.param, 0.95, _asked)
    path = tmp_path_factory.mktemp("store") / "vectors.faiss"
    store.save(path)
    return FaissStore.open(path), request.param


def test_index_is_tuned_for_the_questions_that_it_is_given() -> None:
    """Questions between the clusters need more lists than those in the middle of one."""
    mixed = _clustered(200, seed=5) + _clustered(200, seed=6)
    between: Vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    easy = build_store(_clustered(), "IVF32,Flat", 0.98, _asked)[1]
    hard = build_store(_clustered(), "IVF32,Flat", 0.98, lambda: between)[1]
    assert easy.search_value is not None
    assert hard.search_value is not None
    assert hard.search_value > easy.search_value


def test_effort_is_not_much_more_than_the_recall_needs() -> None:
    vectors, questions = _clustered(), _asked()
    store, record = build_store(vectors, FAST, 0.95, lambda: questions)
    exact = exact_nearest(vectors, questions, 10)
    least = 0
    for effort in range(1, 33):
        store.set_effort(effort)
        found = [[hit.chunk_id for hit in store.search(question, 10)] for question in questions]
        if recall_at(exact, np.array(found)) >= 0.95:
            least = effort
            break
    assert record.search_value is not None
    assert 1 < least <= record.search_value <= 1.25 * least + 1


def test_approximate_index_reaches_the_recall_that_it_was_tuned_to(
    saved: tuple[FaissStore, str],
) -> None:
    store, _ = saved
    rows, questions = _clustered(), _clustered(100, seed=7)
    found = [[hit.chunk_id for hit in store.search(question, 10)] for question in questions]
    assert recall_at(exact_nearest(rows, questions, 10), np.array(found)) >= 0.9


@pytest.mark.parametrize(
    ("kept", "singly"),
    [
        *((kept, 0) for kept in (1, 7, 40, 700, 3500)),
        *((40, 50), (700, 50), (1, 10_000), (3500, 10_000)),
    ],
)
def test_filters_hold_in_every_index_however_few_chunks_they_leave(
    saved: tuple[FaissStore, str], kept: int, singly: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_store, "_SCORED_SINGLY", singly)
    store, _ = saved
    stored = store.vectors()
    generator = np.random.default_rng(kept)
    allowed = np.sort(generator.choice(COUNT, kept, replace=False))
    shared = wanted = 0
    for question in _clustered(20, seed=8):
        hits = store.search(question, 10, allowed)
        assert len(hits) == min(10, kept)
        ids = [hit.chunk_id for hit in hits]
        assert set(ids) <= set(allowed.tolist())
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)
        assert scores == pytest.approx((stored[ids] @ question).tolist(), abs=1e-4)
        best = allowed[np.argsort(-(stored[allowed] @ question), kind="stable")[:10]]
        shared += len(set(ids) & set(best.tolist()))
        wanted += len(best)
    few = kept <= max(singly, 10)
    assert shared >= (wanted if few else 0.9 * wanted)


def test_more_is_found_than_the_lists_looked_at_hold(saved: tuple[FaissStore, str]) -> None:
    store, _ = saved
    hits = store.search(_clustered(1, seed=9)[0], COUNT)
    assert sorted(hit.chunk_id for hit in hits) == list(range(COUNT))


def test_similarities_are_those_of_the_stored_vectors(saved: tuple[FaissStore, str]) -> None:
    store, _ = saved
    question = _clustered(1, seed=9)[0]
    exact = _clustered()[[5, 3999, 0]] @ question
    assert store.similarities(question, [5, 3999, 0]) == pytest.approx(exact.tolist(), abs=0.02)


def test_type_is_chosen_by_size() -> None:
    assert [choose_factory(count, 384) for count in (1, 100_000, 100_001, 1_000_000)] == [
        "Flat",
        "Flat",
        "IVF1024,PQ192x4fs,Refine(SQ8)",
        "IVF4096,PQ192x4fs,Refine(SQ8)",
    ]
    assert choose_factory(1_000_000, 301) == "IVF4096,SQ8"


@pytest.mark.parametrize("factory", TYPES)
def test_every_type_that_can_be_built_can_be_asked_for(factory: str) -> None:
    assert BuildOptions(vector_index=factory).vector_index == factory


def _forms() -> list[str]:
    """Every factory string that the help and the error promise, with 8 for each number."""

    def names(listed: str) -> list[str]:
        return re.split(", | or ", listed)

    forms, rest = ACCEPTED.split(", where # is a number ")
    fine, coarse = map(names, rest.split(", Y is ")[1].split(", and X is "))
    found = names(forms)
    for letter, values in (("X", coarse), ("Y", fine)):
        found = [form.replace(letter, value) for form in found for value in values]
    return sorted({form.replace("#", "8") for form in found})


@pytest.mark.parametrize("form", _forms())
def test_every_factory_string_that_is_promised_is_accepted_and_can_be_made(form: str) -> None:
    assert BuildOptions(vector_index=form).vector_index == form
    assert faiss.index_factory(32, form, faiss.METRIC_INNER_PRODUCT).d == 32


def test_factory_string_that_is_refused_is_told_from_what_is_accepted() -> None:
    with pytest.raises(
        ValueError, match=re.escape("'IVF64,PQ8x4fs'; expected 'auto', or a")
    ) as error:
        BuildOptions(vector_index="IVF64,PQ8x4fs")
    assert ACCEPTED in str(error.value)


@pytest.mark.parametrize(
    "factory",
    [
        *("HNSW0", "HNSW1", "HNSW1000", "HNSW02", "HNSW1,SQ8", "IVF8_HNSW0,Flat", "IVF8_HNSW1,SQ8"),
        *("IVF0,Flat", "IVF08,Flat", "IVF1000000,Flat", "IVF0_HNSW8,Flat", "IVF٣,Flat"),
        *("IVF8,PQ0", "IVF8,PQ6x0", "IVF8,PQ6x17", "IVF8,PQ0x4fs,Refine(SQ8)"),
    ],
)
def test_number_that_would_end_the_process_is_refused(factory: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"'{factory}'; expected 'auto', or a")):
        BuildOptions(vector_index=factory)


@pytest.mark.parametrize(
    "factory", ["HNSW2", "IVF1,Flat", "IVF1_HNSW2,Flat", "IVF1,PQ1x1", "IVF1,PQ1x4fs,Refine(Flat)"]
)
def test_least_numbers_that_are_accepted_give_an_index(factory: str) -> None:
    requested = BuildOptions(vector_index=factory).vector_index
    store, record = build_store(_clustered(500), requested, 0.5, _asked)
    assert (len(store), record.factory) == (500, factory)


@pytest.mark.parametrize(
    "factory", ["HNSW999", "IVF999999,Flat", "IVF8_HNSW999,SQ8", "IVF8,PQ4x16"]
)
def test_greatest_numbers_that_are_promised_are_accepted(factory: str) -> None:
    assert BuildOptions(vector_index=factory).vector_index == factory


@pytest.mark.parametrize("factory", ["IVF8,PQ7", "IVF8,PQ7x4fs,Refine(SQ8)"])
def test_index_that_does_not_fit_the_dimension_says_so(factory: str) -> None:
    reason = (
        rf"'{re.escape(factory)}' cannot be made for vectors of {DIMENSION} numbers: .*multiple"
    )
    with pytest.raises(BuildError, match=rf"{reason}.*--faiss auto"):
        build_store(_clustered(), factory, 0.98, _asked)


@pytest.mark.parametrize("factory", ["IVF32,SQ8", FAST])
def test_equal_vectors_give_equal_files(factory: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        build_store(_clustered(), factory, 0.95, _asked)[0].save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_choice_and_tuning_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_tuning, "EXACT_UP_TO", 1000)
    _, record = build_store(_clustered(), AUTO, 0.9, _asked)
    assert (record.requested, record.factory) == (AUTO, "IVF256,PQ12x4fs,Refine(SQ8)")
    assert (record.trained_on, record.search_parameter) == (4000, "nprobe")
    assert record.recall_at_10 is not None
    assert record.recall_at_10 >= 0.9
    again = build_store(_clustered(), AUTO, 0.9, _asked)[1]
    assert again == record
    exact = build_store(_clustered(100), AUTO, 0.98, _asked)[1]
    assert (exact.factory, exact.search_parameter, exact.recall_at_10) == ("Flat", None, None)


def test_automatic_choice_takes_finer_numbers_where_coarse_ones_miss_the_recall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vector_tuning, "EXACT_UP_TO", 1000)
    _, record = build_store(_clustered(), AUTO, 0.9999, _asked)
    assert record.factory == "IVF256,PQ12x4fs,Refine(SQfp16)"


def test_own_choice_that_misses_the_recall_is_kept_and_reported(caplog: Any) -> None:
    _, record = build_store(_clustered(1000), "IVF16,PQ4x4", 0.99, _asked)
    assert record.factory == "IVF16,PQ4x4"
    assert record.recall_at_10 is not None
    assert record.recall_at_10 < 0.99
    assert "the target is 0.990" in caplog.text


def test_index_that_cannot_be_trained_on_so_few_chunks_says_so() -> None:
    with pytest.raises(BuildError, match=r"'IVF64,SQ8' cannot be trained on 10 chunks.*auto"):
        build_store(_clustered(10), "IVF64,SQ8", 0.98, _asked)


def test_build_takes_the_wanted_index_and_another_one_makes_it_stale(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    articles = [{"text": f"Fact {number} is about {number % 7}."} for number in range(300)]
    write_articles(corpus_dir, [*ARTICLES, *articles])
    chunking = ChunkingParameters()
    options = BuildOptions(vector_index="IVF4,SQ8", recall=0.9)
    build_index(corpus_dir, index_dir, encoder, chunking, options)
    opened = open_current(index_dir, encoder)
    assert opened.manifest.vector_index.factory == "IVF4,SQ8"
    best = opened.vectors.search(encoder.encode_question("Microsoft data centres"), 1)[0]
    assert opened.articles.chunks([best.chunk_id])[best.chunk_id][1].id == "microsoft"
    assert {path.name for path in (index_dir / "generations").glob("*/vectors*")} == {
        "vectors.faiss"
    }
    opened.close()
    assert not is_stale(corpus_dir, index_dir, encoder, chunking, options)
    assert is_stale(corpus_dir, index_dir, encoder, chunking)
    encoder.encoded.clear()
    build_index(corpus_dir, index_dir, encoder, chunking)
    assert encoder.encoded == []
    opened = open_current(index_dir, encoder)
    assert opened.manifest.vector_index.factory == "Flat"
    opened.close()


@pytest.mark.parametrize("factory", ["IVF4,SQ8", "IVF4,PQ32x4fs,Refine(SQ8)"])
def test_rebuild_gives_the_same_compressed_index_as_a_build_from_nothing(
    factory: str, tmp_path: Path, corpus_dir: Path, encoder: FakeEncoder
) -> None:
    articles = [{"text": f"Fact {number} is about {number % 7}."} for number in range(200)]
    chunking, options = ChunkingParameters(), BuildOptions(vector_index=factory, recall=0.9)
    for changed in (articles, [*articles[:150], {"text": "Something else."}, *articles[160:]]):
        write_articles(corpus_dir, [*ARTICLES, *changed])
        build_index(corpus_dir, tmp_path / "rebuilt", encoder, chunking, options)
    build_index(corpus_dir, tmp_path / "new", encoder, chunking, options)
    rebuilt, new = (open_current(tmp_path / name, encoder).manifest for name in ("rebuilt", "new"))
    assert rebuilt.build.chunks_reused > 0
    assert rebuilt.vector_index == new.vector_index
    assert [file for file in rebuilt.files if file.path == "vectors.faiss"] == [
        file for file in new.files if file.path == "vectors.faiss"
    ]


def test_exact_nearest_is_that_in_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_tuning, "_BLOCK", 7)
    rows, questions = _clustered(50), _clustered(5, seed=3)
    expected = np.argsort(-(questions @ rows.T), axis=1)[:, :12]
    assert np.array_equal(exact_nearest(rows, questions, 12), expected)
    assert exact_nearest(rows[:3], questions, 5)[:, 3:].tolist() == [[-1, -1]] * 5


@given(count=st.integers(1, 10_000), most=st.integers(1, 500))
def test_spread_gives_numbers_from_all_over_and_not_too_many(count: int, most: int) -> None:
    numbers = list(spread(count, most))
    assert 1 <= len(numbers) <= min(count, most)
    assert numbers[0] == 0
    assert count - numbers[-1] <= -(-count // most)


def test_tuning_questions_are_runs_of_words_of_the_longest_sentence() -> None:
    text = "Short one. The council of the old town voted to build a second bridge over the river."
    sentences = (Span(100, 110), Span(111, 100 + len(text)))
    chunk = Chunk("a", 100, 100 + len(text), text, "Title", sentences)
    assert list(tuning_questions([chunk])) == ["the old town voted to build a second"]
    assert list(tuning_questions([Chunk("a", 0, 0, "", "", ())])) == []
