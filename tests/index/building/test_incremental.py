"""A rebuild reads and embeds only what is new, and gives what a build from nothing gives."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.building.builder import CACHE_FILE, build_index, is_stale
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import current_folder, current_version, open_current
from index.generations.rotation import kept_generations, roll_back
from index.loading import corpus_files
from index.loading.file_reading import FileReading
from index.records import NO_FILTERS, Filters
from tests.conftest import ARTICLES, FakeEncoder, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from index.building.builder import BuildSummary
    from index.loading.corpus_folder import CorpusFile

    Build = Callable[[], BuildSummary]

CHUNKING = ChunkingParameters(max_tokens=12, overlap_tokens=4)
NAMES = ["a.md", "b.txt", "b.txt.meta.yml", "sub/a.md", "sub/c.jsonl", "z.jsonl", "page.html"]
TEXTS = [
    "Rain fell in Dublin. Nobody minded it at all. It stopped at noon.",
    "Meta spent a lot of money. It will spend more of it next year.",
    "Meta spent a lot of money. It will spend more of it next month.",
    "# Only a heading",
    "title: Set beside it\nurl: [no]",
    "",
]
BODIES = [
    *TEXTS,
    *(f"---\nid: shared\ntitle: {title}\n---\n{TEXTS[0]}" for title in ("One", "Two")),
    *("\n".join(json.dumps({"text": text}) for text in some) for some in (TEXTS[:2], TEXTS[1:])),
    "\n".join(json.dumps({"id": name, "text": TEXTS[0]}) for name in ("shared", "x", "shared")),
]
edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(BODIES)),
    st.tuples(st.just("delete"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("touch"), st.sampled_from(NAMES), st.none()),
)


def _edit(folder: Path, kind: str, name: str, value: str | None) -> None:
    path = folder / name
    if kind == "write" and value is not None:
        path.write_text(value, encoding="utf-8")
    elif path.exists():
        if kind == "delete":
            path.unlink()
        elif kind == "rename" and value is not None:
            path.replace(folder / value)
        elif kind == "touch":
            path.touch()


def _rows(index_dir: Path) -> dict[str, list[Any]]:
    """Every row of the article database."""
    with closing(sqlite3.connect(current_folder(index_dir) / "articles.sqlite")) as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def _assert_equal(one: Path, two: Path, encoder: FakeEncoder) -> None:
    assert _rows(one) == _rows(two)
    first, second = open_current(one, encoder), open_current(two, encoder)
    assert first.manifest.corpus_sha256 == second.manifest.corpus_sha256
    assert first.manifest.skipped == second.manifest.skipped
    assert np.array_equal(first.vectors.vectors(), second.vectors.vectors())
    for question in ("Meta money", "Rain in Dublin at noon", "next month"):
        for filters in (NO_FILTERS, Filters(article_ids=frozenset({"shared", "a.md"}))):
            assert first.lexical.search(question, 9, filters) == second.lexical.search(
                question, 9, filters
            )
    first.close()
    second.close()


@given(st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=5), st.booleans())
@settings(max_examples=settings().max_examples // 8)  # each builds several times
def test_rebuild_after_any_edits_equals_a_build_from_nothing(
    rounds: list[list[tuple[str, str, str | None]]], trusting: bool
) -> None:
    encoder = FakeEncoder()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if trusting:  # time stamps are old enough to go by
            patch.setattr(corpus_files, "_TIME_STAMP_GRAIN_NS", -60 * 10**9)
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        (corpus / "sub").mkdir(parents=True)
        (corpus / "always.txt").write_text("Something that is always there.")
        for number, some in enumerate(rounds):
            for edit in some:
                _edit(corpus, *edit)
            build_index(corpus, index, encoder, CHUNKING)
            build_index(corpus, Path(folder) / f"fresh{number}", encoder, CHUNKING)
            _assert_equal(index, Path(folder) / f"fresh{number}", encoder)
            assert not is_stale(corpus, index, encoder, CHUNKING)


@pytest.fixture
def read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were read since, by name."""
    read: list[str] = []

    class Counting(FileReading):
        def __init__(self, file: CorpusFile) -> None:
            read.append(file.relative)
            super().__init__(file)

    monkeypatch.setattr("index.building.generation_writer.FileReading", Counting)
    return read


def test_nothing_is_read_or_embedded_twice(
    build: Build, corpus_dir: Path, encoder: FakeEncoder, read_files: list[str]
) -> None:
    (corpus_dir / "b.txt").write_text("Something else.")
    first = build().build
    assert (first.files_read, first.chunks_embedded, first.since) == (2, 4, None)
    assert (first.added.count, first.added.ids[:2]) == (4, ("meta", "microsoft"))
    read_files.clear()
    encoder.encoded.clear()
    second = build()
    assert read_files == encoder.encoded == []
    assert (second.build.files_unchanged, second.build.kept) == (2, 4)
    assert (second.build.chunks_embedded, second.build.chunks_reused) == (0, 4)
    (corpus_dir / "b.txt").write_text("Something new.")
    third = build().build
    assert third.since == second.index_version
    assert (read_files, encoder.encoded) == (["b.txt"], ["Something new."])
    assert (third.changed.ids, third.kept, third.added.count) == (("b.txt",), 3, 0)


def test_build_says_what_was_added_changed_and_removed(build: Build, corpus_dir: Path) -> None:
    build()
    changed = {**ARTICLES[0], "published_at": "2025-05-01"}
    write_articles(corpus_dir, [changed, ARTICLES[2], {"id": "new", "text": "Snow fell."}])
    record = build().build
    assert (record.added.ids, record.changed.ids, record.removed.ids, record.kept) == (
        ("new",),
        ("meta",),
        ("microsoft",),
        1,
    )
    # Other metadata is no reason to embed anything anew.
    assert record.chunks_embedded == 1


def test_time_stamps_that_were_set_back_do_not_hide_a_change(
    build: Build, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus_files, "_TIME_STAMP_GRAIN_NS", -60 * 10**9)
    path = corpus_dir / "b.txt"
    path.write_text("It cost $64 billion.")
    os.utime(path, ns=(10**18, 10**18))
    build()
    path.write_text("It cost $72 billion.")
    os.utime(path, ns=(10**18, 10**18))
    assert build().build.changed.ids == ("b.txt",)


def test_change_within_the_grain_of_the_clock_is_noticed(
    build: Build, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = corpus_dir / "b.txt"
    path.write_text("It cost $64 billion.")
    same = corpus_files._stamps(path)
    monkeypatch.setattr(corpus_files, "_stamps", lambda _: same)
    build()
    path.write_text("It cost $72 billion.")
    assert build().build.changed.ids == ("b.txt",)


def test_clock_that_goes_back_neither_hides_changes_nor_loses_generations(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = dt.timedelta()
    real = time.time_ns

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Self:
            return super().now(tz) - back

    monkeypatch.setattr(time, "time_ns", lambda: real() - int(back.total_seconds()) * 10**9)
    monkeypatch.setattr("index.building.finalising.dt", SimpleNamespace(datetime=Clock, UTC=dt.UTC))
    versions: list[str] = []
    for day in range(4):  # each build a day before the one that it follows
        back = dt.timedelta(days=day)
        name = f"new{day}"
        (corpus_dir / f"{name}.txt").write_text(f"Snow fell on day {day}.")
        options = BuildOptions(keep=3)
        summary = build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options)
        assert f"{name}.txt" in summary.build.added.ids
        versions.append(summary.index_version)
        assert current_version(index_dir) == summary.index_version
    kept = kept_generations(index_dir)
    assert [item.index_version for item in kept] == versions[:0:-1]
    assert [item.sequence for item in kept] == [4, 3, 2]
    assert kept[0].created_at < kept[1].created_at < kept[2].created_at
    assert roll_back(index_dir).index_version == versions[2]
    assert roll_back(index_dir).index_version == versions[1]


def test_other_chunking_or_code_reads_all_files_but_embeds_only_new_texts(
    build: Build,
    corpus_dir: Path,
    index_dir: Path,
    encoder: FakeEncoder,
    read_files: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build()
    encoder.encoded.clear()
    monkeypatch.setattr("index.building.previous.code_fingerprint", lambda: "newer")
    assert is_stale(corpus_dir, index_dir, encoder, ChunkingParameters())
    build()
    monkeypatch.undo()
    assert encoder.encoded == []
    build_index(corpus_dir, index_dir, encoder, CHUNKING)
    assert len(encoder.encoded) > 3


def test_embeddings_of_a_build_that_was_ended_are_not_lost(
    corpus_dir: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(FakeEncoder):
        def encode_chunks(self, texts: Any) -> Any:
            if self.encoded:
                raise KeyboardInterrupt
            return super().encode_chunks(texts)

    monkeypatch.setattr("index.building.chunk_indexing._BATCH", 2)
    with pytest.raises(KeyboardInterrupt):
        build_index(corpus_dir, index_dir, Interrupted(), ChunkingParameters())
    assert list((index_dir / "generations").iterdir()) == []
    encoder = FakeEncoder()
    summary = build_index(corpus_dir, index_dir, encoder, ChunkingParameters())
    assert len(encoder.encoded) == summary.build.chunks_embedded == 1


def test_damaged_cache_costs_only_time(
    build: Build, index_dir: Path, corpus_dir: Path, encoder: FakeEncoder
) -> None:
    build()
    with (index_dir / CACHE_FILE).open("r+b") as cache:
        cache.write(b"not a database")
    encoder.encoded.clear()
    write_articles(corpus_dir, ARTICLES[:2])
    assert build().chunks == len(encoder.encoded) == 2


def test_damaged_vector_in_the_cache_is_embedded_anew(
    build: Build, index_dir: Path, corpus_dir: Path, encoder: FakeEncoder
) -> None:
    build()
    with closing(sqlite3.connect(index_dir / CACHE_FILE)) as cache, cache:
        cache.execute("UPDATE vectors SET data = zeroblob(256) WHERE id = 1")
    encoder.encoded.clear()
    write_articles(corpus_dir, ARTICLES[:2])
    build()
    assert len(encoder.encoded) == 1
    opened = open_current(index_dir, encoder)
    expected = np.stack([encoder.encode_question(text) for text in _indexed_texts(opened)])
    assert np.array_equal(opened.vectors.vectors(), expected)
    opened.close()


def _indexed_texts(opened: Any) -> list[str]:
    chunks = opened.articles.chunks(range(opened.articles.chunk_count))
    return [chunks[chunk_id][0].indexed_text for chunk_id in sorted(chunks)]


def test_damaged_generation_is_not_reused(
    build: Build, index_dir: Path, corpus_dir: Path, encoder: FakeEncoder, caplog: Any
) -> None:
    build()
    path = current_folder(index_dir) / "articles.sqlite"
    raw = bytearray(path.read_bytes())
    at = raw.index(b"Susan Li")
    raw[at] ^= 1
    path.write_bytes(raw)
    assert is_stale(corpus_dir, index_dir, encoder, ChunkingParameters())
    summary = build()
    assert "cannot be reused" in caplog.text
    assert summary.build.since is None
    opened = open_current(index_dir, encoder)
    assert "Susan Li" in opened.articles.article("meta").text
    opened.close()


def test_cache_forgets_what_was_not_used_for_longest(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    options = BuildOptions(cache_bytes=2 * 4 * encoder.dimension)
    for count in (3, 1):
        write_articles(corpus_dir, ARTICLES[-count:])
        build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options)
    write_articles(corpus_dir, ARTICLES)
    encoder.encoded.clear()
    build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options)
    with closing(sqlite3.connect(index_dir / CACHE_FILE)) as cache:
        assert cache.execute("SELECT count(*) FROM vectors").fetchone() == (2,)
        assert cache.execute("SELECT count(*) FROM texts").fetchone() == (2,)
    assert len(encoder.encoded) == 1
