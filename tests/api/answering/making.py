"""Passages and spans in a few words, for the tests of answering."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from api.answering.reading.reader import ScoredSpan
from index.records import Article, ArticleInfo, Chunk, Passage, RetrievalScores, Span

if TYPE_CHECKING:
    import datetime as dt


def make_article(text: str, *, article_id: str = "a", day: dt.date | None = None) -> Article:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Article(
        ArticleInfo(article_id, None, None, None, None, day, (), sha256, f"{article_id}.txt"), text
    )


def make_passage(
    *sentences: str,
    article_id: str = "a",
    start: int = 0,
    context: str = "",
    dense: float | None = 0.5,
    day: dt.date | None = None,
) -> Passage:
    """A passage of these sentences, joined by spaces, that begins at ``start``."""
    spans, at = [], start
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    text = " ".join(sentences)
    chunk = Chunk(article_id, start, start + len(text), text, context, tuple(spans))
    info = make_article(text, article_id=article_id, day=day).info
    return Passage(0, chunk, info, RetrievalScores(dense, None, 0.25), 1)


def make_list(*items: str, article_id: str = "a") -> Passage:
    """A passage that begins with the first of these list items, as a chunk does."""
    text = "\n- ".join(items)
    spans, at = [], 0
    for item in items:
        spans.append(Span(at, at + len(item)))
        at += len(item) + len("\n- ")
    chunk = Chunk(article_id, 0, len(text), text, "", tuple(spans))
    info = make_article(text, article_id=article_id).info
    return Passage(0, chunk, info, RetrievalScores(0.5, None, 0.25), 1)


def find_span(
    passages: list[Passage], passage: int, words: str, score: float = 1.0, null_score: float = 0.0
) -> ScoredSpan:
    """The first place of some words in a passage, as a reader would return it."""
    chunk = passages[passage].chunk
    start = chunk.start + chunk.text.index(words)
    return ScoredSpan(passage, Span(start, start + len(words)), score, null_score, 0.5)
