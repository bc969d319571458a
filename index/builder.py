"""Corpus folder -> a new generation -> atomic switch."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import time
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final, Self

import filelock

from index.article_store import ArticleWriter
from index.articles import Skipped, find_files, load_articles
from index.chunking import ChunkingParameters, chunk_article
from index.errors import BuildInProgressError, CorpusError, EncoderError
from index.generation import (
    ARTICLES_FILE,
    GENERATIONS,
    LEXICAL_FOLDER,
    VECTORS_FILE,
    current_version,
    generation_folder,
    make_current,
    sync,
)
from index.lexical import LexicalWriter
from index.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    ChunkingRecord,
    Manifest,
    SkippedRecord,
    describe_encoder,
    read_manifest,
    record_files,
)
from index.vector_store import FaissStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.encoder import Encoder
    from index.records import Article, Chunk

_BATCH: Final = 2048  # chunks embedded in one call: enough to sort them by length
_KEPT_GENERATIONS: Final = 2
_UNFINISHED: Final = ".unfinished-"


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is; ``files_done`` of ``files`` read, ``chunks`` embedded so far."""

    files_done: int
    files: int
    chunks: int


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did; ``seconds`` is its wall-clock time."""

    index_version: str
    articles: int
    chunks: int
    skipped: tuple[Skipped, ...]
    seconds: float


def _ignore_progress(progress: BuildProgress) -> None:
    del progress


def build_index(
    corpus_dir: Path,
    index_dir: Path,
    encoder: Encoder,
    chunking: ChunkingParameters,
    *,
    progress: Callable[[BuildProgress], None] = _ignore_progress,
    before_switch: Callable[[Path], None] | None = None,
) -> BuildSummary:
    """Build a generation from a corpus folder and make it current.

    Until the switch at the very end the old generation stays current, whatever happens.

    Args:
        corpus_dir: Folder of articles.
        index_dir: Folder of the index.
        encoder: What embeds the chunks.
        chunking: How articles are cut.
        progress: Told how far the build is.
        before_switch: Called with the folder of the finished generation before it is made
            current. If it raises, it never is, and the folder is removed unless it was moved away.

    Raises:
        BuildInProgressError: If another process is building in this index folder.
        CorpusError: If the corpus folder is missing or nothing in it could be indexed.
    """
    started = time.monotonic()
    index_dir.mkdir(parents=True, exist_ok=True)
    with _only_builder(index_dir):
        generations = index_dir / GENERATIONS
        generations.mkdir(exist_ok=True)
        _remove_unfinished(generations)
        work = generations / f"{_UNFINISHED}{os.getpid()}"
        try:
            with _Build(work, encoder, chunking) as build:
                build.run(corpus_dir, progress)
            manifest = build.finish(corpus_dir)
            _make_durable(work)
            if before_switch is not None:
                before_switch(work)
            work.rename(generation_folder(index_dir, manifest.index_version))
        finally:
            shutil.rmtree(work, ignore_errors=True)
        sync(generations)
        make_current(index_dir, manifest.index_version)
        _remove_old(index_dir)
    return BuildSummary(
        index_version=manifest.index_version,
        articles=manifest.articles,
        chunks=manifest.chunks,
        skipped=tuple(build.skipped),
        seconds=time.monotonic() - started,
    )


def is_stale(
    corpus_dir: Path, index_dir: Path, encoder: Encoder, chunking: ChunkingParameters
) -> bool:
    """Whether a build would change anything: no index yet, or another corpus, encoder or chunking.

    Raises:
        CorpusError: If the corpus folder is missing.
        IndexCorruptError: If the manifest of the current generation cannot be read.
        IndexMismatchError: If it was written by another version of the format.
    """
    version = current_version(index_dir)
    if version is None:
        return True
    manifest = read_manifest(generation_folder(index_dir, version))
    if manifest.encoder.fingerprint != encoder.fingerprint or manifest.chunking != ChunkingRecord(
        **asdict(chunking)
    ):
        return True
    digest = CorpusDigest()
    for item in load_articles(corpus_dir):
        digest.add(item)
    return digest.hexdigest() != manifest.corpus_sha256


@dataclass
class CorpusDigest:
    """A hash over all that a build reads, skipped files included, in order."""

    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, item: Article | Skipped) -> None:
        """Take in one article or skipped file."""
        known = asdict(item) if isinstance(item, Skipped) else asdict(item.info)
        self._digest.update(json.dumps(known, default=str, sort_keys=True).encode() + b"\n")

    def hexdigest(self) -> str:
        """The hash so far, in hex digits."""
        return self._digest.hexdigest()


class _Build:
    """The stores of a generation while they are being written."""

    def __init__(self, work: Path, encoder: Encoder, chunking: ChunkingParameters) -> None:
        self._work = work
        self._encoder = encoder
        self._chunking = chunking
        self._vectors = FaissStore.empty(encoder.dimension)
        self._pending: list[Chunk] = []
        self._open = ExitStack()
        self._digest = CorpusDigest()
        self._articles = 0
        self.skipped: list[Skipped] = []

    def __enter__(self) -> Self:
        self._work.mkdir()
        self._article_writer = self._open.enter_context(ArticleWriter(self._work / ARTICLES_FILE))
        self._lexical_writer = self._open.enter_context(
            LexicalWriter(self._work / LEXICAL_FOLDER, self._chunking.language)
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._open.__exit__(*error)  # type: ignore[arg-type]  # passed on as they came

    def run(self, corpus_dir: Path, progress: Callable[[BuildProgress], None]) -> None:
        """Read, chunk, embed and store every article."""
        files = sum(1 for _ in find_files(corpus_dir))
        done: set[str] = set()
        for item in load_articles(corpus_dir):
            self._digest.add(item)
            done.add((item.where if isinstance(item, Skipped) else item.info.path).split(":")[0])
            if isinstance(item, Skipped):
                self.skipped.append(item)
                continue
            chunks = chunk_article(item, self._chunking)
            if not chunks:
                self.skipped.append(Skipped(item.info.path, "there is no sentence in it"))
                continue
            self._articles += 1
            ids = self._article_writer.add(item, chunks)
            for chunk_id, chunk in zip(ids, chunks, strict=True):
                self._lexical_writer.add(chunk_id, chunk, item.info)
            self._pending.extend(chunks)
            while len(self._pending) >= _BATCH:
                self._embed(_BATCH)
                progress(BuildProgress(len(done), files, len(self._vectors)))
        self._embed(len(self._pending))
        progress(BuildProgress(files, files, len(self._vectors)))
        if len(self._vectors) == 0:
            reasons = "; ".join(f"{item.where}: {item.reason}" for item in self.skipped[:5])
            raise CorpusError(
                f"corpus folder {corpus_dir}: nothing could be indexed; "
                f"{reasons or 'there is no article in it'}"
            )

    def _embed(self, count: int) -> None:
        batch, self._pending = self._pending[:count], self._pending[count:]
        if not batch:
            return
        vectors = self._encoder.encode_chunks([chunk.indexed_text for chunk in batch])
        if len(vectors) != len(batch):
            raise EncoderError(
                f"encoder '{self._encoder.model}': {len(vectors)} vectors for {len(batch)} chunks"
            )
        self._vectors.add(vectors)

    def finish(self, corpus_dir: Path) -> Manifest:
        """Write vectors and manifest; the other stores are closed by now."""
        self._vectors.save(self._work / VECTORS_FILE)
        now = dt.datetime.now(dt.UTC)
        corpus_sha256 = self._digest.hexdigest()
        manifest = Manifest(
            format_version=FORMAT_VERSION,
            index_version=self._free_name(f"{now:%Y%m%dT%H%M%SZ}-{corpus_sha256[:8]}"),
            created_at=now,
            corpus_dir=str(corpus_dir),
            corpus_sha256=corpus_sha256,
            articles=self._articles,
            chunks=len(self._vectors),
            skipped=tuple(
                SkippedRecord(where=item.where, reason=item.reason) for item in self.skipped
            ),
            encoder=describe_encoder(self._encoder),
            chunking=ChunkingRecord(**asdict(self._chunking)),
            files=record_files(self._work),
        )
        (self._work / MANIFEST_FILE).write_text(
            manifest.model_dump_json(indent=2) + "\n", encoding="utf-8"
        )
        return manifest

    def _free_name(self, name: str) -> str:
        """Number a name that another build of the same second already took."""
        candidate, number = name, 1
        while (self._work.parent / candidate).exists():
            number += 1
            candidate = f"{name}-{number}"
        return candidate


@contextmanager
def _only_builder(index_dir: Path) -> Iterator[None]:
    """Hold the build lock; the system frees it when the process ends, however it ends."""
    lock = filelock.FileLock(index_dir / "build.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise BuildInProgressError(
            f"another build is running in {index_dir}; wait for it to end"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _make_durable(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def _remove_unfinished(generations: Path) -> None:
    for leftover in generations.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover)


def _remove_old(index_dir: Path) -> None:
    """Keep the current generation and the newest others; open files outlive their removal."""
    current = current_version(index_dir)
    others = sorted(
        (
            path
            for path in (index_dir / GENERATIONS).iterdir()
            if path.is_dir() and path.name != current
        ),
        key=lambda path: path.name,
    )
    for path in others[: len(others) - (_KEPT_GENERATIONS - 1)]:
        shutil.rmtree(path)
