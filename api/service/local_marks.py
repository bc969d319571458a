"""Marked answers of the corpus on this machine: the methods of the client, without HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from api.answering.verifying import CitedQuote
from api.client.gold_calls import marked_words
from api.schemas import MarkedQuestionsResponse, MarkRequest
from api.service.local import checked
from api.service.marked_answers import MarkedAnswers
from api.translation.marks import from_marked
from index.generations.generation import current_folder
from index.stores.sharding.sharded import open_articles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.client.calls import FilterOptions, Quote
    from api.schemas import CitationOut, MarkedQuestionOut
    from api.settings import Settings
    from index.records import Article


class LocalMarks:
    """Marks and reviews answers beside the articles of an index; see `api.client.Marks`.

    No model is loaded. Whoever runs this may review, so that what is marked counts as reviewed.

    Args:
        settings: Which index and corpus.

    Raises:
        IndexMissingError: If nothing has been built yet.
        IndexCorruptError: If the articles of the generation cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self._articles = open_articles(current_folder(settings.index_dir))
        self._marked = MarkedAnswers(settings)

    def article(self, article_id: str) -> Article:
        """Read one article; `ArticleNotFoundError` where there is none."""
        return self._articles.article(article_id)

    def mark_answer(
        self,
        question: str,
        words: Sequence[CitationOut | Quote] = (),
        *,
        filters: FilterOptions | None = None,
    ) -> MarkedQuestionOut:
        """Keep which words answer a question; none where no article does."""
        given = {"question": question, "words": marked_words(words), "filters": filters}
        request = checked(MarkRequest, given)
        marked = self._marked.mark(
            request.question,
            request.filters,
            [CitedQuote(place.article_id, place.quote, place.start) for place in request.words],
            self._articles,
            by=None,
            reviewed=True,
        )
        return from_marked(asyncio.run(marked))

    def marked_answers(self) -> MarkedQuestionsResponse:
        """List the marked questions."""
        marked = asyncio.run(self._marked.marked())
        return MarkedQuestionsResponse(questions=[from_marked(question) for question in marked])

    def review_marked(self, gold_id: str) -> MarkedQuestionOut:
        """Note that a marked question was reviewed: from now on evaluations ask it."""
        return from_marked(asyncio.run(self._marked.review(gold_id)))

    def remove_marked(self, gold_id: str) -> None:
        """Remove a marked question."""
        asyncio.run(self._marked.remove(gold_id))
