"""Writing the articles of a fleet: each into its shard, the metadata of all into the catalogue."""

from __future__ import annotations

import io
from array import array
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

import numpy as np

from index.building.corpus_digest import CorpusDigest
from index.building.written import Written
from index.records import Article, Chunk
from index.stores.article_writer import ArticleWriter
from index.stores.local import ARTICLES_FILE
from index.stores.sharding.placement import (
    PLACEMENT_FILE,
    PLACEMENT_TYPE,
    SHARDS_FOLDER,
    shard_name,
    shard_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class ShardedArticleWriter:
    """Writes the articles and chunks of a fleet; a context manager that commits on exit.

    An article goes into the shard that its id says, a copy into that of the article it copies.

    Args:
        folder: The folder of the fleet.
        shards: How many shards; a shard without articles gets no folder.

    Attributes:
        written: What each shard holds, by its number.
        text_files: The databases that hold the texts.
    """

    def __init__(self, folder: Path, shards: int) -> None:
        self._folder = folder
        self._shards = shards
        self._placement = array("H")
        self._exit = ExitStack()
        self._catalogue = self._exit.enter_context(ArticleWriter(folder / ARTICLES_FILE))
        self._writers: dict[int, ArticleWriter] = {}
        self._digests: dict[int, CorpusDigest] = {}
        self.written: dict[int, Written] = {}
        self.text_files: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._exit.__exit__(*raised)  # type: ignore[arg-type]  # as it was given
        if raised[0] is None:
            # Through memory: NumPy's own file writer passes over what fails when it is closed.
            placement = io.BytesIO()
            np.save(placement, np.array(self._placement, dtype=PLACEMENT_TYPE))
            (self._folder / PLACEMENT_FILE).write_bytes(placement.getbuffer())
            for number, digest in self._digests.items():
                self.written[number].corpus_sha256 = digest.hexdigest()

    def path_of(self, article_id: str) -> str | None:
        """Look up the file of the article with an id; None if the id is free."""
        return self._catalogue.path_of(article_id)

    def add_copy(self, article: Article) -> str | None:
        """Store an article as a copy of one with the same text; see `ArticleWriter.add_copy`."""
        original_id = self._catalogue.add_copy(article)
        if original_id is None:
            return None
        number = shard_of(original_id, self._shards)
        self._writer(number).add_copy(article)
        self._digests[number].add(article)
        self.written[number].copies += 1
        return original_id

    def add(self, article: Article, chunks: Sequence[Chunk]) -> list[int]:
        """Store an article with its chunks; returns the fleet's ids of the chunks."""
        info = article.info
        ids = self._catalogue.add(
            Article(info, ""),
            [Chunk(info.id, chunk.start, chunk.end, "", "", ()) for chunk in chunks],
        )
        number = shard_of(info.id, self._shards)
        self._writer(number).add(article, chunks)
        self._placement.extend([number] * len(chunks))
        self._digests[number].add(article)
        self.written[number].articles += 1
        self.written[number].chunks += len(chunks)
        return ids

    def _writer(self, number: int) -> ArticleWriter:
        """The writer of a shard, whose folder is made with its first article."""
        if number not in self._writers:
            shard = self._folder / SHARDS_FOLDER / shard_name(number, self._shards)
            shard.mkdir(parents=True)
            self.text_files.append(shard / ARTICLES_FILE)
            self._writers[number] = self._exit.enter_context(ArticleWriter(shard / ARTICLES_FILE))
            self._digests[number], self.written[number] = CorpusDigest(), Written()
        return self._writers[number]
