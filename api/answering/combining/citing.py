"""The citations of one reply: numbered from 1 on, each article loaded once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.answers import Answer, TimelineEntry
from api.answering.citations import cite
from api.answering.combining.claims.claim import claims_of
from api.answering.combining.claims.support import supporting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.answers import Citation
    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.reading.reader import ScoredSpan
    from index.records import Article, Passage, Span
    from index.stores.backend import Articles

_CITATIONS_PER_ANSWER: Final = 3


class Citing:
    """Cites the answers of one reply.

    Args:
        store: Loads the articles.
        passages: What was read.
    """

    def __init__(self, store: Articles, passages: Sequence[Passage]) -> None:
        self._store = store
        self._passages = passages
        self._articles: dict[str, Article] = {}
        self._cited: dict[tuple[str, Span], Citation] = {}

    def article(self, article_id: str) -> Article:
        """Load an article, once."""
        if article_id not in self._articles:
            self._articles[article_id] = self._store.own(article_id)
        return self._articles[article_id]

    def answer(self, question: Question, item: RankedCandidate, chosen: Claim | None) -> Answer:
        """Cite an accepted candidate; the claim chosen for its time, if any, tells it."""
        claims = supporting(question, claims_of(0, item, self._passages))
        spans = [claim.span for claim in claims[:_CITATIONS_PER_ANSWER]]
        citations = tuple(self._cite(span, self._passages[span.passage]) for span in spans)
        if chosen is None:
            chosen = claims[0]
        return Answer(
            text=citations[0].quote,
            confidence=item.confidence,
            citations=citations,
            value=item.candidate.value,
            as_of=chosen.as_of,
            standing=chosen.statement.standing,
        )

    def entry(self, claim: Claim) -> TimelineEntry:
        """Cite one of several statements."""
        citation = self._cite(claim.span, claim.passage)
        standing = claim.statement.standing
        return TimelineEntry(citation.quote, claim.value, claim.as_of, standing, citation)

    def story_of(self, article_id: str) -> str:
        """The first id, in alphabetical order, of an article and its near-duplicates."""
        near = (info.id for info, _ in self._store.near_duplicates(article_id))
        return min([article_id, *near])

    def _cite(self, span: ScoredSpan, passage: Passage) -> Citation:
        place = passage.article.id, span.span
        if place not in self._cited:
            article = self.article(passage.article.id)
            self._cited[place] = cite(
                len(self._cited) + 1,
                span,
                passage,
                article,
                lambda: self._store.chunks_of(article.info.id),
            )
        return self._cited[place]
