"""Building: corpus folder -> new generation -> atomic switch."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.building.chunk_indexing import embed_and_index
from index.building.finalising import LISTED_SKIPPED, BuildInputs, ChunkIndexes, finalise
from index.building.fleet import index_shards
from index.building.generation_writer import GenerationWriter
from index.building.options import BuildOptions
from index.building.previous import open_previous
from index.building.written import LeftOut, Written
from index.embedding.embedding_cache import EmbeddingCache
from index.errors import BuildError, CorpusError, ShardLostError
from index.generations.build_lock import build_lock
from index.generations.generation import (
    FILES_FILE,
    GENERATIONS,
    generation_folder,
    make_current,
)
from index.generations.refusals import read_refusals
from index.generations.rotation import kept_generations, remove_old
from index.loading.alias_file import alias_bytes
from index.loading.corpus_files import CorpusPlan
from index.loading.corpus_folder import Skipped
from index.progress import BuildProgress, Stage
from index.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.building.previous import PreviousGeneration
    from index.building.shard_tasks import ShardTasks
    from index.chunking.chunker import ChunkingParameters
    from index.embedding.encoder import Encoder
    from index.manifest import BuildRecord, Manifest

__all__ = ["BuildProgress", "BuildSummary", "Stage", "build_index", "is_stale"]
CACHE_FILE: Final = "embeddings.sqlite"
_UNFINISHED: Final = ".unfinished-"
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """The result of a build.

    Attributes:
        index_version: The name of the new generation.
        articles: Articles in the index; copies are not counted.
        copies: Articles with the same text as another one, stored with it.
        chunks: Chunks in the index.
        skipped: The first of the files and lines that did not become articles, and why.
        skipped_count: Number of all of them.
        left_out: What of the others is not in their articles.
        build: Changes since the previous generation, and work reused from it.
        seconds: Wall-clock time.
    """

    index_version: str
    articles: int
    copies: int
    chunks: int
    skipped: tuple[Skipped, ...]
    left_out: LeftOut
    skipped_count: int
    build: BuildRecord
    seconds: float


def _ignore_progress(progress: BuildProgress) -> None:
    del progress


def build_index(
    corpus_dir: Path,
    index_dir: Path,
    encoder: Encoder,
    chunking: ChunkingParameters,
    options: BuildOptions | None = None,
    *,
    progress: Callable[[BuildProgress], None] = _ignore_progress,
    before_switch: Callable[[Path], None] | None = None,
    tasks: ShardTasks | None = None,
) -> BuildSummary:
    """Build a generation from a corpus folder and make it current.

    A build is incremental: it reuses the current generation and the embedding cache, and gives the
    same generation as a build from nothing. The old generation stays current until the switch at
    the end. If a build fails, the vectors it has computed stay in the cache.

    Args:
        corpus_dir: Folder of articles.
        index_dir: Folder of the index; it is created.
        encoder: Embeds the chunks.
        chunking: Parameters of the chunker.
        options: Further options; the defaults where None.
        progress: Called with the progress of the build.
        before_switch: Called with the folder of the finished generation before the switch. If it
            raises, the switch does not happen, the folder is removed unless it was moved away, and
            the exception propagates.
        tasks: Indexes the shards of a fleet on other machines; this one does where None.

    Raises:
        BuildInProgressError: If another process is building in this index folder.
        CorpusError: If the corpus folder is missing, vanishes, or holds nothing to index.
        BuildError: If the index folder cannot be written to; the message says whether the old
            generation stays.
    """
    with ExitStack() as locks:
        with _build_errors(index_dir):
            index_dir.mkdir(parents=True, exist_ok=True)
            locks.enter_context(build_lock(index_dir))
        build = _Build(
            index_dir,
            encoder,
            chunking,
            BuildOptions() if options is None else options,
            progress,
            before_switch,
            tasks,
        )
        return build.run(corpus_dir)


def is_stale(
    corpus_dir: Path,
    index_dir: Path,
    encoder: Encoder,
    chunking: ChunkingParameters,
    options: BuildOptions | None = None,
) -> bool:
    """Whether a build would give another index: other files, encoder, parameters or code.

    It is not where the build would give one that was refused, unless the current one is missing or
    damaged.

    Raises:
        CorpusError: If the corpus folder is missing.
    """
    chosen = BuildOptions() if options is None else options
    current = open_previous(index_dir, chunking)
    if current is None:
        return True  # nothing can be served, so a refused one is no reason to wait
    if _would_be(current, corpus_dir, encoder, chosen):
        return False
    refusals = read_refusals(index_dir)
    kept = [manifest.index_version for manifest in kept_generations(index_dir)] if refusals else []
    for version in (name for name in kept if name in refusals):
        refused = open_previous(index_dir, chunking, version)
        if refused is not None and _would_be(refused, corpus_dir, encoder, chosen):
            _LOGGER.warning(
                "the articles are those of index %s, which was refused, so it is not built "
                "again until they change; 'article-qa build' without --if-stale does",
                version,
            )
            return False
    return True


def _would_be(
    previous: PreviousGeneration, corpus_dir: Path, encoder: Encoder, options: BuildOptions
) -> bool:
    """Whether a build would give this generation once more; closes it."""
    try:
        if not previous.is_reproducible(encoder, options):
            return False
        if not previous.has_aliases_of(corpus_dir):
            return False
        with (
            tempfile.TemporaryDirectory() as folder,
            CorpusPlan(Path(folder) / FILES_FILE, corpus_dir, previous.files) as plan,
        ):
            return plan.unchanged
    finally:
        previous.close()


class _Build:
    """One build, run under the build lock."""

    def __init__(
        self,
        index_dir: Path,
        encoder: Encoder,
        chunking: ChunkingParameters,
        options: BuildOptions,
        progress: Callable[[BuildProgress], None],
        before_switch: Callable[[Path], None] | None,
        tasks: ShardTasks | None,
    ) -> None:
        self._started = time.monotonic()
        self._index_dir = index_dir
        self._encoder = encoder
        self._chunking = chunking
        self._options = options
        self._progress = progress
        self._before_switch = before_switch
        self._tasks = tasks
        self._generations = index_dir / GENERATIONS
        self._work = self._generations / f"{_UNFINISHED}{os.getpid()}"

    def run(self, corpus_dir: Path) -> BuildSummary:
        """Build, switch, and remove old generations."""
        try:
            with _build_errors(self._index_dir):
                written, manifest = self._build(corpus_dir)
            if self._before_switch is not None:
                self._before_switch(self._work)
            with _build_errors(self._index_dir):
                self._switch(manifest.index_version)
        finally:
            shutil.rmtree(self._work, ignore_errors=True)
        try:
            remove_old(self._index_dir, self._options.keep)
        except OSError as error:
            _LOGGER.warning(
                "the new index is current, but an old generation could not be removed: %s; the "
                "next build will try again",
                error,
            )
        return BuildSummary(
            index_version=manifest.index_version,
            articles=manifest.articles,
            copies=manifest.copies,
            chunks=manifest.chunks,
            skipped=tuple(written.skipped[:LISTED_SKIPPED]),
            skipped_count=written.skipped_count,
            left_out=written.left_out,
            build=manifest.build,
            seconds=time.monotonic() - self._started,
        )

    def _switch(self, version: str) -> None:
        """Make the finished generation current; where nothing is switched, it gives its room back.

        Raises:
            OSError: If nothing was switched.
            BuildError: If it was switched, but a power cut may undo that.
        """
        folder = generation_folder(self._index_dir, version)
        self._work.rename(folder)
        try:
            sync(self._generations)
            make_current(self._index_dir, version)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _build(self, corpus_dir: Path) -> tuple[Written, Manifest]:
        """Write the whole generation into the work folder."""
        self._generations.mkdir(exist_ok=True)
        for leftover in self._generations.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(leftover)
        self._work.mkdir()
        with ExitStack() as closing:
            previous = open_previous(self._index_dir, self._chunking)
            if previous is not None:
                closing.callback(previous.close)
            inputs = BuildInputs(corpus_dir, self._encoder, self._chunking)
            written, indexes = self._write(inputs, previous)
            manifest = finalise(
                self._work, self._index_dir, inputs, indexes, written, previous, self._started
            )
        return written, manifest

    def _write(
        self, inputs: BuildInputs, previous: PreviousGeneration | None
    ) -> tuple[Written, ChunkIndexes]:
        corpus_dir = inputs.corpus_dir
        records = None if previous is None else previous.files
        with CorpusPlan(self._work / FILES_FILE, corpus_dir, records) as plan:
            if (
                plan.unchanged
                and previous is not None
                and previous.is_reproducible(self._encoder, self._options)
                and previous.has_aliases_of(corpus_dir)
            ):
                manifest = previous.manifest
                return self._copy(plan, previous), ChunkIndexes(
                    manifest.vector_index, manifest.fleet
                )
            aliases = alias_bytes(corpus_dir)
            writer = GenerationWriter(
                self._work,
                self._options.shards,
                plan,
                previous,
                self._chunking,
                aliases,
                self._progress,
            )
            writer.read()
            plan.check_folder()
        written = writer.written
        if written.chunks == 0:
            reasons = "; ".join(f"{item.where}: {item.reason}" for item in written.skipped[:5])
            raise CorpusError(
                f"corpus folder {corpus_dir}: nothing could be indexed; "
                f"{reasons or 'there is no article in it'}"
            )
        with EmbeddingCache(
            self._index_dir / CACHE_FILE, self._encoder, limit_bytes=self._options.cache_bytes
        ) as cache:
            indexes, written.chunks_embedded = self._index(inputs, writer, cache, previous)
            cache.trim()
        writer.write_names()
        return written, indexes

    def _index(
        self,
        inputs: BuildInputs,
        writer: GenerationWriter,
        cache: EmbeddingCache,
        previous: PreviousGeneration | None,
    ) -> tuple[ChunkIndexes, int]:
        """Embed and index all chunks; returns how many texts the encoder embedded, too."""
        options, report = self._options, writer.report
        if writer.shards:
            return index_shards(
                self._work,
                self._index_dir,
                inputs,
                options,
                cache,
                writer.shards,
                previous,
                report,
                self._tasks,
            )
        language = self._chunking.language
        vector_index, embedded = embed_and_index(
            self._work, language, self._encoder, cache, options, report
        )
        return ChunkIndexes(vector_index), embedded

    def _copy(self, plan: CorpusPlan, previous: PreviousGeneration) -> Written:
        """Copy the previous generation, whose corpus has not changed."""
        previous.copy_to(self._work)
        files = plan.take_over()
        manifest = previous.manifest
        count, chunks = plan.count, manifest.chunks
        self._progress(BuildProgress(Stage.FINISHING, count, count, chunks, chunks, chunks, chunks))
        return Written(
            articles=manifest.articles,
            copies=manifest.copies,
            near_duplicates=manifest.near_duplicates,
            chunks=manifest.chunks,
            files_unchanged=files,
            skipped=[Skipped(item.where, item.reason) for item in manifest.skipped],
            left_out=LeftOut(
                manifest.left_out.count,
                [Skipped(item.where, item.reason) for item in manifest.left_out.items],
            ),
            skipped_before=0
            if manifest.skipped_count is None
            else manifest.skipped_count - len(manifest.skipped),
            corpus_sha256=manifest.corpus_sha256,
        )


@contextmanager
def _build_errors(index_dir: Path) -> Iterator[None]:
    """Turn errors of the system and of SQLite into a `BuildError` that says what to do."""
    try:
        yield
    except ShardLostError as error:
        raise BuildError(
            f"index folder {index_dir}: {len(error.lost)} shards of the index before cannot be "
            "read, the log says why; that index stays; check its disk, then build again"
        ) from error
    except (OSError, sqlite3.OperationalError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BuildError(
            f"index folder {index_dir}: {_file_of(error, index_dir)}{reason}; the old index stays; "
            "check that the folder is writable and its disk has room, then build again"
        ) from error


def _file_of(error: Exception, index_dir: Path) -> str:
    """The file that an error is about, and a colon; nothing where it is the index folder."""
    name = getattr(error, "filename", None)
    if not isinstance(name, str) or Path(name) == index_dir:
        return ""
    path = Path(name)
    inside = path.relative_to(index_dir) if path.is_relative_to(index_dir) else path
    return f"{inside.as_posix()}: "
