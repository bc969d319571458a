"""What goes wrong around a build in shards leaves the index before, whole, and says what to do."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from index.building.builder import build_index
from index.building.options import BuildOptions
from index.building.sharded_writer import ShardedArticleWriter
from index.chunking.chunker import ChunkingParameters
from index.errors import BuildError, BuildInProgressError, IndexCorruptError
from index.generations.generation import (
    GENERATIONS,
    current_folder,
    current_version,
    generation_folder,
    open_current,
)
from index.generations.rotation import roll_back
from index.retriever import Retriever
from index.stores.sharding.placement import PLACEMENT_FILE
from index.stores.sharding.sharded import ShardedBackend
from index.stores.sharding.shards import ArticleById
from tests.conftest import ARTICLES, FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[..., str]

SHARDS: Final = 3
FULL: Final = Path("/dev/full")
NEW: Final = "new.txt"
COPYING: Final = "index.building.fleet.shutil.copytree"  # of a shard that is as it was
STAGES: Final = (
    "index.building.generation_writer.ShardedArticleWriter",
    "pathlib.Path.write_bytes",
    "index.building.chunk_indexing.embed_chunks",
    "index.stores.vector_store.FaissStore.save",
    COPYING,
    "index.building.fleet.finalise",
    "index.building.builder.make_current",
)
SAID: Final = r"index: part/file: No space left on device; the old index stays; check that"


@pytest.fixture
def build(corpus_dir: Path, index_dir: Path, encoder: FakeEncoder) -> Build:
    """Builds in shards, each time with another text of one article; gives the version."""
    builds = 0

    def build(shards: int = SHARDS, check: Callable[[Path], None] | None = None) -> str:
        nonlocal builds
        builds += 1
        (corpus_dir / NEW).write_text(f"Snow fell {builds} times in Oslo.")
        return build_index(
            corpus_dir,
            index_dir,
            encoder,
            ChunkingParameters(),
            BuildOptions(shards=shards),
            before_switch=check,
        ).index_version

    return build


def _check_whole(index_dir: Path, number: int) -> None:
    """Check that the index holds all articles of the n-th build, and that nothing else is left."""
    generation = open_current(index_dir, FakeEncoder())
    text = f"Snow fell {number} times in Oslo."
    assert generation.articles.article(NEW).text == text
    passages = Retriever(generation, FakeEncoder()).retrieve(text, 9).passages
    assert {passage.article.id for passage in passages} == {NEW, *(a["id"] for a in ARTICLES)}
    assert passages[0].chunk.text == text
    generation.close()
    assert not [path for path in (index_dir / GENERATIONS).iterdir() if path.name[0] == "."]


def test_full_disk_at_any_stage_keeps_the_fleet_before_and_says_so(
    build: Build, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = build()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(index_dir / "part" / "file"))

    for number, stage in enumerate(STAGES):
        with monkeypatch.context() as patch:
            patch.setattr(stage, refuse)
            with pytest.raises(BuildError, match=SAID):
                build(SHARDS + number % 2 if stage != COPYING else SHARDS)
        assert current_version(index_dir) == version, stage
        assert [path.name for path in (index_dir / GENERATIONS).iterdir()] == [version], stage
    _check_whole(index_dir, 1)
    assert build(SHARDS + 1) != version
    _check_whole(index_dir, 2 + len(STAGES))


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
def test_placement_that_finds_no_room_is_not_written(tmp_path: Path) -> None:
    """A few bytes fail only when the file is closed."""
    (tmp_path / PLACEMENT_FILE).symlink_to(FULL)
    with (
        pytest.raises(OSError, match="No space left on device"),
        ShardedArticleWriter(tmp_path, SHARDS),
    ):
        pass


def test_fleet_before_that_fails_while_it_is_read_stays_and_is_named(
    build: Build, index_dir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    version = build()

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(ArticleById, "__call__", fail)
        with pytest.raises(BuildError, match="1 shards of the index before cannot be read, the lo"):
            build()
    assert "Input/output error" in caplog.text
    assert current_version(index_dir) == version
    _check_whole(index_dir, 1)


def test_damaged_fleet_is_not_gone_back_to(build: Build, index_dir: Path) -> None:
    before, now = build(), build()
    (shard, *_) = (generation_folder(index_dir, before) / "shards").iterdir()
    (shard / "vectors.faiss").write_bytes(b"?")
    with pytest.raises(IndexCorruptError, match=rf"{shard.name}/vectors\.faiss: 1 bytes, .* in th"):
        roll_back(index_dir)
    assert current_version(index_dir) == now
    _check_whole(index_dir, 2)


def test_second_build_of_a_fleet_is_refused_while_one_runs(build: Build, index_dir: Path) -> None:
    version = build()
    refused = list[str]()

    def build_again(_: Path) -> None:
        with pytest.raises(BuildInProgressError, match="another build is running") as error:
            build(5)
        refused.append(str(error.value))

    assert build(check=build_again) != version
    assert len(refused) == 1
    _check_whole(index_dir, 2)


def test_fleet_is_searched_where_nothing_can_be_written(build: Build, index_dir: Path) -> None:
    """As on a read-only disk: tantivy's lock cannot be made, as something else has its name."""
    build()
    for lock in current_folder(index_dir).glob("**/.tantivy-meta.lock"):
        lock.unlink()
        lock.mkdir()
    fleet = ShardedBackend(current_folder(index_dir), "en")
    assert fleet.lexical.search("snow Oslo", 1)
    fleet.close()
