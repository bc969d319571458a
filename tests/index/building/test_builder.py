"""Building generations: whole or not at all."""

from __future__ import annotations

import json
import math
import re
import shutil
from typing import TYPE_CHECKING, Any

import filelock
import numpy as np
import pytest

from index.building import builder, chunk_indexing, generation_writer, near_duplicates
from index.building.builder import build_index, is_stale
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import (
    BuildInProgressError,
    CorpusError,
    EncoderError,
    IndexCorruptError,
    IndexMismatchError,
    IndexMissingError,
)
from index.generations import generation
from index.generations.generation import current_folder, current_version, open_current
from index.manifest import read_manifest
from index.progress import BuildProgress, Stage
from index.retriever import RetrievalParameters, Retriever
from index.stores import vector_tuning
from tests.conftest import ARTICLES, FakeEncoder, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from index.building.builder import BuildSummary

    Build = Callable[[], BuildSummary]


class FailingEncoder(FakeEncoder):
    def encode_chunks(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        raise RuntimeError(f"out of memory with {len(texts)} texts")


def contents(index_dir: Path) -> set[str]:
    return {path.name for path in (index_dir / generation.GENERATIONS).iterdir()}


def test_build_makes_a_whole_generation_current(
    build: Build, index_dir: Path, encoder: FakeEncoder
) -> None:
    summary = build()
    opened = open_current(index_dir, encoder)
    assert opened.version == summary.index_version
    assert (summary.articles, summary.chunks) == (3, 3)
    assert opened.manifest.encoder.model == "fake"
    for chunk_id, (chunk, info) in opened.articles.chunks(range(3)).items():
        text = opened.articles.article(info.id).text
        assert text[chunk.start : chunk.end] == chunk.text
        expected = encoder.encode_question(chunk.indexed_text)
        cosine = opened.vectors.nearest(expected, 0, also=[chunk_id]).cosines[chunk_id]
        assert cosine == pytest.approx(1, abs=1e-5)


def test_failing_build_leaves_the_old_generation_and_nothing_else(
    build: Build, corpus_dir: Path, index_dir: Path
) -> None:
    version = build().index_version
    with pytest.raises(RuntimeError, match="out of memory"):
        build_index(corpus_dir, index_dir, FailingEncoder(name="other"), ChunkingParameters())
    assert current_version(index_dir) == version
    assert contents(index_dir) == {version}


class ForgetfulEncoder(FakeEncoder):
    def encode_chunks(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return super().encode_chunks(texts)[1:]


def test_encoder_that_loses_a_vector_is_refused(corpus_dir: Path, index_dir: Path) -> None:
    with pytest.raises(EncoderError, match="2 vectors for 3 texts"):
        build_index(corpus_dir, index_dir, ForgetfulEncoder(), ChunkingParameters())
    assert current_version(index_dir) is None


def test_nothing_to_index_is_an_error_that_keeps_the_old_generation(
    build: Build, corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    version = build().index_version
    (corpus_dir / "articles.jsonl").write_text('{"text": ""}\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"articles\.jsonl:1: empty"):
        build()
    shutil.rmtree(corpus_dir)
    with pytest.raises(CorpusError, match="not a folder"):
        build()
    assert current_version(index_dir) == version
    assert open_current(index_dir, encoder).version == version


def test_leftovers_of_a_killed_build_are_removed(build: Build, index_dir: Path) -> None:
    leftover = index_dir / generation.GENERATIONS / f"{builder._UNFINISHED}99999"
    leftover.mkdir(parents=True)
    (leftover / "half.sqlite").write_text("x")
    version = build().index_version
    assert contents(index_dir) == {version}


def test_second_builder_is_refused(build: Build, index_dir: Path) -> None:
    index_dir.mkdir()
    with (
        filelock.FileLock(index_dir / "build.lock"),
        pytest.raises(BuildInProgressError, match=re.escape(str(index_dir))),
    ):
        build()
    build()


def test_last_two_generations_are_kept_under_distinct_names(
    build: Build, corpus_dir: Path, index_dir: Path
) -> None:
    versions = []
    for number in range(3):
        write_articles(corpus_dir, [*ARTICLES, {"id": "new", "text": f"Number {number}."}])
        versions.append(build().index_version)
    assert len(set(versions)) == 3
    assert len(contents(index_dir)) == 2
    assert current_version(index_dir) == versions[2]


def test_skipped_files_are_in_summary_and_manifest(
    build: Build, corpus_dir: Path, index_dir: Path
) -> None:
    (corpus_dir / "bad.txt").write_bytes(b"\xff")
    summary = build()
    assert [item.where for item in summary.skipped] == ["bad.txt"]
    manifest = read_manifest(current_folder(index_dir))
    assert [item.where for item in manifest.skipped] == ["bad.txt"]
    assert summary.articles == 3


@pytest.mark.parametrize(
    ("least", "read"), [(math.inf, []), (0.0, [(0, 1)])], ids=["quick", "slow"]
)
def test_progress_counts_files_and_chunks(
    corpus_dir: Path,
    index_dir: Path,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    least: float,
    read: list[tuple[int, int]],
) -> None:
    monkeypatch.setattr(chunk_indexing, "_BATCH", 2)
    monkeypatch.setattr(generation_writer, "_REPORTED_SECONDS", least)
    seen: list[BuildProgress] = []
    build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), progress=seen.append)
    reading = [progress for progress in seen if progress.stage is Stage.READING]
    assert [(progress.done, progress.total) for progress in reading] == read
    seen = seen[len(reading) :]
    assert [(progress.stage, progress.done, progress.total) for progress in seen] == [
        (Stage.LINKING, 0, 3),
        (Stage.LINKING, 3, 3),
        (Stage.COMPARING, 0, 32),
        (Stage.EMBEDDING, 0, 3),
        (Stage.EMBEDDING, 2, 3),
        (Stage.EMBEDDING, 3, 3),
        (Stage.FILLING, 0, 3),
        (Stage.FILLING, 3, 3),
        (Stage.FINISHING, 3, 3),
    ]
    assert [progress.chunks for progress in seen] == [0, 0, 0, 0, 2, 3, 3, 3, 3]
    assert {progress.chunks_total for progress in seen} == {3}
    assert seen[-1].files_done == seen[-1].files == 1


def test_progress_tells_what_an_index_that_is_trained_and_tuned_is_at(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "_REPORTED", 100)
    monkeypatch.setattr(vector_tuning, "_BLOCK", 100)
    rain = "It rained on Dublin, where nobody had expected rain on such a day. " * 4
    articles = [{"text": f"{rain}That was number {at}."} for at in range(300)]
    write_articles(corpus_dir, articles)
    seen: list[BuildProgress] = []
    options = BuildOptions(vector_index="IVF4,SQ8")
    build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options, progress=seen.append)
    told = {stage: [item for item in seen if item.stage is stage] for stage in Stage}
    assert [item.done for item in told[Stage.LINKING]] == [0, 100, 200, 300]
    assert len(told[Stage.COMPARING]) > 10  # there is hardly a band without a pair
    assert [(item.done, item.total) for item in told[Stage.TRAINING]] == [(0, 300)]
    assert [item.done for item in told[Stage.FILLING]] == [0, 100, 200, 300]
    assert len(told[Stage.TUNING]) > 1
    stages = [item.stage for item in seen]
    assert stages == sorted(stages, key=list(Stage).index)
    for stage in set(Stage) - {Stage.READING, Stage.FINISHING}:
        assert told[stage][0].done == 0
        assert all(item.done <= item.total == told[stage][0].total for item in told[stage])
        assert [item.done for item in told[stage]] == sorted(item.done for item in told[stage])


def test_equal_corpora_build_equal_indexes(
    corpus_dir: Path, tmp_path: Path, encoder: FakeEncoder
) -> None:
    opened = []
    for name in ("one", "two"):
        build_index(corpus_dir, tmp_path / name, encoder, ChunkingParameters())
        opened.append(open_current(tmp_path / name, encoder))
    first, second = opened
    assert np.array_equal(first.vectors.vectors(), second.vectors.vectors())
    assert first.articles.chunks(range(3)) == second.articles.chunks(range(3))
    assert first.manifest.corpus_sha256 == second.manifest.corpus_sha256


def test_staleness_follows_corpus_encoder_and_chunking(
    build: Build, corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    chunking = ChunkingParameters()
    assert is_stale(corpus_dir, index_dir, encoder, chunking)
    build()
    assert not is_stale(corpus_dir, index_dir, encoder, chunking)
    assert is_stale(corpus_dir, index_dir, FakeEncoder(name="other"), chunking)
    assert is_stale(corpus_dir, index_dir, encoder, ChunkingParameters(50, 10))
    changed = [dict(article) for article in ARTICLES]
    changed[0]["published_at"] = "2025-05-01"
    write_articles(corpus_dir, changed)
    assert is_stale(corpus_dir, index_dir, encoder, chunking)


def test_missing_index_says_what_to_run(index_dir: Path, encoder: FakeEncoder) -> None:
    with pytest.raises(IndexMissingError, match="article-qa build"):
        open_current(index_dir, encoder)


def test_other_encoder_is_refused_by_both_names(build: Build, index_dir: Path) -> None:
    build()
    with pytest.raises(IndexMismatchError, match=r"'fake' .64 dimensions.*'other' .32 dimensions"):
        open_current(index_dir, FakeEncoder(32, "other"))


@pytest.mark.parametrize(
    "name", ["articles.sqlite", "vectors.faiss", "lexical/meta.json", "manifest.json"]
)
@pytest.mark.parametrize("damage", ["truncated", "flipped", "missing"])
def test_damaged_file_is_noticed_and_named(
    build: Build, index_dir: Path, encoder: FakeEncoder, name: str, damage: str
) -> None:
    build()
    path = current_folder(index_dir) / name
    raw = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(raw[: len(raw) // 2])
    else:
        raw[len(raw) // 2] ^= 0xFF
        path.write_bytes(raw)
    with pytest.raises(IndexCorruptError, match=f"{path.name}.*rebuild"):
        open_current(index_dir, encoder)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"format_version": 99}, IndexMismatchError, "format 99, this version reads format 5"),
        ({"chunks": 4}, IndexCorruptError, "3 chunks, 4 in the manifest"),
        ({"articles": 4}, IndexCorruptError, "3 articles, 4 in the manifest"),
        ({"chunks": "many"}, IndexCorruptError, "field 'chunks'"),
    ],
)
def test_manifest_that_disagrees_is_refused(
    build: Build,
    index_dir: Path,
    encoder: FakeEncoder,
    change: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    build()
    path = current_folder(index_dir) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(error, match=message):
        open_current(index_dir, encoder)


def test_retriever_ranks_and_completes_scores(
    build: Build, index_dir: Path, encoder: FakeEncoder
) -> None:
    build()
    opened = open_current(index_dir, encoder)
    retriever = Retriever(opened, encoder, RetrievalParameters(candidates=1))
    found = retriever.retrieve("Microsoft data centres", 10).passages
    assert [passage.rank for passage in found] == list(range(1, len(found) + 1))
    assert found[0].article.id == "microsoft"
    fused = [passage.scores.fused for passage in found]
    assert fused == sorted(fused, reverse=True)
    for passage in found:
        cosine = encoder.encode_question("Microsoft data centres") @ encoder.encode_question(
            passage.chunk.indexed_text
        )
        assert passage.scores.dense == pytest.approx(float(cosine), abs=1e-5)
    assert len(Retriever(opened, encoder).retrieve("Meta", 50).passages) == 3
