"""Indexes in shards: the same articles and passages as without, and what happens to the shards."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.building.builder import build_index, is_stale
from index.building.options import MOST_SHARDS, BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import CorpusError, IndexCorruptError
from index.generations.generation import Generation, current_folder, current_version, open_current
from index.generations.rotation import roll_back
from index.records import NO_FILTERS, Filters, ListQuery
from index.retriever import RetrievalParameters, Retriever
from index.stores.sharding.placement import shard_of
from tests.conftest import ARTICLES, FakeEncoder, write_articles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.building.builder import BuildSummary

COUNT = 24
SOURCES = ("Sample Wire", "Sample Markets")
WORDS = "harbour ferry orchard apple rain snow council budget bridge tram river museum".split()
CHUNKING = ChunkingParameters(max_tokens=40, overlap_tokens=0)
SHARDED = (2, 4)


def _articles() -> list[dict[str, Any]]:
    """Articles of three paragraphs; each sixth is a copy of the first, or nearly the fourth."""
    chance = random.Random(1)
    articles: list[dict[str, Any]] = []
    for number in range(COUNT):
        lines = [
            f"The {' '.join(chance.choices(WORDS, k=14))} of Town{number}{part} opened."
            for part in range(3)
        ]
        text = "\n\n".join(lines)
        if number % 6 == 5:
            text = articles[0]["text"] if number % 4 == 1 else f"{articles[1]['text']} Again."
        articles.append(
            {
                "id": f"article {number}",
                "title": f"{WORDS[number % 12].title()} news",
                "text": text,
                "source": SOURCES[number % 2],
                "published_at": f"2025-0{1 + number % 6}-01",
                "tags": [WORDS[number % 5]],
            }
        )
    return articles


def _build(corpus: Path, index: Path, encoder: FakeEncoder, shards: int) -> BuildSummary:
    return build_index(corpus, index, encoder, CHUNKING, BuildOptions(shards=shards))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Generation]]:
    """The same articles without shards and with, by their number."""
    folder, encoder = tmp_path_factory.mktemp("fleets"), FakeEncoder()
    (folder / "corpus").mkdir()
    write_articles(folder / "corpus", _articles())
    (folder / "corpus" / "aliases.yml").write_text("Town10: Old Town\nNowhere: Erewhon\n")
    generations = {}
    for shards in (1, *SHARDED):
        _build(folder / "corpus", folder / str(shards), encoder, shards)
        generations[shards] = open_current(folder / str(shards), encoder)
    yield generations
    for generation in generations.values():
        generation.close()


@settings(max_examples=20)
@given(
    words=st.lists(st.sampled_from([*WORDS, "Town31", "nobody"]), min_size=1, max_size=5),
    filters=st.sampled_from(
        [
            NO_FILTERS,
            Filters.of(sources=SOURCES[:1]),
            Filters.of(tags=WORDS[:2], sources=SOURCES[1:]),
            Filters.of(article_ids=["article 5", "article 9", "nobody"]),
        ]
    ),
    candidates=st.sampled_from([1, 7, 100]),
)
def test_passages_are_those_of_an_index_without_shards(
    opened: dict[int, Generation], words: list[str], filters: Filters, candidates: int
) -> None:
    question, parameters = " ".join(words), RetrievalParameters(candidates=candidates)
    retrievers = {
        shards: Retriever(generation, FakeEncoder(), parameters)
        for shards, generation in opened.items()
    }
    expected = retrievers[1].rank(question, filters)
    whole = retrievers[1].retrieve(question, 9, filters)
    for shards in SHARDED:
        ranked = retrievers[shards].rank(question, filters)
        assert [chunk.chunk_id for chunk in ranked] == [chunk.chunk_id for chunk in expected]
        for one, other in zip(ranked, expected, strict=True):
            assert one.scores.fused == pytest.approx(other.scores.fused, abs=1e-6)
            assert one.scores.lexical == other.scores.lexical
        found = retrievers[shards].retrieve(question, 9, filters)
        assert [(part.chunk, part.article) for part in found.passages] == [
            (part.chunk, part.article) for part in whole.passages
        ]


def test_articles_are_those_of_an_index_without_shards(opened: dict[int, Generation]) -> None:
    whole = opened[1]
    infos, total = whole.articles.infos(NO_FILTERS, 0, 99)
    assert (total, whole.manifest.copies, whole.manifest.near_duplicates) == (21, 3, 2)
    assert shard_of("article 3", 4) != shard_of("article 11", 4), "nearly the same"
    for shards in SHARDED:
        fleet = opened[shards]
        articles = fleet.articles
        assert fleet.manifest.corpus_sha256 == whole.manifest.corpus_sha256
        assert fleet.manifest.near_duplicates == whole.manifest.near_duplicates
        assert fleet.manifest.skipped == whole.manifest.skipped
        assert len(fleet.manifest.skipped) == 1, "the alias of what nobody mentions"
        assert articles.infos(NO_FILTERS, 0, 99) == (infos, total)
        query = ListQuery(("news",), "title", descending=True)
        assert articles.infos(NO_FILTERS, 3, 5, query) == whole.articles.infos(
            NO_FILTERS, 3, 5, query
        )
        assert articles.facets(9) == whole.articles.facets(9)
        for number in range(COUNT):
            article_id = f"article {number}"
            assert articles.own(article_id) == whole.articles.own(article_id)
            assert articles.copies(article_id) == whole.articles.copies(article_id)
            near = articles.near_duplicates(article_id)
            assert near == whole.articles.near_duplicates(article_id)
            assert articles.chunks_of(article_id) == whole.articles.chunks_of(article_id)
        assert (fleet.vectors.vectors() == whole.vectors.vectors()).all()
        assert fleet.names is not None
        assert fleet.names.aliases("Town10") == ["Old Town"]


def test_shards_share_the_articles_and_are_named_by_the_manifest(
    opened: dict[int, Generation],
) -> None:
    assert (opened[1].manifest.fleet, opened[1].manifest.backend) == (None, "local")
    for shards in SHARDED:
        manifest = opened[shards].manifest
        assert (manifest.backend, manifest.shards) == ("sharded", shards)
        assert manifest.fleet is not None
        parts = manifest.fleet.generations
        assert [part.number for part in parts] == list(range(shards))
        assert sum(part.articles for part in parts) == manifest.articles
        assert sum(part.chunks for part in parts) == manifest.chunks
        hashes = {record.path: record.sha256 for record in manifest.files}
        for part in parts:
            path = f"shards/{part.number}-of-{shards}/manifest.json"
            assert hashes[path] == part.manifest_sha256


def test_other_number_of_shards_embeds_nothing_anew(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    _build(corpus_dir, index_dir, encoder, 1)
    embedded = len(encoder.encoded)
    for shards in (3, 16, 2, 1):
        assert is_stale(corpus_dir, index_dir, encoder, CHUNKING, BuildOptions(shards=shards))
        summary = _build(corpus_dir, index_dir, encoder, shards)
        assert not is_stale(corpus_dir, index_dir, encoder, CHUNKING, BuildOptions(shards=shards))
        assert (summary.build.kept, summary.build.files_unchanged) == (3, 1)
        generation = open_current(index_dir, encoder)
        assert (generation.manifest.shards, generation.articles.article_count) == (shards, 3)
        assert len(Retriever(generation, encoder).rank("rain in Dublin")) == 3
        generation.close()
    assert len(encoder.encoded) == embedded


def test_only_the_shard_of_a_changed_article_is_built_anew(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    articles, versions = _articles(), []
    for text in (articles[22]["text"], "Nobody minded the rain."):
        articles[22]["text"] = text
        write_articles(corpus_dir, articles)
        encoder.encoded.clear()
        summary = _build(corpus_dir, index_dir, encoder, 4)
        fleet = open_current(index_dir, encoder).manifest.fleet
        assert fleet is not None
        versions.append({part.number: part.index_version for part in fleet.generations})
    assert summary.build.changed.ids == ("article 22",)
    assert [text.splitlines()[-1] for text in encoder.encoded] == ["Nobody minded the rain."]
    same = [number for number in range(4) if versions[0][number] == versions[1][number]]
    assert len(same) == 3


def test_fleet_is_kept_and_rolled_back_to_as_a_whole(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    versions = [
        _build(corpus_dir, index_dir, encoder, shards).index_version for shards in (2, 1, 3)
    ]
    assert {path.name for path in (index_dir / "generations").iterdir()} == set(versions[1:])
    assert roll_back(index_dir).index_version == versions[1]
    _build(corpus_dir, index_dir, encoder, 2)
    assert roll_back(index_dir).fleet is None


def test_failed_build_leaves_the_fleet_before(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = _build(corpus_dir, index_dir, encoder, 2).index_version
    write_articles(corpus_dir, [{**article, "title": "New"} for article in ARTICLES])

    def full(*_: object) -> None:
        raise CorpusError("no more")

    monkeypatch.setattr("index.building.fleet.finalise", full)
    with pytest.raises(CorpusError, match="no more"):
        _build(corpus_dir, index_dir, encoder, 2)
    assert current_version(index_dir) == version
    assert [path.name for path in (index_dir / "generations").iterdir()] == [version]
    open_current(index_dir, encoder).close()


@pytest.mark.parametrize(
    ("damaged", "message"),
    [
        ("shards", r"shards/\d-of-2/\S+: No such file or directory; rebuild the index"),
        ("shards/0-of-2/vectors.faiss", "0-of-2/vectors.faiss: 1 bytes, .* rebuild the index"),
        ("shards/1-of-2/manifest.json", "1-of-2/manifest.json: 1 bytes, .* rebuild the index"),
        ("chunk_shards.npy", "chunk_shards.npy: 1 bytes, .* rebuild the index"),
        ("manifest.json", "manifest.json: Invalid JSON.* rebuild the index"),
    ],
)
def test_damaged_fleet_is_named_and_built_anew(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder, damaged: str, message: str
) -> None:
    write_articles(corpus_dir, _articles()[:5])
    _build(corpus_dir, index_dir, encoder, 2)
    path = current_folder(index_dir) / damaged
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(b"{")
    with pytest.raises(IndexCorruptError, match=message):
        open_current(index_dir, encoder)
    summary = _build(corpus_dir, index_dir, encoder, 2)
    assert (summary.articles, summary.build.chunks_embedded) == (5, 0)
    open_current(index_dir, encoder).close()


@pytest.mark.parametrize("shards", [-1, 0, MOST_SHARDS + 1, 1_000_000])
def test_number_of_shards_out_of_range_is_refused(shards: int) -> None:
    with pytest.raises(ValueError, match=rf"shards is {shards}; expected 1, .* to {MOST_SHARDS}"):
        BuildOptions(shards=shards)
