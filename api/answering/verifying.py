"""Whether the quotes of earlier citations still stand in the articles."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from index.errors import ArticleNotFoundError
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.records import Article
    from index.stores.backend import Articles

QuoteStatus = Literal["intact", "moved", "changed", "gone"]


class CitedQuote(NamedTuple):
    """The words of a citation, and the offset at which they began in their article."""

    article_id: str
    words: str
    start: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a quote.

    Attributes:
        status: ``intact`` where it stands at its offsets, ``moved`` where it stands elsewhere in
            its article, ``changed`` where the article has other words now, ``gone`` where there is
            no such article.
        span: Where it stands; None where it does not.
        page: The page that it begins on; None also where the article has no pages.
    """

    status: QuoteStatus
    span: Span | None = None
    page: int | None = None


def sha256_of(quote: str) -> str:
    """The SHA-256 of a quote in UTF-8, as hex."""
    return hashlib.sha256(quote.encode()).hexdigest()


def verify(quotes: Sequence[CitedQuote], articles: Articles) -> list[Verification]:
    """Look every quote up in its article; each article is loaded once.

    Returns:
        A verification for each quote, in order.
    """
    by_article: dict[str, list[int]] = {}
    for position, quote in enumerate(quotes):
        by_article.setdefault(quote.article_id, []).append(position)
    verifications = [Verification("gone")] * len(quotes)
    for article_id, positions in by_article.items():
        try:
            article = articles.article(article_id)
        except ArticleNotFoundError:
            continue
        for position in positions:
            verifications[position] = _verify(quotes[position], article)
    return verifications


def nearest_occurrence(text: str, words: str, start: int) -> int | None:
    """The offset at which words occur nearest to where they began; of two as near, the first.

    Takes time linear in the length of the text.
    """
    if text.startswith(words, start):
        return start
    after = text.find(words, start + 1)
    # Backwards by a search forwards: `rfind` is slow in a text that repeats itself.
    before = text[: start + len(words) - 1][::-1]
    back = before.find(words[::-1])
    occurrences = [len(before) - back - len(words)] if back >= 0 else []
    if after >= 0:
        occurrences.append(after)
    return min(occurrences, key=lambda offset: abs(offset - start), default=None)


def _verify(quote: CitedQuote, article: Article) -> Verification:
    offset = nearest_occurrence(article.text, quote.words, quote.start)
    if offset is None:
        return Verification("changed")
    return Verification(
        "intact" if offset == quote.start else "moved",
        Span(offset, offset + len(quote.words)),
        article.info.page_at(offset),
    )
