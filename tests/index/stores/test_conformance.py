"""What every backend must do, whatever it keeps its articles, vectors and words in."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.building.builder import build_index
from index.building.options import BuildOptions
from index.building.sharded_writer import ShardedArticleWriter
from index.chunking.chunker import ChunkingParameters
from index.errors import ArticleNotFoundError, IndexCorruptError, IndexMismatchError
from index.generations.generation import current_folder, open_current
from index.records import (
    NO_FILTERS,
    Article,
    ArticleInfo,
    FacetValue,
    Filters,
    ListQuery,
    SortField,
)
from index.retriever import Retriever
from index.stores.article_store import ArticleStore
from index.stores.article_writer import ArticleWriter
from index.stores.lexical import LexicalWriter
from index.stores.local import ARTICLES_FILE, LEXICAL_FOLDER, VECTORS_FILE
from index.stores.registry import BACKENDS, SHARDED, open_backend
from index.stores.sharding.placement import Placement
from index.stores.vector_store import FaissStore
from tests.index.making import DAYS, SOURCES, TAGS, chunk, filters, info
from tests.index.stores.memory_backend import MemoryBackend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    from index.building.builder import BuildSummary
    from index.records import Chunk, Hit
    from index.stores.backend import Backend
    from tests.conftest import FakeEncoder

DIMENSION = 12
WORDS = "rain snow hail sleet fog"
ALL = [*BACKENDS, "memory"]


@pytest.fixture(scope="module", autouse=True)
def _toy_is_registered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(BACKENDS, "memory", MemoryBackend)
        yield


def _articles() -> list[tuple[Article, list[Chunk]]]:
    """Articles of every kind with their chunks; each third one is a copy of the one before."""
    made = []
    for number in range(45):
        words = WORDS.split()[: 1 + (number - (number % 3 == 2)) % 5]
        text = f"{' '.join(words)} {number - (number % 3 == 2)}"
        about = info(
            ["one", "folder/two.md", "four ☂"][number] if number < 3 else str(number),
            source=[*SOURCES, None][number % 4],
            day=[None, *DAYS][number * 7 % 4],
            tags=TAGS[number % 5 : number % 5 + number % 3],
            text=text,
        )
        made.append((Article(about, text), [chunk(text, about.id)] * (number * 5 % 4 + 1)))
    return made


def _unit_rows(count: int, seed: int) -> npt.NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    unit: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Chunk]]:
    """The files of a generation, and its chunks by id."""
    folder = tmp_path_factory.mktemp("generation")
    chunks: list[Chunk] = []
    with ArticleWriter(folder / ARTICLES_FILE) as writer:
        for article, cut in _articles():
            if writer.add_copy(article) is None:
                writer.add(article, cut)
                chunks += cut
    _write_indexes(folder, _unit_rows(len(chunks), seed=1))
    return folder, chunks


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, stored: tuple[Path, list[Chunk]]) -> Path:
    """The files of a fleet of the same articles."""
    folder = tmp_path_factory.mktemp("fleet")
    with ShardedArticleWriter(folder, 3) as writer:
        for article, cut in _articles():
            if writer.add_copy(article) is None:
                writer.add(article, cut)
    placement, rows = Placement(folder), _unit_rows(len(stored[1]), seed=1)
    assert len(placement.folders) == 3
    for number, shard in placement.folders.items():
        _write_indexes(shard, rows[placement.chunk_ids[number]])
    return folder


def _write_indexes(folder: Path, rows: npt.NDArray[np.float32]) -> None:
    store = ArticleStore(folder / ARTICLES_FILE)
    with LexicalWriter(folder / LEXICAL_FOLDER, "en") as words:
        for chunk_id, (part, about) in store.chunks(range(len(rows))).items():
            words.add(chunk_id, part, about, store.copies(about.id))
    store.close()
    vectors = FaissStore.empty(DIMENSION)
    vectors.add(rows)
    vectors.save(folder / VECTORS_FILE)


@pytest.fixture(scope="module", params=ALL)
def backend(
    request: pytest.FixtureRequest, stored: tuple[Path, list[Chunk]], fleet: Path
) -> Iterator[Backend]:
    folder = fleet if request.param == SHARDED else stored[0]
    opened = open_backend(request.param, folder, "en")
    yield opened
    opened.close()


def _versions(first_id: str) -> list[Article]:
    """An article and its copies, in corpus order."""
    (text,) = [article.text for article, _ in _articles() if article.info.id == first_id]
    return [article for article, _ in _articles() if article.text == text]


def _passing(chunks: list[Chunk], wanted: Filters) -> list[int]:
    shown: dict[str, bool] = {}
    for article, _ in _articles():
        shown[article.text] = shown.get(article.text, False) or wanted.matches(article.info)
    return [at for at, part in enumerate(chunks) if shown[part.text]]


def _ids(hits: list[Hit]) -> list[int]:
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    return [hit.chunk_id for hit in hits]


def test_all_parts_count_the_same_chunks(
    backend: Backend, stored: tuple[Path, list[Chunk]]
) -> None:
    count = len(stored[1])
    assert backend.articles.chunk_count == len(backend.vectors) == len(backend.lexical) == count
    assert backend.articles.article_count == 30
    assert backend.vectors.dimension == DIMENSION


@given(wanted=filters, limit=st.integers(0, 80), seed=st.integers(2, 50))
def test_dense_search_equals_brute_force_over_what_passes(
    backend: Backend, stored: tuple[Path, list[Chunk]], wanted: Filters, limit: int, seed: int
) -> None:
    rows, question = backend.vectors.vectors(), _unit_rows(1, seed)[0]
    passing = _passing(stored[1], wanted)
    expected = sorted(passing, key=lambda at: -float(rows[at] @ question))[:limit]
    hits = backend.vectors.search(question, limit, wanted)
    assert _ids(hits) == expected
    cosines = [float(rows[at] @ question) for at in expected]
    assert [hit.score for hit in hits] == pytest.approx(cosines, abs=1e-5)
    further = list(range(0, len(rows), 7))
    nearest = backend.vectors.nearest(question, limit, wanted, further).cosines
    assert nearest.keys() == {*expected, *further}
    assert nearest == {at: pytest.approx(float(rows[at] @ question), abs=1e-5) for at in nearest}


@given(wanted=filters, question=st.sampled_from(["rain", "hail fog", "fog 4", "sunshine"]))
def test_lexical_search_finds_what_shares_a_word_and_passes(
    backend: Backend, stored: tuple[Path, list[Chunk]], wanted: Filters, question: str
) -> None:
    words = set(question.split())
    expected = {at for at in _passing(stored[1], wanted) if words & set(stored[1][at].text.split())}
    hits = backend.lexical.search(question, 999, wanted)
    assert set(_ids(hits)) == expected
    scores = {hit.chunk_id: hit.score for hit in backend.lexical.search(question, 999)}
    assert {hit.chunk_id: hit.score for hit in hits} == {at: scores[at] for at in expected}
    assert all(score > 0 for score in scores.values())


def test_lexical_search_cuts_at_the_limit_and_ranks_equal_scores_by_chunk_id(
    backend: Backend,
) -> None:
    every = _ids(backend.lexical.search("fog", 999))
    assert len(every) > 5
    for limit in (0, 1, 5):
        assert _ids(backend.lexical.search("fog", limit)) == every[:limit]
    hits = backend.lexical.search("fog", 999)
    assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))


@pytest.mark.parametrize("mark", list('"()*:^~+-!\\/[]{}|&<>?\x00'))
def test_query_characters_are_plain(backend: Backend, mark: str) -> None:
    expected = _ids(backend.lexical.search("fog", 999))
    for question in (f"{mark}fog", f"fog{mark}", f"fog {mark} fog", f"text{mark}fog"):
        assert _ids(backend.lexical.search(question, 999)) == expected
    assert backend.lexical.search(mark, 9) == []
    assert backend.lexical.search("", 9) == []


def test_chunks_are_given_back_as_they_were_written(
    backend: Backend, stored: tuple[Path, list[Chunk]]
) -> None:
    loaded = backend.articles.chunks(range(len(stored[1])))
    assert [loaded[at][0] for at in range(len(stored[1]))] == stored[1]
    assert all(part.article_id == about.id for part, about in loaded.values())
    assert backend.articles.chunks([]) == {}
    with pytest.raises(IndexCorruptError, match="chunk 999"):
        backend.articles.chunks([0, 999])


@given(wanted=filters)
def test_chunks_and_articles_are_shown_as_the_first_version_that_passes(
    backend: Backend, stored: tuple[Path, list[Chunk]], wanted: Filters
) -> None:
    shown: dict[str, Article] = {}
    for article, _ in _articles():
        if wanted.matches(article.info):
            shown.setdefault(article.text, article)
    passing = _passing(stored[1], wanted)
    loaded = backend.articles.chunks(passing, wanted)
    assert {at: about for at, (_, about) in loaded.items()} == {
        at: shown[stored[1][at].text].info for at in passing
    }
    assert all(part.article_id == about.id for part, about in loaded.values())
    texts = dict.fromkeys(article.text for article, _ in _articles())
    expected = [shown[text].info for text in texts if text in shown]
    assert backend.articles.infos(wanted, 0, 99) == (expected, len(expected))
    assert backend.articles.infos(wanted, 3, 2) == (expected[3:5], len(expected))


@given(
    wanted=filters,
    words=st.sampled_from([(), ("wire",), ("a", "O")]),
    sort=st.sampled_from([None, "id", "title", "source", "published_at"]),
    descending=st.booleans(),
)
def test_list_is_read_on_from_any_article(
    backend: Backend,
    wanted: Filters,
    words: tuple[str, ...],
    sort: SortField | None,
    descending: bool,
) -> None:
    query = ListQuery(words, sort, descending)
    whole, total = backend.articles.infos(wanted, 0, 99, query)
    assert len({about.id for about in whole}) == len(whole) == total
    if not words:
        listed, _ = backend.articles.infos(wanted, 0, 99)
        assert {about.id for about in whole} == {about.id for about in listed}
    for at, about in enumerate(whole):
        after = replace(query, after=(about.id, None if sort is None else _stored(about, sort)))
        assert backend.articles.infos(wanted, 0, 2, after) == (whole[at + 1 : at + 3], total)
    if sort is not None and wanted.is_empty:
        values = [_stored(about, sort) for about in whole]
        present = [value.lower() for value in values if value is not None]
        assert present == sorted(present, reverse=descending)
        assert values[len(present) :] == [None] * (len(values) - len(present))


def _stored(about: ArticleInfo, field: SortField) -> str | None:
    value = getattr(about, field)
    return None if value is None else str(value)


def test_copy_gives_the_article_that_it_copies_and_has_metadata_of_its_own(
    backend: Backend, stored: tuple[Path, list[Chunk]]
) -> None:
    first, copy = _versions("folder/two.md")
    store = backend.articles
    assert store.article(first.info.id) == store.article(copy.info.id) == first
    assert store.own(first.info.id) == first
    assert store.own(copy.info.id) == copy
    assert store.copies(first.info.id) == [copy.info]
    assert store.copies(copy.info.id) == []
    assert store.near_duplicates(first.info.id) == []
    expected = [part for part in stored[1] if part.article_id == first.info.id]
    assert store.chunks_of(first.info.id) == store.chunks_of(copy.info.id) == expected


def test_unknown_article_is_named(backend: Backend) -> None:
    for load in (backend.articles.article, backend.articles.own):
        with pytest.raises(ArticleNotFoundError, match="'nobody'"):
            load("nobody")
    assert backend.articles.chunks_of("nobody") == []
    assert backend.articles.copies("nobody") == []


def test_facets_count_what_their_filters_leave(backend: Backend) -> None:
    facets = backend.articles.facets(99)
    assert {facet.value for facet in facets.sources} == set(SOURCES)
    assert {facet.value for facet in facets.tags} == set(TAGS)
    assert (facets.first_day, facets.last_day) == (DAYS[0], DAYS[-1])
    for name, values in (("sources", facets.sources), ("tags", facets.tags)):
        assert list(values) == sorted(values, key=lambda facet: (-facet.articles, facet.value))
        for value, count in values:
            selected = Filters.of(**{name: [value]})  # type: ignore[arg-type]
            assert backend.articles.infos(selected, 0, 1)[1] == count
    limited = backend.articles.facets(1)
    assert (limited.sources, limited.tags) == (facets.sources[:1], facets.tags[:1])
    assert isinstance(limited.sources[0], FacetValue)


@pytest.mark.parametrize(
    "filters",
    [
        Filters.of(sources=[SOURCES[0]]),
        Filters.of(tags=[TAGS[0]], published_from=DAYS[1]),
        Filters.of(sources=[SOURCES[0]], tags=[TAGS[0]], published_to=DAYS[1]),
    ],
)
def test_facets_count_what_the_filters_on_other_fields_leave(
    backend: Backend, filters: Filters
) -> None:
    store = backend.articles
    facets, whole = store.facets(99, filters), store.facets(99)
    for name in ("sources", "tags"):
        values = getattr(facets, name)
        assert [facet.value for facet in values] == [facet.value for facet in getattr(whole, name)]
        for value, count in values:
            selected = replace(filters, **{name: frozenset([value])})  # type: ignore[arg-type]
            assert store.infos(selected, 0, 1)[1] == count
    assert [month.value for month in whole.months] == sorted(
        {f"{day:%Y-%m}" for day in DAYS}, reverse=True
    )
    dated = replace(filters, published_from=None, published_to=None)
    for month, count in facets.months:
        first = dt.date.fromisoformat(f"{month}-01")
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        assert (
            store.infos(replace(dated, published_from=first, published_to=last), 0, 1)[1] == count
        )


@pytest.mark.parametrize("name", ALL)
def test_generation_is_served_by_the_backend_that_its_manifest_names(
    name: str, corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    options = BuildOptions(shards=2 if name == SHARDED else 1)
    build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options)
    _change_manifest(index_dir, backend=name)
    generation = open_current(index_dir, encoder)
    retriever = Retriever(generation, encoder)
    passages = retriever.retrieve("Microsoft data centres", 2).passages
    assert [passage.article.id for passage in passages] == ["microsoft", "meta"]
    filters = Filters.of(sources=["Sample Wire"])
    passages = retriever.retrieve("Microsoft data centres", 9, filters).passages
    assert [passage.article.id for passage in passages] == ["meta"]
    generation.close()


def test_backend_that_is_not_there_is_named(
    build: Callable[[], BuildSummary], index_dir: Path, encoder: FakeEncoder
) -> None:
    build()
    _change_manifest(index_dir, backend="stone tablets")
    with pytest.raises(IndexMismatchError, match="'stone tablets', this version has local"):
        open_current(index_dir, encoder)


def test_generation_of_before_backends_were_named_is_local(
    build: Callable[[], BuildSummary], index_dir: Path, encoder: FakeEncoder
) -> None:
    build()
    _change_manifest(index_dir, backend=None)
    generation = open_current(index_dir, encoder)
    assert generation.manifest.backend == "local"
    assert generation.articles.infos(NO_FILTERS, 0, 9)[1] == 3
    generation.close()


def _change_manifest(index_dir: Path, **changes: Any) -> None:
    path = current_folder(index_dir) / "manifest.json"
    fields = {**json.loads(path.read_bytes()), **changes}
    path.write_text(
        json.dumps({name: value for name, value in fields.items() if value is not None})
    )
