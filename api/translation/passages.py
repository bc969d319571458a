"""Passages on the wire, with their scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.schemas import PassageOut, ScoresOut, SearchResponse, SearchTimingsOut, ShardsOut
from api.translation.articles import from_article

if TYPE_CHECKING:
    from index.records import Passage, RetrievalScores, ShardCount
    from index.retriever import Retrieval


def from_passage(passage: Passage) -> PassageOut:
    """A retrieved passage on the wire."""
    return PassageOut(
        number=passage.rank,
        article=from_article(passage.article),
        text=passage.chunk.text,
        start=passage.chunk.start,
        end=passage.chunk.end,
        context=passage.chunk.context,
        page=passage.article.page_at(passage.chunk.start),
        scores=from_scores(passage.scores, None),
    )


def from_retrieval(question: str, retrieval: Retrieval, version: str) -> SearchResponse:
    """The passages of a search in the index of this version, on the wire."""
    return SearchResponse(
        question=question,
        passages=[from_passage(passage) for passage in retrieval.passages],
        shards=from_shards(retrieval.shards),
        index_version=version,
        undated_left_out=retrieval.undated,
        timings_ms=SearchTimingsOut(encode=retrieval.encode_ms, retrieve=retrieval.search_ms),
    )


def from_shards(count: ShardCount | None) -> ShardsOut | None:
    """How many shards answered, on the wire; None where the index is not sharded."""
    return None if count is None else ShardsOut(answered=count.answered, of=count.of)


def from_scores(retrieval: RetrievalScores, reader: float | None) -> ScoresOut:
    """The scores of a passage on the wire, with that of the reader where it was read."""
    return ScoresOut(
        dense=retrieval.dense, lexical=retrieval.lexical, fused=retrieval.fused, reader=reader
    )
