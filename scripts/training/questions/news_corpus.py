"""The invented news families as a corpus with its index, and their questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.training.questions.built_corpus import open_built, write_corpus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from index.embedding.encoder import Encoder
    from index.generations.generation import Generation
    from scripts.training.questions.news import NewsFamily


def open_news_corpus(work: Path, families: Iterable[NewsFamily], encoder: Encoder) -> Generation:
    """Open the index of all articles of some families; build it where it is stale.

    Args:
        work: Folder for corpus and index; it is created.
        families: Whose articles are indexed.
        encoder: The encoder to build with.
    """
    write_corpus(
        work / "corpus",
        "news.jsonl",
        (
            {
                "id": article.id,
                "title": article.title,
                "source": article.source,
                "author": article.author or None,
                "published_at": article.date,
                "text": article.text,
            }
            for family in families
            for article in family.articles
        ),
    )
    return open_built(work, encoder)
