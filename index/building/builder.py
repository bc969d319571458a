"""Corpus folder -> a new generation -> atomic switch."""

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

from index.building.generation_writer import GenerationWriter, Written
from index.building.options import BuildOptions
from index.building.previous import open_previous
from index.building.sealing import BuiltWith, seal
from index.embedding.embedding_cache import EmbeddingCache
from index.errors import BuildError, CorpusError
from index.generations.build_lock import only_builder
from index.generations.generation import (
    FILES_FILE,
    GENERATIONS,
    generation_folder,
    make_current,
    sync,
)
from index.generations.rotation import remove_old
from index.loading.articles import Skipped
from index.loading.corpus_files import CorpusPlan
from index.progress import BuildProgress, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.building.previous import PreviousGeneration
    from index.chunking.chunker import ChunkingParameters
    from index.embedding.encoder import Encoder
    from index.manifest import BuildRecord, Manifest, VectorIndexRecord

__all__ = ["BuildProgress", "BuildSummary", "Stage", "build_index", "is_stale"]
CACHE_FILE: Final = "embeddings.sqlite"
_UNFINISHED: Final = ".unfinished-"
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did.

    Attributes:
        index_version: The name of the generation that it made.
        articles: Articles in the index.
        copies: Articles found through another one with the same text.
        chunks: Chunks in the index.
        skipped: What did not become an article, and why.
        build: What became of the generation before.
        seconds: Wall-clock time.
    """

    index_version: str
    articles: int
    copies: int
    chunks: int
    skipped: tuple[Skipped, ...]
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
) -> BuildSummary:
    """Build a generation from a corpus folder and make it current.

    What the current generation and the embedding cache already hold is reused; the result is the
    one that a build from nothing would give. Until the switch at the very end the old generation
    stays current, whatever happens, and texts embedded until then stay in the cache.

    Args:
        corpus_dir: Folder of articles.
        index_dir: Folder of the index.
        encoder: What embeds the chunks.
        chunking: How articles are cut.
        options: What else is asked for.
        progress: Told how far the build is.
        before_switch: Called with the folder of the finished generation before it is made
            current. If it raises, it never is, and the folder is removed unless it was moved away;
            the error is passed on as it is.

    Raises:
        BuildInProgressError: If another process is building in this index folder.
        CorpusError: If the corpus folder is missing, vanishes, or nothing in it could be indexed.
        BuildError: If the index folder cannot be written to.
    """
    with ExitStack() as held:
        with _explained(index_dir):
            index_dir.mkdir(parents=True, exist_ok=True)
            held.enter_context(only_builder(index_dir))
        build = _Build(
            index_dir,
            encoder,
            chunking,
            BuildOptions() if options is None else options,
            progress,
            before_switch,
        )
        return build.run(corpus_dir)


def is_stale(
    corpus_dir: Path,
    index_dir: Path,
    encoder: Encoder,
    chunking: ChunkingParameters,
    options: BuildOptions | None = None,
) -> bool:
    """Whether a build would change anything: files, encoder, parameters, or the code that builds.

    Raises:
        CorpusError: If the corpus folder is missing.
    """
    previous = open_previous(index_dir, chunking)
    if previous is None:
        return True
    try:
        if not previous.built_alike(encoder, BuildOptions() if options is None else options):
            return True
        with (
            tempfile.TemporaryDirectory() as folder,
            CorpusPlan(Path(folder) / FILES_FILE, corpus_dir, previous.files) as plan,
        ):
            return not plan.unchanged
    finally:
        previous.close()


class _Build:
    """One build, with the index folder to itself."""

    def __init__(
        self,
        index_dir: Path,
        encoder: Encoder,
        chunking: ChunkingParameters,
        options: BuildOptions,
        progress: Callable[[BuildProgress], None],
        before_switch: Callable[[Path], None] | None,
    ) -> None:
        self._started = time.monotonic()
        self._index_dir = index_dir
        self._encoder = encoder
        self._chunking = chunking
        self._options = options
        self._progress = progress
        self._before_switch = before_switch
        self._generations = index_dir / GENERATIONS
        self._work = self._generations / f"{_UNFINISHED}{os.getpid()}"

    def run(self, corpus_dir: Path) -> BuildSummary:
        """Build, switch, and remove what is too old to keep."""
        try:
            with _explained(self._index_dir):
                written, manifest = self._finish(corpus_dir)
            if self._before_switch is not None:
                self._before_switch(self._work)
            with _explained(self._index_dir):
                self._work.rename(generation_folder(self._index_dir, manifest.index_version))
                sync(self._generations)
                make_current(self._index_dir, manifest.index_version)
        finally:
            shutil.rmtree(self._work, ignore_errors=True)
        try:
            remove_old(self._index_dir, self._options.keep)
        except OSError as error:
            _LOGGER.warning(
                "the new index is current, but an older one could not be removed: %s; the next "
                "build tries again",
                error,
            )
        return BuildSummary(
            index_version=manifest.index_version,
            articles=manifest.articles,
            copies=manifest.copies,
            chunks=manifest.chunks,
            skipped=tuple(written.skipped),
            build=manifest.build,
            seconds=time.monotonic() - self._started,
        )

    def _finish(self, corpus_dir: Path) -> tuple[Written, Manifest]:
        """Make the whole generation, in the folder of unfinished work."""
        self._generations.mkdir(exist_ok=True)
        for leftover in self._generations.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(leftover)
        self._work.mkdir()
        with ExitStack() as opened:
            previous = open_previous(self._index_dir, self._chunking)
            if previous is not None:
                opened.callback(previous.close)
            written, vector_index = self._write(corpus_dir, previous)
            manifest = seal(
                self._work,
                self._index_dir,
                BuiltWith(corpus_dir, self._encoder, self._chunking, vector_index),
                written,
                previous,
                self._started,
            )
        return written, manifest

    def _write(
        self, corpus_dir: Path, previous: PreviousGeneration | None
    ) -> tuple[Written, VectorIndexRecord]:
        known = None if previous is None else previous.files
        with CorpusPlan(self._work / FILES_FILE, corpus_dir, known) as plan:
            if (
                plan.unchanged
                and previous is not None
                and previous.built_alike(self._encoder, self._options)
            ):
                return self._copy(plan, previous), previous.manifest.vector_index
            writer = GenerationWriter(self._work, plan, previous, self._chunking, self._progress)
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
            vector_index = writer.index(self._encoder, cache, self._options)
            cache.trim()
        return written, vector_index

    def _copy(self, plan: CorpusPlan, previous: PreviousGeneration) -> Written:
        """Take over all of a generation whose corpus has not changed."""
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
            corpus_sha256=manifest.corpus_sha256,
        )


@contextmanager
def _explained(index_dir: Path) -> Iterator[None]:
    """Say of what the system or a library refuses where it happened and what to do about it."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BuildError(
            f"index folder {index_dir}: {reason}; the old index stays; see that the folder can be "
            "written to and its disk has room, and build again"
        ) from error
