"""Opening a generation: whatever is damaged in it is noticed and named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from index.chunking.chunker import ChunkingParameters, chunk_article
from index.errors import ArticleNotFoundError, IndexCorruptError
from index.generations.generation import current_folder, current_version, make_current, open_current
from index.manifest import read_manifest
from index.records import Filters
from index.stores.article_store import ArticleStore
from index.stores.article_writer import ArticleWriter
from index.stores.vector_store import FaissStore
from tests.index.making import article, filterable_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.building.builder import BuildSummary
    from tests.conftest import FakeEncoder

    Build = Callable[[], BuildSummary]


def change_manifest(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}), encoding="utf-8")


@pytest.mark.parametrize("damage", ["cut", "grown", "flipped", "missing"])
def test_damage_to_any_file_of_the_manifest_is_noticed(
    build: Build, index_dir: Path, encoder: FakeEncoder, damage: str
) -> None:
    build()
    folder = current_folder(index_dir)
    records = read_manifest(folder).files
    assert len(records) > 5
    for record in records:
        path = folder / record.path
        raw = path.read_bytes()
        if damage == "missing":
            path.unlink()
        elif damage == "grown":
            path.write_bytes(raw + b"x")
        elif not raw:
            continue
        elif damage == "cut":
            path.write_bytes(raw[:-1])
        else:
            path.write_bytes(bytes([raw[0] ^ 1]) + raw[1:])
        with pytest.raises(IndexCorruptError) as raised:
            open_current(index_dir, encoder)
        assert str(path) in str(raised.value)
        path.write_bytes(raw)
    open_current(index_dir, encoder).close()


def test_vectors_of_another_dimension_are_refused_with_both_numbers(
    build: Build, index_dir: Path, encoder: FakeEncoder
) -> None:
    build()
    folder = current_folder(index_dir)
    other = FaissStore.empty(8)
    other.add(encoder.encode_chunks(["a", "b", "c"])[:, :8])
    other.save(folder / "vectors.faiss")
    change_manifest(folder, files=[])
    with pytest.raises(IndexCorruptError, match=r"8 dimensions, 64 in the manifest"):
        open_current(index_dir, encoder)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b'{"format_version": "one"}'])
def test_manifest_that_is_not_one_is_corrupt(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(raw)
    with pytest.raises(IndexCorruptError, match=r"manifest\.json: .*rebuild the index"):
        read_manifest(tmp_path)


def test_manifest_with_an_unknown_or_missing_field_is_corrupt(
    build: Build, index_dir: Path
) -> None:
    build()
    folder = current_folder(index_dir)
    change_manifest(folder, extra=1)
    with pytest.raises(IndexCorruptError, match="field 'extra'"):
        read_manifest(folder)
    (folder / "manifest.json").write_text('{"format_version": 5}', encoding="utf-8")
    with pytest.raises(IndexCorruptError, match="field 'index_version'"):
        read_manifest(folder)


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"", b"nothing-here\n"])
def test_damaged_name_of_the_current_generation_is_corrupt(
    build: Build, index_dir: Path, encoder: FakeEncoder, raw: bytes
) -> None:
    build()
    (index_dir / "CURRENT").write_bytes(raw)
    with pytest.raises(IndexCorruptError, match="rebuild the index"):
        open_current(index_dir, encoder)


def test_make_current_replaces_the_name_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    assert current_version(tmp_path) is None
    make_current(tmp_path, "one")
    make_current(tmp_path, "two")
    assert current_version(tmp_path) == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["CURRENT"]


def test_article_store_gives_back_what_was_written(tmp_path: Path) -> None:
    written = article("One ☂\x00 here.\r\n\r\nTwo e\u0301 here.", title="☂")
    chunks = chunk_article(written, ChunkingParameters(5, 0))
    with ArticleWriter(tmp_path / "a") as writer:
        assert writer.add(written, chunks) == list(range(len(chunks)))
    store = ArticleStore(tmp_path / "a")
    assert store.article("a") == written
    assert [store.chunks([at])[at] for at in range(len(chunks))] == [
        (chunk, written.info) for chunk in chunks
    ]
    assert (store.article_count, store.chunk_count) == (1, len(chunks))
    assert store.chunks([]) == {}
    store.close()


def test_article_store_gives_back_metadata_in_corpus_order(tmp_path: Path) -> None:
    written = filterable_articles()
    with ArticleWriter(tmp_path / "a") as writer:
        for one in written:
            writer.add(one, [])
    store = ArticleStore(tmp_path / "a")
    assert store.infos(Filters(), 0, 99) == ([one.info for one in written], 5)
    assert store.infos(Filters(), 4, 99) == ([written[4].info], 5)
    with pytest.raises(ArticleNotFoundError, match="article 'ONE'"):
        store.article("ONE")
    store.close()


@pytest.mark.parametrize("raw", [b"", b"SQLite format 3\x00 and then nothing", b"text" * 999])
def test_file_that_is_no_article_store_is_corrupt(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a").write_bytes(raw)
    with pytest.raises(IndexCorruptError, match="rebuild the index"):
        ArticleStore(tmp_path / "a")


def test_missing_article_store_is_corrupt(tmp_path: Path) -> None:
    with pytest.raises(IndexCorruptError, match="rebuild the index"):
        ArticleStore(tmp_path / "missing")
