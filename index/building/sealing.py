"""Sealing what a build has written: manifest, checksums, and everything durable on disk."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.building.article_changes import compare_articles
from index.code_version import code_fingerprint
from index.generations.generation import ARTICLES_FILE, generation_folder, sync
from index.generations.rotation import next_sequence
from index.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    BuildRecord,
    ChunkingRecord,
    Manifest,
    SkippedRecord,
    VectorIndexRecord,
    describe_encoder,
    record_files,
)

if TYPE_CHECKING:
    from pathlib import Path

    from index.building.generation_writer import Written
    from index.building.previous import PreviousGeneration
    from index.chunking.chunker import ChunkingParameters
    from index.embedding.encoder import Encoder


@dataclass(frozen=True, slots=True)
class BuiltWith:
    """What a generation was built from and with."""

    corpus_dir: Path
    encoder: Encoder
    chunking: ChunkingParameters
    vector_index: VectorIndexRecord


def seal(
    folder: Path,
    index_dir: Path,
    built_with: BuiltWith,
    written: Written,
    previous: PreviousGeneration | None,
    started: float,
) -> Manifest:
    """Write the manifest of a generation and make everything durable.

    Args:
        folder: Where the files of the generation are.
        index_dir: The index folder that it is for.
        built_with: What it was built from and with.
        written: What went into it.
        previous: The generation that it is compared with.
        started: When the build began, by `time.monotonic`.

    Raises:
        OSError: If it cannot be written.
    """
    now = dt.datetime.now(dt.UTC)
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        index_version=_free_name(index_dir, f"{now:%Y%m%dT%H%M%SZ}-{written.corpus_sha256[:8]}"),
        sequence=next_sequence(index_dir),
        code=code_fingerprint(),
        created_at=now,
        corpus_dir=str(built_with.corpus_dir.absolute()),
        corpus_sha256=written.corpus_sha256,
        articles=written.articles,
        copies=written.copies,
        near_duplicates=written.near_duplicates,
        chunks=written.chunks,
        skipped=tuple(
            SkippedRecord(where=item.where, reason=item.reason) for item in written.skipped
        ),
        encoder=describe_encoder(built_with.encoder),
        chunking=ChunkingRecord.of(built_with.chunking),
        vector_index=built_with.vector_index,
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
    changes = compare_articles(
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
    """Number a name that another build of the same second already took."""
    candidate, number = name, 1
    while generation_folder(index_dir, candidate).exists():
        number += 1
        candidate = f"{name}-{number}"
    return candidate
