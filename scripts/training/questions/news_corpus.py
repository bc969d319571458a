"""The invented news families as a corpus with its index, and their questions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.building.builder import build_index, is_stale
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import Generation, open_current

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from index.embedding.encoder import Encoder
    from scripts.training.questions.news import NewsFamily


def open_news_corpus(work: Path, families: Iterable[NewsFamily], encoder: Encoder) -> Generation:
    """Open the index of all articles of some families; build it where it is stale.

    Args:
        work: Folder for corpus and index; it is created.
        families: Whose articles are indexed.
        encoder: The encoder to build with.
    """
    corpus, index = work / "corpus", work / "index"
    corpus.mkdir(parents=True, exist_ok=True)
    with (corpus / "news.jsonl").open("w", encoding="utf-8") as file:
        for article in (article for family in families for article in family.articles):
            row = {
                "id": article.id,
                "title": article.title,
                "source": article.source,
                "author": article.author or None,
                "published_at": article.date,
                "text": article.text,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    chunking = ChunkingParameters()
    if is_stale(corpus, index, encoder, chunking):
        build_index(corpus, index, encoder, chunking, progress=lambda _: None)
    return open_current(index, encoder)
