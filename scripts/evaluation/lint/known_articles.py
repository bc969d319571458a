"""The articles that a gold set is checked against, from an index or a corpus folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import CorpusError
from index.generations.generation import current_folder
from index.loading.articles import load_articles
from index.records import Article, ArticleInfo, Filters
from index.stores.sharding.sharded import open_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class KnownArticles:
    """Articles by id.

    Attributes:
        place: The folder that they came from.
        infos: What is known of every article besides its text.
        text: Gives the canonical text of an article by its id.
    """

    place: str
    infos: Mapping[str, ArticleInfo]
    text: Callable[[str], str]


def from_index(index_dir: Path) -> KnownArticles:
    """Open the articles of the current generation; no model is loaded.

    Raises:
        IndexMissingError: If nothing has been built yet.
        IndexCorruptError: If the articles of the generation cannot be read.
    """
    store = open_articles(current_folder(index_dir))
    infos, _ = store.infos(Filters(), 0, store.article_count)
    copies = [copy for info in store.with_copies() for copy in store.copies(info)]
    return KnownArticles(
        str(index_dir),
        {info.id: info for info in (*infos, *copies)},
        lambda article_id: store.article(article_id).text,
    )


def from_corpus(corpus_dir: Path) -> KnownArticles:
    """Read the articles of a corpus folder.

    Raises:
        CorpusError: If it is not a folder, or holds no article that can be read.
    """
    articles = {
        item.info.id: item for item in load_articles(corpus_dir) if isinstance(item, Article)
    }
    if not articles:
        raise CorpusError(f"corpus folder {corpus_dir}: there is no article in it")
    return KnownArticles(
        str(corpus_dir),
        {article_id: article.info for article_id, article in articles.items()},
        lambda article_id: articles[article_id].text,
    )
