"""Corpus folder to articles, with every file that was skipped and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.loading.corpus_folder import Skipped, find_files
from index.loading.file_reading import FileReading
from index.records import Article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def load_articles(folder: Path) -> Iterator[Article | Skipped]:
    """Read every article of a corpus folder, in a fixed order.

    Of two articles with the same id, the first in path order is kept; the other is reported with
    the names of both files.

    Raises:
        CorpusError: If the folder is missing or is not a folder.
    """
    seen: dict[str, str] = {}
    for file in find_files(folder):
        if isinstance(file, Skipped):
            yield file
            continue
        for item in FileReading(file):
            if isinstance(item, Article):
                article_id, first = item.info.id, seen.get(item.info.id)
                if first is not None:
                    yield Skipped(
                        item.info.path, f"its id '{article_id}' is already the id of {first}"
                    )
                    continue
                seen[article_id] = item.info.path
            yield item
