"""Answers that users mark right or wrong: gold questions, for an admin to review."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from api.errors import OverloadedError, StateError
from api.service.articles.own_corpus import own_corpus
from index.errors import ArticleConflictError, ArticleNotFoundError
from index.loading.gold import GoldMark, GoldQuestion
from index.loading.local_gold import drop_marked, local_id, open_id, put_marked, read_local_gold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from api.answering.verifying import CitedQuote
    from api.settings import Settings
    from index.filter_fields import FiltersIn
    from index.stores.backend import Articles

    _T = TypeVar("_T")

_LOCK_FILE: Final = "gold.lock"
_LOCK_SECONDS: Final = 30.0


class MarkedAnswers:
    """The gold questions that users marked, one change at a time.

    Args:
        settings: Which corpus they lie beside.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def mark(
        self,
        question: str,
        filters: FiltersIn,
        words: Sequence[CitedQuote],
        articles: Articles,
        *,
        by: str | None,
        reviewed: bool,
    ) -> GoldQuestion:
        """Keep which words of the articles answer a question; none where no article does.

        A question that was marked before, with the same filters, is replaced; a reviewed one only
        by an admin, or by reviewing the new one.

        Args:
            question: The question as it was asked.
            filters: The filters that it was asked with.
            words: The right words, each with its place.
            articles: The articles of the index.
            by: The name of the sender's key; None without keys.
            reviewed: Whether it needs no review, since an admin marked it.

        Raises:
            ArticleNotFoundError: If an article is not in the index.
            ArticleConflictError: If the words do not stand at their place.
            GoldError: If the file of marked questions is malformed or full.
            CorpusWriteError: If it cannot be written.
        """
        await asyncio.to_thread(_check_words, words, articles)
        gold_id = local_id(question, filters)
        marked = GoldQuestion(
            id=gold_id if reviewed else open_id(gold_id),
            question=question,
            answers=tuple(dict.fromkeys(place.words for place in words)),
            articles=tuple(dict.fromkeys(place.article_id for place in words)),
            tags=("marked",),
            filters=filters,
            mark=GoldMark(by=by, at=_now(), reviewed=reviewed),
        )
        await self._locked(lambda: put_marked(own_corpus(self._settings), marked))
        return marked

    async def marked(self) -> list[GoldQuestion]:
        """The marked questions, in the order in which they were marked."""
        return await asyncio.to_thread(lambda: read_local_gold(own_corpus(self._settings)))

    async def review(self, gold_id: str) -> GoldQuestion:
        """Note that a marked question was reviewed: from now on evaluations ask it.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """

        def work() -> GoldQuestion:
            corpus = own_corpus(self._settings)
            for question in read_local_gold(corpus):
                if question.id == gold_id and question.mark is not None:
                    mark = question.mark.model_copy(update={"reviewed": True})
                    own_id = local_id(question.question, question.filters)
                    reviewed = question.model_copy(update={"id": own_id, "mark": mark})
                    put_marked(corpus, reviewed)
                    drop_marked(corpus, open_id(own_id))
                    return reviewed
            raise _missing(gold_id)

        return await self._locked(work)

    async def remove(self, gold_id: str) -> None:
        """Remove a marked question.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        if not await self._locked(lambda: drop_marked(own_corpus(self._settings), gold_id)):
            raise _missing(gold_id)

    async def _locked(self, work: Callable[[], _T]) -> _T:
        return await asyncio.to_thread(self._in_turn, work)

    def _in_turn(self, work: Callable[[], _T]) -> _T:
        """Make a change while no other thread or process makes one."""
        folder = self._settings.index_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / _LOCK_FILE).acquire(timeout=_LOCK_SECONDS):
                return work()
        except Timeout as error:
            raise OverloadedError("another change of marked answers is taking long") from error
        except OSError as error:
            raise StateError(
                f"{_LOCK_FILE} in the index folder: {error.strerror}; check its disk, then retry"
            ) from error


def _check_words(words: Sequence[CitedQuote], articles: Articles) -> None:
    for place in words:
        text = articles.article(place.article_id).text
        if not text.startswith(place.words, place.start):
            raise ArticleConflictError(
                f"article '{place.article_id}': '{place.words[:60]}' does not stand at "
                f"{place.start}; it may have changed since, so read it again"
            )


def _missing(gold_id: str) -> ArticleNotFoundError:
    return ArticleNotFoundError(f"marked question '{gold_id[:100]}': there is none of this id")


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC).replace(microsecond=0)
