"""The articles of a question set as a corpus folder, and its index, built where it is stale."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.building.builder import build_index, is_stale
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import Generation, open_current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from index.building.builder import BuildProgress
    from index.embedding.encoder import Encoder


def write_corpus(corpus: Path, file: str, articles: Iterable[Mapping[str, str | None]]) -> None:
    """Write articles as one file of JSON Lines.

    Args:
        corpus: Corpus folder; it is created.
        file: Name of the file.
        articles: Their fields by name.
    """
    corpus.mkdir(parents=True, exist_ok=True)
    with (corpus / file).open("w", encoding="utf-8") as lines:
        for article in articles:
            lines.write(json.dumps(article, ensure_ascii=False) + "\n")


def write_paragraphs(corpus: Path, paragraphs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Write each paragraph once, in order of first appearance, as an article.

    Args:
        corpus: Corpus folder; it is created.
        paragraphs: Texts with their titles, which may be empty.

    Returns:
        The id of each paragraph's article, by text.
    """
    titles: dict[str, str] = {}
    for text, title in paragraphs:
        titles.setdefault(text, title.replace("_", " "))
    ids = {text: f"paragraph-{number}" for number, text in enumerate(titles)}
    write_corpus(
        corpus,
        "paragraphs.jsonl",
        (
            {"id": ids[text], **({"title": title} if title else {}), "text": text}
            for text, title in titles.items()
        ),
    )
    return ids


def open_built(
    work: Path, encoder: Encoder, progress: Callable[[BuildProgress], None] = lambda _: None
) -> Generation:
    """Open the index of the corpus in a work folder; build it where it is stale.

    Args:
        work: Holds the folders ``corpus`` and ``index``.
        encoder: The encoder to build with.
        progress: Told how far the build is.
    """
    corpus, index, chunking = work / "corpus", work / "index", ChunkingParameters()
    if is_stale(corpus, index, encoder, chunking):
        build_index(corpus, index, encoder, chunking, progress=progress)
    return open_current(index, encoder)
