"""What a generation needs of its stores: articles, dense search and lexical search.

Chunk ids are non-negative integers; a store gives each chunk the same id in all three parts. Ids of
articles are those of the corpus. Searches take `Filters`: a chunk passes if its article, or one
copy of the article, passes all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from index.records import CORPUS_ORDER, NO_FILTERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from index.records import Article, ArticleInfo, Chunk, Facets, Filters, Hit, ListQuery

    Vectors = npt.NDArray[np.float32]


class Articles(Protocol):
    """Loads articles and chunks; safe to use from several threads."""

    @property
    def article_count(self) -> int:
        """The number of articles; copies do not count."""
        ...

    @property
    def chunk_count(self) -> int:
        """The number of chunks."""
        ...

    def article(self, article_id: str) -> Article:
        """Load one article with its text; the id of a copy gives the article that it is a copy of.

        Raises:
            ArticleNotFoundError: If no article has this id.
        """
        ...

    def own(self, article_id: str) -> Article:
        """Load one article with its own metadata, also where it is a copy.

        Raises:
            ArticleNotFoundError: If no article has this id.
        """
        ...

    def copies(self, article_id: str) -> list[ArticleInfo]:
        """List the articles with exactly the same text as an article, in corpus order."""
        ...

    def near_duplicates(self, article_id: str) -> list[tuple[ArticleInfo, float]]:
        """List nearly equal articles with their similarity in [0, 1], the most similar first."""
        ...

    def infos(
        self, filters: Filters, offset: int, limit: int, query: ListQuery = CORPUS_ORDER
    ) -> tuple[list[ArticleInfo], int]:
        """List the articles that pass the filters, and count all that pass.

        An article that passes only as one of its copies is listed as that copy.

        Raises:
            ArticleNotFoundError: If the list goes on from an article that is gone, in corpus order.
        """
        ...

    def undated(self, filters: Filters) -> int:
        """Count the articles without a day that only the filter by day leaves out."""
        ...

    def facets(self, limit: int, filters: Filters = NO_FILTERS) -> Facets:
        """Count the values that articles can be filtered by; copies count as one article.

        Args:
            limit: The most sources, tags and months; the commonest sources and tags, and the newest
                months, of all articles come first.
            filters: A value counts the articles that pass the filters on other fields than its own.
                It is listed also where it counts none.
        """
        ...

    def chunks(
        self, chunk_ids: Sequence[int], filters: Filters = NO_FILTERS
    ) -> dict[int, tuple[Chunk, ArticleInfo]]:
        """Load chunks, by id, with their articles' metadata.

        Args:
            chunk_ids: Ids of chunks that pass the filters.
            filters: The filters they were found with: an article that passes only as one of its
                copies is given as that copy.

        Raises:
            IndexCorruptError: If a chunk is missing.
        """
        ...

    def chunks_of(self, article_id: str) -> list[Chunk]:
        """Load the chunks of one article, in order; of a copy, those of the article it copies.

        An unknown id has none.
        """
        ...


@dataclass(frozen=True, slots=True)
class Nearest:
    """What a dense search came to.

    Attributes:
        cosines: Cosine similarity by chunk id: of the hits, best first, then of further chunks.
        lost: Numbers of the shards that did not answer, nothing of which is there.
    """

    cosines: Mapping[int, float]
    lost: frozenset[int] = frozenset()


class DenseSearch(Protocol):
    """Finds the chunks whose vectors are nearest to a question's; safe to use from threads."""

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        ...

    def __len__(self) -> int:
        """The number of vectors, one a chunk."""
        ...

    def search(self, vector: Vectors, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """Find the nearest chunks by cosine similarity, best first.

        Args:
            vector: ``(dimension,)`` float32, of unit length.
            limit: The most hits to return.
            filters: What the chunks' articles must pass.
        """
        ...

    def nearest(
        self,
        vector: Vectors,
        limit: int,
        filters: Filters = NO_FILTERS,
        also: Sequence[int] = (),
        *,
        lost: frozenset[int] = frozenset(),
    ) -> Nearest:
        """Find the nearest chunks, and compute the cosines of further ones.

        Args:
            vector: ``(dimension,)`` float32, of unit length.
            limit: The most hits.
            filters: What the articles of the hits must pass.
            also: Ids of the further chunks.
            lost: Shards of a fleet that are not asked.
        """
        ...

    def vectors(self) -> Vectors:
        """Copy out all vectors: ``(len(self), dimension)`` float32, unit rows, by chunk id."""
        ...


class LexicalSearch(Protocol):
    """Finds the chunks that share words with a question; safe to use from several threads."""

    def __len__(self) -> int:
        """The number of chunks."""
        ...

    def has_together(self, words: Sequence[str]) -> bool:
        """Whether one chunk, with its title and headings, holds all of some words."""
        ...

    def search(self, question: str, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """Find the chunks with the highest BM25 score, best first, equal ones by chunk id.

        Args:
            question: Plain words; no character is query syntax.
            limit: The most hits to return.
            filters: What the chunks' articles must pass.
        """
        ...


class Names(Protocol):
    """Looks up which names a corpus mentions; safe to use from several threads."""

    def has_word(self, form: str) -> bool:
        """Whether a word, folded as `index.folding` does, stands anywhere in the corpus."""
        ...

    def has_people(self, form: str) -> bool:
        """Whether the corpus has the adjective of a folded name: "mozambican" of "mozambique"."""
        ...

    def has_initials(self, form: str) -> bool:
        """Whether a name of several words has a folded abbreviation as its initials."""
        ...

    def near_names(self, form: str) -> list[str]:
        """Spell the names that differ from a folded word by one letter or two swapped ones."""
        ...

    def has_name(self, phrase: str) -> bool:
        """Whether a name of several words is an author, a source or has an alias."""
        ...

    def aliases(self, phrase: str) -> list[str]:
        """The other names that articles, or the alias file, give to a name."""
        ...


class Backend(Protocol):
    """The stores of one generation."""

    @property
    def articles(self) -> Articles:
        """Articles and chunks."""
        ...

    @property
    def vectors(self) -> DenseSearch:
        """The vectors of the chunks."""
        ...

    @property
    def lexical(self) -> LexicalSearch:
        """The words of the chunks."""
        ...

    @property
    def names(self) -> Names | None:
        """The names that the corpus mentions; None where the build has not collected them."""
        ...

    def close(self) -> None:
        """Close files and connections; the stores cannot be used afterwards."""
        ...
