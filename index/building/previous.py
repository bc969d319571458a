"""The generation before, as far as a build can reuse its work."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from typing import TYPE_CHECKING

from index.code_version import code_fingerprint
from index.errors import IndexCorruptError, IndexMismatchError
from index.generations.generation import (
    FILES_FILE,
    current_version,
    generation_folder,
)
from index.loading.corpus_files import FileRecords
from index.manifest import ChunkingRecord, Manifest, check_files, read_manifest
from index.stores.article_store import ArticleStore
from index.stores.local import ARTICLES_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.building.options import BuildOptions
    from index.chunking.chunker import ChunkingParameters
    from index.embedding.encoder import Encoder
    from index.loading.articles import Skipped
    from index.records import Article, Chunk

_LOGGER = logging.getLogger(__name__)


class PreviousGeneration:
    """The current generation at the start of a build.

    Raises:
        IndexCorruptError: If a file is missing or damaged.
        IndexMismatchError: If it was written by another version of the format.
    """

    def __init__(self, folder: Path, chunking: ChunkingParameters) -> None:
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)
        check_files(folder, self.manifest)
        self._articles = ArticleStore(folder / ARTICLES_FILE)
        try:
            self._files = FileRecords(folder / FILES_FILE)
        except sqlite3.Error as error:
            self._articles.close()
            raise IndexCorruptError(f"{folder / FILES_FILE}: {error}") from error
        # Other code or parameters would read the same files into other articles and chunks.
        self.reads_alike = (
            self.manifest.code == code_fingerprint()
            and self.manifest.chunking == ChunkingRecord.of(chunking)
        )

    def close(self) -> None:
        """Close its files."""
        self._articles.close()
        self._files.close()

    @property
    def files(self) -> FileRecords | None:
        """What it recorded of the corpus files, where they would be read alike today."""
        return self._files if self.reads_alike else None

    def built_alike(self, encoder: Encoder, options: BuildOptions) -> bool:
        """Whether the same articles would give the same generation today."""
        made_by, vectors = self.manifest.encoder, self.manifest.vector_index
        return (
            self.reads_alike
            and (made_by.fingerprint, made_by.dimension) == (encoder.fingerprint, encoder.dimension)
            and (vectors.requested, vectors.recall_target) == (options.vector_index, options.recall)
        )

    def items(self, path: str) -> Iterator[Article | Skipped]:
        """What a file gave, in order, without reading it."""
        for item in self._files.items(path):
            yield self._articles.own(item) if isinstance(item, str) else item

    def chunks_of(self, article: Article) -> list[Chunk] | None:
        """The chunks of an article of the same text and title; None where there is none."""
        if not self.reads_alike:
            return None
        return self._articles.chunks_of_text(article)

    def copy_to(self, folder: Path) -> None:
        """Copy all that a generation with the same articles would hold, apart from its records.

        Raises:
            OSError: If there is no room.
        """
        for record in self.manifest.files:
            if record.path != FILES_FILE:
                target = folder / record.path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.folder / record.path, target)


def open_previous(index_dir: Path, chunking: ChunkingParameters) -> PreviousGeneration | None:
    """Open the current generation for reuse; None where there is none that can be read."""
    try:
        version = current_version(index_dir)
        if version is None:
            return None
        return PreviousGeneration(generation_folder(index_dir, version), chunking)
    except (IndexCorruptError, IndexMismatchError) as error:
        _LOGGER.warning("the current index cannot be reused, so all is built anew: %s", error)
        return None
