"""Question -> ranked passages: dense and BM25 search, fused."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index.records import Filters, Passage, RetrievalScores

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from index.embedding.encoder import Encoder
    from index.generations.generation import Generation


@dataclass(frozen=True, slots=True)
class RetrievalParameters:
    """How the two searches are combined.

    The defaults were tuned on training questions with `scripts.evaluate_retrieval --tune`.

    Attributes:
        candidates: Hits taken from each search before they are fused.
        dense_weight: The share of the dense score in the fused one, in [0, 1].
    """

    candidates: int = 100
    dense_weight: float = 0.8


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Passages, best first, and what the steps cost in milliseconds."""

    passages: list[Passage]
    encode_ms: float
    search_ms: float


class Retriever:
    """Retrieves passages of one generation."""

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        parameters: RetrievalParameters | None = None,
    ) -> None:
        self.generation = generation
        self._encoder = encoder
        self._parameters = RetrievalParameters() if parameters is None else parameters

    def retrieve(self, question: str, top_k: int, filters: Filters | None = None) -> Retrieval:
        """Find the passages that best match a question, best first."""
        started = time.perf_counter()
        vector = self._encoder.encode_question(question)
        encoded = time.perf_counter()
        wanted = Filters() if filters is None else filters
        passages = self._load(self._rank(question, vector, wanted)[:top_k], wanted)
        done = time.perf_counter()
        return Retrieval(passages, (encoded - started) * 1e3, (done - encoded) * 1e3)

    def _rank(
        self, question: str, vector: npt.NDArray[np.float32], filters: Filters
    ) -> list[tuple[int, RetrievalScores]]:
        """Search both ways and fuse; equal scores are ranked by chunk id."""
        count, vectors = self._parameters.candidates, self.generation.vectors
        allowed = self.generation.articles.allowed_chunks(filters)
        dense = {hit.chunk_id: hit.score for hit in vectors.search(vector, count, allowed)}
        lexical = {
            hit.chunk_id: hit.score
            for hit in self.generation.lexical.search(question, count, filters)
            if allowed is None or _holds(allowed, hit.chunk_id)
        }
        # A chunk that only BM25 found has a cosine all the same: compute it, do not guess it.
        lacking = [chunk_id for chunk_id in lexical if chunk_id not in dense]
        dense.update(zip(lacking, vectors.similarities(vector, lacking), strict=True))
        fused = convex_fusion(dense, lexical, dense_weight=self._parameters.dense_weight)
        order = sorted(fused, key=lambda chunk_id: (-fused[chunk_id], chunk_id))
        return [
            (
                chunk_id,
                RetrievalScores(dense.get(chunk_id), lexical.get(chunk_id), fused[chunk_id]),
            )
            for chunk_id in order
        ]

    def _load(self, ranked: list[tuple[int, RetrievalScores]], filters: Filters) -> list[Passage]:
        """Load passages; an article passes as one of its copies may, and is then shown as that."""
        store = self.generation.articles
        chunks = store.chunks([chunk_id for chunk_id, _ in ranked])
        if not filters.is_empty:
            shown = store.passing({info.id for _, info in chunks.values()}, filters)
            for chunk_id, (chunk, first) in chunks.items():
                info = shown[first.id]
                chunks[chunk_id] = replace(chunk, article_id=info.id), info
        return [
            Passage(chunk_id, *chunks[chunk_id], scores, rank)
            for rank, (chunk_id, scores) in enumerate(ranked, start=1)
        ]


def _holds(ids: npt.NDArray[np.int64], chunk_id: int) -> bool:
    """Whether a sorted array holds an id."""
    at = int(np.searchsorted(ids, chunk_id))
    return at < len(ids) and int(ids[at]) == chunk_id


def convex_fusion(
    dense: Mapping[int, float], lexical: Mapping[int, float], *, dense_weight: float
) -> dict[int, float]:
    """Fuse scores by their weighted mean, each scaled by its theoretical least and observed best.

    "TM2C2" of Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
    ACM TOIS 42 (2023): the least cosine is -1 and the least BM25 score 0, so that scores keep
    their distances, which ranks lose.

    Args:
        dense: Cosine similarity of every candidate.
        lexical: BM25 score of the candidates that share a word with the question.
        dense_weight: The share of the dense score, in [0, 1].

    Returns:
        The fused score of every candidate of either, in [0, 1]; higher is better.
    """
    scaled_dense = _scale(dense, least=-1.0)
    scaled_lexical = _scale(lexical, least=0.0)
    return {
        chunk_id: dense_weight * scaled_dense.get(chunk_id, 0.0)
        + (1.0 - dense_weight) * scaled_lexical.get(chunk_id, 0.0)
        for chunk_id in {**scaled_dense, **scaled_lexical}
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
