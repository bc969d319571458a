"""One complete, immutable index directory, opened for answering; and which one is current."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from index.errors import IndexCorruptError, IndexMissingError
from index.loading.originals import Originals
from index.manifest import Manifest, check_files, read_manifest, unreadable
from index.stores.article_store import ArticleStore
from index.stores.lexical import LexicalStore
from index.stores.vector_store import FaissStore

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.encoder import Encoder
    from index.stores.backend import VectorStore

GENERATIONS: Final = "generations"
CURRENT_FILE: Final = "CURRENT"
ARTICLES_FILE: Final = "articles.sqlite"
FILES_FILE: Final = "files.sqlite"
VECTORS_FILE: Final = "vectors.faiss"
LEXICAL_FOLDER: Final = "lexical"
# Weight of a word in title or headings against one in the text: tuned with the fusion, see
# `scripts.evaluate_retrieval`.
CONTEXT_WEIGHT: Final = 0.3


class Generation:
    """The stores of one generation, checked against its manifest and one another.

    Args:
        folder: The generation's directory.
        encoder: The encoder in use; it must be the one that made the vectors.

    Raises:
        IndexCorruptError: If a file is missing or damaged, or counts disagree.
        IndexMismatchError: If it was built with another encoder or format version.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.manifest: Manifest = read_manifest(folder)
        self.manifest.check_encoder(encoder)
        check_files(folder, self.manifest)
        self.articles = ArticleStore(folder / ARTICLES_FILE)
        self.originals = Originals(folder / FILES_FILE)
        self.vectors: VectorStore = FaissStore.open(folder / VECTORS_FILE)
        self.lexical = LexicalStore(
            folder / LEXICAL_FOLDER,
            self.manifest.chunking.language,
            context_weight=CONTEXT_WEIGHT,
        )
        self._check_counts(folder)

    @property
    def version(self) -> str:
        """The name of the generation."""
        return self.manifest.index_version

    def close(self) -> None:
        """Close what holds files open; the generation cannot be used afterwards."""
        self.articles.close()
        self.originals.close()

    def _check_counts(self, folder: Path) -> None:
        expected = self.manifest.chunks
        for name, count in (
            (ARTICLES_FILE, self.articles.chunk_count),
            (VECTORS_FILE, len(self.vectors)),
            (LEXICAL_FOLDER, len(self.lexical)),
        ):
            if count != expected:
                raise IndexCorruptError(
                    f"{folder / name}: {count} chunks, {expected} in the manifest; "
                    "rebuild the index"
                )
        if self.articles.article_count != self.manifest.articles:
            raise IndexCorruptError(
                f"{folder / ARTICLES_FILE}: {self.articles.article_count} articles, "
                f"{self.manifest.articles} in the manifest; rebuild the index"
            )
        if self.vectors.dimension != self.manifest.encoder.dimension:
            raise IndexCorruptError(
                f"{folder / VECTORS_FILE}: {self.vectors.dimension} dimensions, "
                f"{self.manifest.encoder.dimension} in the manifest; rebuild the index"
            )


def current_version(index_dir: Path) -> str | None:
    """Name the current generation, or None where nothing has been built yet.

    Raises:
        IndexCorruptError: If the file that names it is damaged or cannot be read.
    """
    path = index_dir / CURRENT_FILE
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise IndexCorruptError(f"{path}: not UTF-8; rebuild the index") from error


def generation_folder(index_dir: Path, version: str) -> Path:
    """Say where a generation is kept."""
    return index_dir / GENERATIONS / version


def current_folder(index_dir: Path) -> Path:
    """Find the current generation.

    Raises:
        IndexMissingError: If nothing has been built yet; the message says what to run.
    """
    version = current_version(index_dir)
    if version is None:
        raise IndexMissingError(
            f"no index in {index_dir} yet; build one with "
            f"'python -m scripts.build_index --corpus DIR --index {index_dir}'"
        )
    return generation_folder(index_dir, version)


def make_current(index_dir: Path, version: str) -> None:
    """Switch to another generation in one atomic step that survives a power cut."""
    target = index_dir / CURRENT_FILE
    temporary = index_dir / f".{CURRENT_FILE}.{os.getpid()}"
    temporary.write_text(f"{version}\n", encoding="utf-8")
    sync(temporary)
    temporary.replace(target)
    sync(index_dir)


def sync(path: Path) -> None:
    """Make a file or folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_current(index_dir: Path, encoder: Encoder) -> Generation:
    """Open the current generation.

    Raises:
        IndexMissingError: If nothing has been built yet.
        IndexCorruptError: If a file is missing or damaged, or counts disagree.
        IndexMismatchError: If it was built with another encoder or format version.
    """
    return Generation(current_folder(index_dir), encoder)
