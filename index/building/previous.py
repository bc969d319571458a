"""The previous generation: what a build can reuse of it."""

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
from index.loading.alias_file import alias_bytes
from index.loading.corpus_files import FileRecords
from index.manifest import ChunkingRecord, Manifest, check_files, read_manifest
from index.stores.local import NAMES_FOLDER
from index.stores.sharding.sharded import open_articles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.building.options import BuildOptions
    from index.chunking.chunker import ChunkingParameters
    from index.embedding.encoder import Encoder
    from index.loading.corpus_folder import Skipped
    from index.records import Article, Chunk

_LOGGER = logging.getLogger(__name__)


class PreviousGeneration:
    """The generation that is current when a build starts.

    Raises:
        IndexCorruptError: If a file is missing or damaged.
        IndexMismatchError: If it was written by another version of the format.
    """

    def __init__(self, folder: Path, chunking: ChunkingParameters) -> None:
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)
        check_files(folder, self.manifest)
        self._articles = open_articles(folder)
        try:
            self._files = FileRecords(folder / FILES_FILE)
        except sqlite3.Error as error:
            self._articles.close()
            raise IndexCorruptError(f"{folder / FILES_FILE}: {error}") from error
        # Other code or parameters would make other articles and chunks of the same files.
        self._is_reusable = (
            self.manifest.code == code_fingerprint()
            and self.manifest.chunking == ChunkingRecord.of(chunking)
        )

    def close(self) -> None:
        """Close its databases."""
        self._articles.close()
        self._files.close()

    @property
    def files(self) -> FileRecords | None:
        """The records of its corpus files; None if they would be read differently now."""
        return self._files if self._is_reusable else None

    def is_reproducible(self, encoder: Encoder, options: BuildOptions) -> bool:
        """Whether a build of the same articles would give the same generation now."""
        recorded, vectors = self.manifest.encoder, self.manifest.vector_index
        return (
            self._is_reusable
            and (recorded.fingerprint, recorded.dimension)
            == (encoder.fingerprint, encoder.dimension)
            and (vectors.requested, vectors.recall_target) == (options.vector_index, options.recall)
            and self.manifest.shards == options.shards
        )

    def has_aliases_of(self, corpus_dir: Path) -> bool:
        """Whether it was built with the alias file that the corpus has now."""
        return alias_bytes(self.folder / NAMES_FOLDER) == alias_bytes(corpus_dir)

    def items(self, path: str) -> Iterator[Article | Skipped]:
        """Give what a corpus file held, in order, without reading the file."""
        for item in self._files.items(path):
            yield self._articles.own(item) if isinstance(item, str) else item

    def chunks_of(self, article: Article) -> list[Chunk] | None:
        """Give the chunks of the article with the same text and title; None if there is none."""
        if not self._is_reusable:
            return None
        return self._articles.chunks_of_text(article)

    def copy_to(self, folder: Path) -> None:
        """Copy all files but the records of the corpus files into another folder.

        Raises:
            OSError: If a file cannot be written.
        """
        for record in self.manifest.files:
            if record.path != FILES_FILE:
                target = folder / record.path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.folder / record.path, target)


def open_previous(
    index_dir: Path, chunking: ChunkingParameters, version: str | None = None
) -> PreviousGeneration | None:
    """Open a generation for reuse; None if there is none or it cannot be read.

    Args:
        index_dir: Folder of the index.
        chunking: How articles are cut into chunks.
        version: Which generation; the current one where None.
    """
    try:
        chosen = current_version(index_dir) if version is None else version
        if chosen is None:
            return None
        return PreviousGeneration(generation_folder(index_dir, chosen), chunking)
    except (IndexCorruptError, IndexMismatchError) as error:
        if version is None:
            _LOGGER.warning(
                "the current index cannot be reused and is built from nothing: %s", error
            )
        else:
            _LOGGER.warning("index %s cannot be compared with the articles: %s", version, error)
        return None
