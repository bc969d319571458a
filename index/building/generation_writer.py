"""Reading a corpus into a generation: every article, its chunks, and the names of all.

What is read is stored at once, so that memory does not grow with the corpus.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from index.building.corpus_digest import CorpusDigest
from index.building.name_collecting import write_names
from index.building.near_duplicates import link_near_duplicates
from index.building.sharded_writer import ShardedArticleWriter
from index.building.written import Written
from index.chunking.chunker import chunk_article
from index.loading.corpus_folder import Skipped
from index.loading.file_reading import FileReading
from index.progress import BuildProgress, Stage
from index.stores.article_writer import ArticleWriter
from index.stores.local import ARTICLES_FILE
from index.stores.sharding.sharded import open_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from index.building.previous import PreviousGeneration
    from index.chunking.chunker import ChunkingParameters
    from index.loading.corpus_files import CorpusPlan, PlannedFile
    from index.records import Article, Chunk

    _ArticleWriter = ArticleWriter | ShardedArticleWriter

_REPORTED_SECONDS: Final = 0.2  # the least time between two reports while reading


class GenerationWriter:
    """Writes the articles, chunks and names of one generation into a folder.

    Args:
        folder: An existing, empty folder.
        shards: How many shards to spread the articles over; 1 makes no fleet.
        plan: The files of the corpus.
        previous: The generation to reuse work of.
        chunking: Parameters of the chunker.
        aliases: The corpus's alias file, as it is.
        progress: Called with the progress of the build.

    Attributes:
        written: What has been written so far.
        shards: What has been written into each shard that has articles, by its number.
    """

    def __init__(
        self,
        folder: Path,
        shards: int,
        plan: CorpusPlan,
        previous: PreviousGeneration | None,
        chunking: ChunkingParameters,
        aliases: bytes,
        progress: Callable[[BuildProgress], None],
    ) -> None:
        self._folder = folder
        self._shards = shards
        self._plan = plan
        self._previous = previous
        self._chunking = chunking
        self._progress = progress
        self._digest = CorpusDigest()
        self._aliases = aliases
        self.written = Written()
        self.shards: Mapping[int, Written] = {}

    def read(self) -> None:
        """Read and chunk every article; unchanged files come from the previous generation."""
        reported = time.monotonic()
        with self._article_writer() as writer:
            for done, entry in enumerate(self._plan.entries()):
                if time.monotonic() - reported >= _REPORTED_SECONDS:
                    self.report(Stage.READING, done, self._plan.count)
                    reported = time.monotonic()
                if isinstance(entry, Skipped):
                    self._skip(entry)
                else:
                    self._read_file(writer, entry)
        if isinstance(writer, ShardedArticleWriter):
            self.shards = writer.written
        self.written.near_duplicates = link_near_duplicates(
            self._folder / ARTICLES_FILE, writer.text_files, self.report
        )
        self.written.corpus_sha256 = self._digest.hexdigest()

    def _article_writer(self) -> _ArticleWriter:
        if self._shards > 1:
            return ShardedArticleWriter(self._folder, self._shards)
        return ArticleWriter(self._folder / ARTICLES_FILE)

    def _read_file(self, writer: _ArticleWriter, entry: PlannedFile) -> None:
        if entry.unchanged and self._previous is not None:
            self.written.files_unchanged += 1
            independent = [
                self._add(writer, entry.number, item)
                for item in self._previous.items(entry.file.relative)
            ]
            if not all(independent):
                self._plan.record_reading(entry.number, entry.sha256, alone=False)
            return
        self.written.files_read += 1
        reading = FileReading(entry.file)
        independent = [self._add(writer, entry.number, item) for item in reading]
        self._plan.record_reading(entry.number, reading.sha256, alone=all(independent))

    def _add(self, writer: _ArticleWriter, file: int, item: Article | Skipped) -> bool:
        """Add one item of a file; False if the outcome depends on the other files."""
        if isinstance(item, Skipped):
            self._skip(item)
            self._plan.record(file, item)
            return True
        article_id = item.info.id
        if (first := writer.path_of(article_id)) is not None:
            self._skip(
                Skipped(item.info.path, f"its id '{article_id}' is already the id of {first}")
            )
            return False
        if writer.add_copy(item) is not None:
            self._record(item, file)
            self.written.copies += 1
            return True
        chunks = self._chunks_of(item)
        if not chunks:
            skipped = Skipped(item.info.path, "there is no sentence in it")
            self._skip(skipped)
            self._plan.record(file, skipped)
            return True
        self._record(item, file)
        writer.add(item, chunks)
        self.written.articles += 1
        self.written.chunks += len(chunks)
        return True

    def _record(self, article: Article, file: int) -> None:
        self._digest.add(article)
        self._plan.record(file, article.info.id)
        self.written.left_out.add(article.info)

    def _chunks_of(self, article: Article) -> list[Chunk]:
        reused = None if self._previous is None else self._previous.chunks_of(article)
        return chunk_article(article, self._chunking) if reused is None else reused

    def _skip(self, item: Skipped) -> None:
        self._digest.add(item)
        self.written.skipped.append(item)

    def write_names(self) -> None:
        """Write the names of all stored articles, and the alias file beside them."""
        articles = open_articles(self._folder)
        try:
            self.written.skipped += write_names(self._folder, articles, self._aliases)
        finally:
            articles.close()

    def report(self, stage: Stage, done: int, total: int) -> None:
        """Report the progress of a stage, with the counts of files and chunks."""
        files, chunks = self._plan.count, self.written.chunks
        counts = (files, files, chunks, chunks)
        if stage is Stage.READING:
            counts = (done, files, 0, 0)
        elif stage in {Stage.LINKING, Stage.COMPARING}:
            counts = (files, files, 0, chunks)
        elif stage is Stage.EMBEDDING:
            counts = (files, files, done, chunks)
        self._progress(BuildProgress(stage, *counts, done, total))
