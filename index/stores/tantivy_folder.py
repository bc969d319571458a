"""Folders of tantivy indexes: readable by whoever may read the folder, on a read-only disk too."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tantivy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOGGER = logging.getLogger(__name__)
_META: Final = "meta.json"  # tantivy's list of an index's segments


def share_files(folder: Path) -> None:
    """Let those read the files who may read the folder; tantivy keeps some to its user."""
    readable = folder.stat().st_mode & 0o444
    for file in folder.iterdir():
        file.chmod(file.stat().st_mode | readable)


def open_index(folder: Path) -> tuple[tantivy.Index, tantivy.Searcher]:
    """Open an index; tantivy makes a lock in its folder, which may be read-only.

    It is then opened through links to its files, which are open or mapped once it is.

    Raises:
        OSError: If the folder cannot be read.
        ValueError: If it holds no index.
    """
    if os.access(folder, os.W_OK):
        try:
            index = tantivy.Index.open(str(folder))
            return index, index.searcher()
        except (OSError, ValueError) as error:
            _LOGGER.info("%s: %s; opened without its lock", folder, error)
    with _links_to([folder]) as links:
        index = tantivy.Index.open(str(links))
        return index, index.searcher()


def open_together(folders: Sequence[Path]) -> tuple[tantivy.Index, tantivy.Searcher, list[int]]:
    """Open indexes of one schema as one, whose statistics are those of all of them together.

    The weight of a word in BM25 depends on how many documents have it, and on their mean length.

    Returns:
        The index, its searcher, and for each of the searcher's segments the position of its folder.

    Raises:
        OSError: If a folder cannot be read.
        ValueError: If one holds no index.
    """
    metas = [json.loads((folder / _META).read_bytes()) for folder in folders]
    owners = [at for at, meta in enumerate(metas) for _ in meta["segments"]]
    segments = [segment for meta in metas for segment in meta["segments"]]
    with _links_to(folders) as links:
        for name in (_META, ".managed.json"):  # of one of them
            (links / name).unlink(missing_ok=True)
        (links / _META).write_text(json.dumps({**metas[0], "segments": segments}))
        index = tantivy.Index.open(str(links))
        return index, index.searcher(), owners


@contextmanager
def _links_to(folders: Sequence[Path]) -> Iterator[Path]:
    """Make a folder of links to the files of indexes; of equal names, the last folder's."""
    # A thread of tantivy may lock the folder of links while it is removed.
    with tempfile.TemporaryDirectory(prefix="article-qa-", ignore_cleanup_errors=True) as name:
        links = Path(name)
        for folder in folders:
            for file in folder.absolute().iterdir():
                if not file.name.endswith(".lock"):
                    (links / file.name).unlink(missing_ok=True)
                    (links / file.name).symlink_to(file)
        yield links
