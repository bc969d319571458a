"""Finalising a generation: changes since the last one, manifest, checksums, all synced to disk."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from index.code_version import code_fingerprint
from index.generations.generation import generation_folder
from index.generations.rotation import next_sequence
from index.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    BuildRecord,
    ChangeRecord,
    ChunkingRecord,
    FleetRecord,
    LeftOutRecord,
    Manifest,
    SkippedRecord,
    VectorIndexRecord,
    describe_encoder,
    record_files,
)
from index.sqlite_uri import read_only_uri
from index.stores.local import ARTICLES_FILE
from index.stores.registry import LOCAL, SHARDED
from index.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from index.building.previous import PreviousGeneration
    from index.building.written import Written
    from index.chunking.chunker import ChunkingParameters
    from index.embedding.encoder import Encoder

LISTED_SKIPPED: Final = 500  # files and lines in the manifest; the count is of all
_LISTED: Final = 100  # ids in a change record; the count is of all
_COLUMNS: Final = (
    *("title", "url", "source", "author", "published_at", "tags", "pages", "sha256"),
    *("published_at_from", "left_out", "marks_headings", "recognised"),
)
_SAME: Final = " AND ".join(f"now.{name} IS before.{name}" for name in _COLUMNS)
_REMOVED: Final = "FROM before LEFT JOIN now ON now.id = before.id WHERE now.id IS NULL"


@dataclass(frozen=True, slots=True)
class BuildInputs:
    """The corpus, models and parameters of a build."""

    corpus_dir: Path
    encoder: Encoder
    chunking: ChunkingParameters


@dataclass(frozen=True, slots=True)
class ChunkIndexes:
    """What the chunks of a generation are indexed in; `fleet` is None where it is not sharded."""

    vector_index: VectorIndexRecord
    fleet: FleetRecord | None = None


def finalise(
    folder: Path,
    index_dir: Path,
    inputs: BuildInputs,
    indexes: ChunkIndexes,
    written: Written,
    previous: PreviousGeneration | None,
    started: float,
) -> Manifest:
    """Write the manifest of a generation and sync all its files to disk.

    Args:
        folder: The generation's files.
        index_dir: The index folder that it will move into.
        inputs: What it was built from.
        indexes: What its chunks are indexed in.
        written: Counts of what was written.
        previous: The generation to compare it with.
        started: Start of the build, by `time.monotonic`.

    Returns:
        The manifest as written.

    Raises:
        OSError: If the manifest cannot be written or a file cannot be synced.
    """
    now = dt.datetime.now(dt.UTC)
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        index_version=_free_name(index_dir, f"{now:%Y%m%dT%H%M%SZ}-{written.corpus_sha256[:8]}"),
        sequence=next_sequence(index_dir),
        code=code_fingerprint(),
        created_at=now,
        corpus_dir=str(inputs.corpus_dir.absolute()),
        corpus_sha256=written.corpus_sha256,
        articles=written.articles,
        copies=written.copies,
        near_duplicates=written.near_duplicates,
        chunks=written.chunks,
        skipped=tuple(
            SkippedRecord(where=item.where, reason=item.reason)
            for item in written.skipped[:LISTED_SKIPPED]
        ),
        left_out=LeftOutRecord(
            count=written.left_out.count,
            items=tuple(
                SkippedRecord(where=item.where, reason=item.reason)
                for item in written.left_out.items
            ),
        ),
        skipped_count=written.skipped_count,
        encoder=describe_encoder(inputs.encoder),
        chunking=ChunkingRecord.of(inputs.chunking),
        vector_index=indexes.vector_index,
        backend=LOCAL if indexes.fleet is None else SHARDED,
        fleet=indexes.fleet,
        build=_record(folder, written, previous, started),
        files=record_files(folder),
    )
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    for path in [*folder.rglob("*"), folder]:
        sync(path)
    return manifest


def _record(
    folder: Path, written: Written, previous: PreviousGeneration | None, started: float
) -> BuildRecord:
    earlier = None if previous is None else previous.folder / ARTICLES_FILE
    changes = _compare_articles(
        earlier, folder / ARTICLES_FILE, (item.where for item in written.skipped)
    )
    return BuildRecord(
        since=None if previous is None else previous.manifest.index_version,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        lost=changes.lost,
        kept=changes.kept,
        files_read=written.files_read,
        files_unchanged=written.files_unchanged,
        chunks_embedded=written.chunks_embedded,
        chunks_reused=written.chunks - written.chunks_embedded,
        seconds=round(time.monotonic() - started, 3),
    )


def _free_name(index_dir: Path, name: str) -> str:
    """Append a number to a name that another build of the same second has taken."""
    candidate, number = name, 1
    while generation_folder(index_dir, candidate).exists():
        number += 1
        candidate = f"{name}-{number}"
    return candidate


@dataclass(frozen=True, slots=True)
class _ArticleChanges:
    """Articles by what happened to them since the previous generation.

    Attributes:
        added: Their ids are new.
        changed: Their text or metadata differs; a new line number in the same file does not count.
        removed: Their ids are gone.
        lost: The removed ones whose line, file or folder was skipped by this build.
        kept: How many are unchanged.
    """

    added: ChangeRecord
    changed: ChangeRecord
    removed: ChangeRecord
    lost: ChangeRecord
    kept: int


def _compare_articles(old: Path | None, new: Path, skipped: Iterable[str]) -> _ArticleChanges:
    """Compare two article databases by id; without an old one every article is new.

    Args:
        old: The database of the previous generation.
        new: The database of the new generation.
        skipped: Folders, files and lines that the build skipped.
    """
    with closing(sqlite3.connect(read_only_uri(new), uri=True)) as connection:
        connection.execute("CREATE TEMP VIEW now AS SELECT * FROM main.articles")
        if old is None:
            connection.execute("CREATE TEMP VIEW before AS SELECT * FROM main.articles LIMIT 0")
        else:
            connection.execute("ATTACH ? AS earlier", (read_only_uri(old),))
            connection.execute("CREATE TEMP VIEW before AS SELECT * FROM earlier.articles")
        total = int(connection.execute("SELECT count(*) FROM now").fetchone()[0])
        added, changed, removed = (
            _change(connection, side, rest)
            for side, rest in (
                (
                    "now",
                    "FROM now LEFT JOIN before ON before.id = now.id WHERE before.id IS NULL",
                ),
                ("now", f"FROM now JOIN before ON before.id = now.id WHERE NOT ({_SAME})"),
                ("before", _REMOVED),
            )
        )
        lost = _lost(connection, set(skipped))
    return _ArticleChanges(added, changed, removed, lost, total - added.count - changed.count)


def _lost(connection: sqlite3.Connection, skipped: set[str]) -> ChangeRecord:
    """Find the removed articles whose line, file or folder was skipped rather than removed."""
    removed = connection.execute(f"SELECT before.id, before.path {_REMOVED} ORDER BY before.number")
    ids = [article_id for article_id, path in removed if not skipped.isdisjoint(_locations(path))]
    return ChangeRecord(count=len(ids), ids=tuple(ids[:_LISTED]))


def _locations(path: str) -> Iterator[str]:
    """An article's line, where it had one, its file, and the folders above it."""
    yield path
    yield path.rpartition(":")[0]
    yield from map(str, PurePosixPath(path).parents)


def _change(connection: sqlite3.Connection, side: str, rest: str) -> ChangeRecord:
    """Count and name the articles of a query, as one side of the comparison has them."""
    count = int(connection.execute(f"SELECT count(*) {rest}").fetchone()[0])
    ids = connection.execute(
        f"SELECT {side}.id {rest} ORDER BY {side}.number LIMIT {_LISTED}"
    ).fetchall()
    return ChangeRecord(count=count, ids=tuple(article_id for (article_id,) in ids))
