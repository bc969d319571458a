"""Writing a generation in two passes: read and chunk every article, then embed and index.

The second pass reads the chunks that the first one stored, so that only one batch of them is in
memory at a time.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from index.building.near_duplicates import link_near_duplicates
from index.building.stated_aliases import stated_aliases
from index.chunking.chunker import chunk_article
from index.embedding.embedding_cache import embed
from index.loading.alias_file import read_aliases
from index.loading.corpus_folder import ALIAS_FILE, Skipped
from index.loading.file_reading import FileReading
from index.progress import BuildProgress, Stage
from index.stores.article_store import ArticleStore
from index.stores.article_writer import ArticleWriter
from index.stores.lexical import LexicalWriter
from index.stores.local import ARTICLES_FILE, LEXICAL_FOLDER, NAMES_FOLDER, VECTORS_FILE
from index.stores.name_store import NameCollector
from index.stores.vector_tuning import build_store, spread, tuning_questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.building.options import BuildOptions
    from index.building.previous import PreviousGeneration
    from index.chunking.chunker import ChunkingParameters
    from index.embedding.embedding_cache import EmbeddingCache
    from index.embedding.encoder import Encoder
    from index.loading.corpus_files import CorpusPlan, PlannedFile
    from index.manifest import VectorIndexRecord
    from index.records import Article, ArticleInfo, Chunk

_LISTED: Final = 1000  # parts of files that are left out; the count is of all
_LONGEST_MESSAGE: Final = 300
_BATCH: Final = 2048  # chunks embedded in one call: enough to batch them by length
_SPOOL: Final = "vectors.f32"  # all vectors, mapped from disk to train the vector index
_REPORTED_SECONDS: Final = 0.2  # the least time between two reports while reading


@dataclass
class CorpusDigest:
    """A running hash over all articles and skipped files, in order."""

    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, item: Article | Skipped) -> None:
        """Add one article or skipped file."""
        fields = asdict(item) if isinstance(item, Skipped) else asdict(item.info)
        self._digest.update(json.dumps(fields, default=str, sort_keys=True).encode() + b"\n")

    def hexdigest(self) -> str:
        """The hash in hex digits."""
        return self._digest.hexdigest()


@dataclass
class LeftOut:
    """What of files that became articles is not in them.

    Attributes:
        count: How many parts.
        items: The first of them, by file or line.
    """

    count: int = 0
    items: list[Skipped] = field(default_factory=list)

    def add(self, info: ArticleInfo) -> None:
        """Add what is not in an article."""
        self.count += len(info.left_out)
        room = _LISTED - len(self.items)
        self.items += [
            Skipped(info.path, message[:_LONGEST_MESSAGE]) for message in info.left_out[:room]
        ]


@dataclass
class Written:
    """Counts of what was written into a generation, and what was skipped."""

    articles: int = 0
    copies: int = 0
    near_duplicates: int = 0
    chunks: int = 0
    files_read: int = 0
    files_unchanged: int = 0
    chunks_embedded: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)
    skipped_before: int = 0  # further ones of a generation that was copied, which lists the first
    corpus_sha256: str = ""

    @property
    def skipped_count(self) -> int:
        """The number of files and lines that were skipped."""
        return len(self.skipped) + self.skipped_before


class GenerationWriter:
    """Writes the stores of one generation into a folder.

    Args:
        folder: An existing, empty folder.
        plan: The files of the corpus.
        previous: The generation to reuse work of.
        chunking: Parameters of the chunker.
        aliases: The corpus's alias file, as it is.
        progress: Called with the progress of the build.
    """

    def __init__(
        self,
        folder: Path,
        plan: CorpusPlan,
        previous: PreviousGeneration | None,
        chunking: ChunkingParameters,
        aliases: bytes,
        progress: Callable[[BuildProgress], None],
    ) -> None:
        self._folder = folder
        self._plan = plan
        self._previous = previous
        self._chunking = chunking
        self._progress = progress
        self._digest = CorpusDigest()
        self._aliases = aliases
        self._names = NameCollector()
        self.written = Written()

    def read(self) -> None:
        """Read and chunk every article; unchanged files come from the previous generation."""
        reported = time.monotonic()
        with ArticleWriter(self._folder / ARTICLES_FILE) as writer:
            for done, entry in enumerate(self._plan.entries()):
                if time.monotonic() - reported >= _REPORTED_SECONDS:
                    self._report(Stage.READING, done, self._plan.count)
                    reported = time.monotonic()
                if isinstance(entry, Skipped):
                    self._skip(entry)
                else:
                    self._read_file(writer, entry)
        self.written.near_duplicates = link_near_duplicates(
            self._folder / ARTICLES_FILE, self._report
        )
        self.written.corpus_sha256 = self._digest.hexdigest()

    def _read_file(self, writer: ArticleWriter, entry: PlannedFile) -> None:
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

    def _add(self, writer: ArticleWriter, file: int, item: Article | Skipped) -> bool:
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
        if writer.add_copy(item):
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

    def index(
        self, encoder: Encoder, cache: EmbeddingCache, options: BuildOptions
    ) -> VectorIndexRecord:
        """Embed and index every stored chunk.

        Returns:
            The vector index that was built.

        Raises:
            BuildError: If the requested vector index cannot be trained on so few chunks.
        """
        store = ArticleStore(self._folder / ARTICLES_FILE)
        spool = self._folder / _SPOOL
        try:
            with_copies = store.with_copies()
            with (
                spool.open("wb") as vectors,
                LexicalWriter(self._folder / LEXICAL_FOLDER, self._chunking.language) as lexical,
            ):
                for ids in _batches(range(store.chunk_count)):
                    self._report(Stage.EMBEDDING, ids[0], store.chunk_count)
                    loaded = store.chunks(ids)
                    texts = [loaded[chunk_id][0].indexed_text for chunk_id in ids]
                    rows, embedded = embed(texts, encoder, cache)
                    vectors.write(rows.tobytes())
                    self.written.chunks_embedded += embedded
                    for chunk_id in ids:
                        chunk, info = loaded[chunk_id]
                        self._collect_names(chunk, info)
                        copies = store.copies(info.id) if info.id in with_copies else []
                        lexical.add(chunk_id, chunk, info, copies)
                self._report(Stage.EMBEDDING, store.chunk_count, store.chunk_count)
            sampled = store.chunks(spread(store.chunk_count))
            questions = list(tuning_questions(chunk for chunk, _ in sampled.values()))
        finally:
            store.close()
        shape = (self.written.chunks, encoder.dimension)
        faiss_store, record = build_store(
            np.memmap(spool, dtype=np.float32, mode="r", shape=shape),
            options.vector_index,
            options.recall,
            lambda: np.stack([encoder.encode_question(question) for question in questions]),
            self._report,
        )
        self._report(Stage.FINISHING, self.written.chunks, self.written.chunks)
        faiss_store.save(self._folder / VECTORS_FILE)
        spool.unlink()
        self._write_names()
        return record

    def _collect_names(self, chunk: Chunk, info: ArticleInfo) -> None:
        for text in (chunk.context, chunk.text, info.title):
            if text:
                self._names.add_text(text)
        for name in (info.source, info.author):
            if name:
                self._names.add_name(name)
        for left, right in stated_aliases(chunk.text):
            self._names.add_alias(left, right)

    def _write_names(self) -> None:
        """Add the alias file and write all names; the file itself stays beside them."""
        for entry in read_aliases(self._aliases):
            if isinstance(entry, Skipped):
                self.written.skipped.append(entry)
            elif not self._names.mentions(entry.name):
                reason = f"no article mentions '{entry.name}'; expected a name that articles have"
                self.written.skipped.append(Skipped(entry.where, reason))
            else:
                self._names.add_alias(entry.name, entry.alias)
        folder = self._folder / NAMES_FOLDER
        self._names.write(folder)
        (folder / ALIAS_FILE).write_bytes(self._aliases)

    def _report(self, stage: Stage, done: int, total: int) -> None:
        files, chunks = self._plan.count, self.written.chunks
        counts = (files, files, chunks, chunks)
        if stage is Stage.READING:
            counts = (done, files, 0, 0)
        elif stage in {Stage.LINKING, Stage.COMPARING}:
            counts = (files, files, 0, chunks)
        elif stage is Stage.EMBEDDING:
            counts = (files, files, done, chunks)
        self._progress(BuildProgress(stage, *counts, done, total))


def _batches(ids: range) -> Iterator[range]:
    return (ids[start : start + _BATCH] for start in ids[::_BATCH])
