"""Question -> ranked passages: dense and BM25 search, their scores fused."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from index.errors import ShardLostError
from index.records import NO_FILTERS, Filters, Passage, RetrievalScores, ShardCount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from index.embedding.encoder import Encoder
    from index.generations.generation import Generation

_COMPLETED: Final = 3  # articles, of which further passages are read first
_LOOKED_THROUGH: Final = 100  # chunks, for further passages


@dataclass(frozen=True, slots=True)
class RetrievalParameters:
    """How dense and BM25 search are combined.

    The defaults were tuned on training questions with `scripts.evaluate_retrieval --tune`.

    Attributes:
        candidates: Hits of each search that go into the fusion.
        dense_weight: The share of the dense score in the fused one, in [0, 1].
    """

    candidates: int = 100
    dense_weight: float = 0.8


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Passages, best first, and what the steps cost in milliseconds.

    Attributes:
        passages: The passages.
        encode_ms: For embedding the question.
        search_ms: For searching and loading.
        undated: Articles that the filter by day left out because they have no day.
        runners_up: The chunks that come after the passages, best first; `Retriever.load` loads
            them.
        shards: How many shards of a fleet answered; None where the index is not sharded.
        lost: The numbers of the others.
    """

    passages: list[Passage]
    encode_ms: float
    search_ms: float
    undated: int = 0
    runners_up: Sequence[RankedChunk] = ()
    shards: ShardCount | None = None
    lost: frozenset[int] = frozenset()


class RankedChunk(NamedTuple):
    """A chunk's id and the scores that ranked it."""

    chunk_id: int
    scores: RetrievalScores


@dataclass(frozen=True, slots=True)
class Candidates:
    """What both searches return for one question, before they are fused.

    Attributes:
        dense: Cosine similarity by chunk id, of the hits of either search.
        lexical: BM25 score by chunk id, of the hits of BM25 search.
        lost: Numbers of the shards that did not answer, nothing of which is there.
        unlisted: The highest BM25 score that a chunk which BM25 search did not return can have:
            the last hit's where there were as many as asked for, else 0.
    """

    dense: Mapping[int, float]
    lexical: Mapping[int, float]
    lost: frozenset[int] = frozenset()
    unlisted: float = 0.0

    def rank(self, dense_weight: float) -> list[RankedChunk]:
        """Fuse the scores; the best chunk first, equal scores in the order of chunk ids.

        Args:
            dense_weight: The share of the dense score, in [0, 1]. 1 is dense search alone; 0 is
                BM25 search alone, which ranks only chunks that share a word with the question.
        """
        fused = convex_fusion(
            self.dense, self.lexical, dense_weight=dense_weight, unlisted=self.unlisted
        )
        ranked = self.lexical if dense_weight == 0 else fused
        order = sorted(ranked, key=lambda chunk_id: (-fused[chunk_id], chunk_id))
        return [
            RankedChunk(
                chunk_id,
                RetrievalScores(
                    self.dense.get(chunk_id), self.lexical.get(chunk_id), fused[chunk_id]
                ),
            )
            for chunk_id in order
        ]


class Retriever:
    """Ranks and loads the passages of one generation.

    Args:
        generation: What to search.
        encoder: Embeds the questions; the generation's vectors must be its own.
        parameters: How to combine the two searches; the tuned defaults where None.
    """

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        parameters: RetrievalParameters | None = None,
    ) -> None:
        self.generation = generation
        self._encoder = encoder
        self._parameters = RetrievalParameters() if parameters is None else parameters

    def retrieve(
        self,
        question: str,
        top_k: int,
        filters: Filters = NO_FILTERS,
        also: str = "",
        *,
        read: int = 0,
        lost: frozenset[int] | None = None,
    ) -> Retrieval:
        """Load the ``top_k`` passages that best match a question, best first.

        Args:
            question: What is asked.
            top_k: The most passages.
            filters: What their articles must pass.
            also: Further words for the lexical search, such as other names.
            read: The most passages for a reader that reads more than ``top_k``. The further ones
                are the rest of the articles that come first, then the next best: the article is
                found more often than the part of it that answers.
            lost: Shards that did not answer the same question before, where this is a further
                search for it: they are not asked, and all others must answer.

        Raises:
            ShardLostError: If no shard answers, or one that must does not.
        """
        started = time.perf_counter()
        vector = self._encoder.encode_question(question)
        encoded = time.perf_counter()
        ahead = _LOOKED_THROUGH if read > top_k else 0
        unasked = frozenset[int]() if lost is None else lost
        while True:
            candidates = self._search(question, vector, filters, also, unasked)
            ranked = candidates.rank(self._parameters.dense_weight)
            try:
                shards = self._shard_count(candidates, lost)
                loaded = self.load(ranked[: top_k + ahead], filters)
                break
            except ShardLostError as error:
                if lost is not None or error.lost <= candidates.lost:
                    raise
                # One was lost between the search and the loading: do without it from the start.
                unasked = candidates.lost | error.lost
        passages = _with_further(loaded, top_k, read)
        loaded_ids = {passage.chunk_id for passage in passages}
        runners_up = [chunk for chunk in ranked if chunk.chunk_id not in loaded_ids]
        undated = self.generation.articles.undated(filters)
        done = time.perf_counter()
        encode_ms, search_ms = (encoded - started) * 1e3, (done - encoded) * 1e3
        return Retrieval(
            passages, encode_ms, search_ms, undated, runners_up, shards, candidates.lost
        )

    def _shard_count(
        self, candidates: Candidates, lost: frozenset[int] | None
    ) -> ShardCount | None:
        """Count the shards that answered; see `retrieve`."""
        fleet = self.generation.manifest.fleet
        if fleet is None:
            return None
        count = ShardCount(len(fleet.generations) - len(candidates.lost), len(fleet.generations))
        if count.answered == 0 or (lost is not None and candidates.lost > lost):
            raise ShardLostError(candidates.lost, fleet.shards)
        return count

    def rank(self, question: str, filters: Filters = NO_FILTERS) -> list[RankedChunk]:
        """Rank the chunks that match a question, best first; `retrieve` loads the first of them."""
        return self.candidates(question, filters).rank(self._parameters.dense_weight)

    def candidates(self, question: str, filters: Filters = NO_FILTERS) -> Candidates:
        """Search both ways, once; `Candidates.rank` then ranks with any weight.

        Raises:
            ShardLostError: If a shard does not answer.
        """
        candidates = self._search(question, self._encoder.encode_question(question), filters)
        if candidates.lost:
            raise ShardLostError(candidates.lost, self.generation.manifest.shards)
        return candidates

    def _search(
        self,
        question: str,
        vector: npt.NDArray[np.float32],
        filters: Filters,
        also: str = "",
        lost: frozenset[int] = frozenset(),
    ) -> Candidates:
        count = self._parameters.candidates
        hits = self.generation.lexical.search(f"{question} {also}", count, filters)
        # A chunk that only BM25 found has a cosine all the same: compute it, do not guess it.
        nearest = self.generation.vectors.nearest(
            vector, count, filters, [hit.chunk_id for hit in hits], lost=lost
        )
        # The words of a fleet are in one place: leave out what a lost shard would have to load.
        lexical = {hit.chunk_id: hit.score for hit in hits if hit.chunk_id in nearest.cosines}
        unlisted = hits[-1].score if len(hits) == count else 0.0
        return Candidates(nearest.cosines, lexical, nearest.lost, unlisted)

    def load(self, ranked: Sequence[RankedChunk], filters: Filters = NO_FILTERS) -> list[Passage]:
        """Load ranked chunks as passages, in their order."""
        chunks = self.generation.articles.chunks([chunk_id for chunk_id, _ in ranked], filters)
        return [
            Passage(chunk_id, *chunks[chunk_id], scores, rank)
            for rank, (chunk_id, scores) in enumerate(ranked, start=1)
        ]


def _with_further(ranked: Sequence[Passage], top_k: int, most: int) -> list[Passage]:
    """The first ``top_k`` passages, then up to ``most``: those of the first articles first."""
    first, others = ranked[:top_k], ranked[top_k:]
    articles = list(dict.fromkeys(passage.article.id for passage in first))[:_COMPLETED]
    further = sorted(others, key=lambda passage: passage.article.id not in articles)
    return [*first, *further[: most - top_k]]


def convex_fusion(
    dense: Mapping[int, float],
    lexical: Mapping[int, float],
    *,
    dense_weight: float,
    unlisted: float = 0.0,
) -> dict[int, float]:
    """Fuse scores by their weighted mean, each scaled by its theoretical least and observed best.

    "TM2C2" of Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
    ACM TOIS 42 (2023): the least cosine is -1 and the least BM25 score 0, so that scores keep
    their distances, which ranks lose. Unlike theirs, a chunk that BM25 search did not list counts
    with the most that it can have: in a large index a list is full of chunks that share some
    common word, and a 0 puts every one of them before what only dense search found.

    Args:
        dense: Cosine similarity of every candidate.
        lexical: BM25 score of the candidates that BM25 search lists.
        dense_weight: The share of the dense score, in [0, 1].
        unlisted: The BM25 score that the others count with; at most the least of ``lexical``.

    Returns:
        The fused score of every candidate of either, in [0, 1]; higher is better.
    """
    scaled_dense = _scale(dense, least=-1.0)
    ids = {**dense, **lexical}
    scaled_lexical = _scale(
        {chunk_id: lexical.get(chunk_id, unlisted) for chunk_id in ids}, least=0.0
    )
    return {
        chunk_id: dense_weight * scaled_dense.get(chunk_id, 0.0)
        + (1.0 - dense_weight) * scaled_lexical[chunk_id]
        for chunk_id in ids
    }


def _scale(scores: Mapping[int, float], least: float) -> dict[int, float]:
    """Map ``least`` to 0 and the best observed score to 1."""
    if not scores:
        return {}
    width = max(scores.values()) - least
    if width <= 0:
        return dict.fromkeys(scores, 0.0)
    return {
        chunk_id: min(1.0, max(0.0, (score - least) / width)) for chunk_id, score in scores.items()
    }
