"""Names of a corpus: collected from its stored chunks, metadata and alias file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.building.chunk_indexing import batches
from index.building.stated_aliases import stated_aliases
from index.loading.alias_file import read_aliases
from index.loading.corpus_folder import ALIAS_FILE, Skipped
from index.stores.local import NAMES_FOLDER
from index.stores.name_store import NameCollector

if TYPE_CHECKING:
    from pathlib import Path

    from index.records import ArticleInfo, Chunk
    from index.stores.backend import Articles


def write_names(folder: Path, articles: Articles, aliases: bytes) -> list[Skipped]:
    """Write the names of all articles into a generation's folder, and the alias file beside them.

    Args:
        folder: The generation's folder.
        articles: Its articles.
        aliases: The corpus's alias file, as it is.

    Returns:
        The lines of the alias file that name nothing in the corpus, or cannot be read.

    Raises:
        OSError: If they cannot be written.
    """
    names = NameCollector()
    for ids in batches(articles.chunk_count):
        for chunk, info in articles.chunks(ids).values():
            _collect(names, chunk, info)
    skipped = list[Skipped]()
    for entry in read_aliases(aliases):
        if isinstance(entry, Skipped):
            skipped.append(entry)
        elif not names.mentions(entry.name):
            reason = f"no article mentions '{entry.name}'; expected a name that articles have"
            skipped.append(Skipped(entry.where, reason))
        else:
            names.add_alias(entry.name, entry.alias)
    names.write(folder / NAMES_FOLDER)
    (folder / NAMES_FOLDER / ALIAS_FILE).write_bytes(aliases)
    return skipped


def _collect(names: NameCollector, chunk: Chunk, info: ArticleInfo) -> None:
    for text in (chunk.context, chunk.text, info.title):
        if text:
            names.add_text(text)
    for name in (info.source, info.author):
        if name:
            names.add_name(name)
    for left, right in stated_aliases(chunk.text):
        names.add_alias(left, right)
