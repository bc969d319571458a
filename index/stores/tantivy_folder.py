"""Folders of tantivy indexes: readable by whoever may read the folder, on a read-only disk too."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

import tantivy

_LOGGER = logging.getLogger(__name__)


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
    # A thread of tantivy may lock the folder of links while it is removed.
    with tempfile.TemporaryDirectory(prefix="article-qa-", ignore_cleanup_errors=True) as links:
        for file in folder.absolute().iterdir():
            if not file.name.endswith(".lock"):
                (Path(links) / file.name).symlink_to(file)
        index = tantivy.Index.open(links)
        return index, index.searcher()
