"""The protocol of whatever answers questions, here or elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.table_rows import Grouping
    from api.client.calls import (
        AskOptions,
        FacetOptions,
        FilterOptions,
        FollowUpOptions,
        ListOptions,
        Quote,
        SearchOptions,
        TableOptions,
    )
    from api.client.tables import Table
    from api.schemas import (
        ArticlesResponse,
        ArticleWithText,
        AskResponse,
        BatchResponse,
        CitationOut,
        FacetsResponse,
        IndexResponse,
        MarkedQuestionOut,
        MarkedQuestionsResponse,
        SearchResponse,
        VerifyResponse,
    )


class Service(Protocol):
    """Answers questions in the wire schema.

    Two implement it, with the same replies: `api.client.Client` over HTTP, and
    `api.service.local.LocalService` in this process. Every method raises an `ArticleQAError` for
    what it refuses.
    """

    def ask(self, question: str, **options: Unpack[FollowUpOptions]) -> AskResponse:
        """Ask one question."""

    def ask_batch(self, questions: Sequence[str], **options: Unpack[AskOptions]) -> BatchResponse:
        """Ask several questions of one generation of the index."""

    def ask_table(
        self,
        question: str,
        names: Sequence[str] = (),
        *,
        by: Grouping | None = None,
        **options: Unpack[TableOptions],
    ) -> Table:
        """Ask one question of many; see `api.client.Client.ask_table`."""

    def search(self, question: str, **options: Unpack[SearchOptions]) -> SearchResponse:
        """Retrieve passages without reading them."""

    def verify(self, quotes: Sequence[CitationOut | Quote]) -> VerifyResponse:
        """Say of quotes that were cited before whether they still stand, and where."""

    def articles(self, **options: Unpack[ListOptions]) -> ArticlesResponse:
        """List articles."""

    def article(self, article_id: str) -> ArticleWithText:
        """Read one article; `ArticleNotFoundError` where there is none."""

    def index(self) -> IndexResponse:
        """Describe the index: what it was built from and with."""

    def facets(self, **options: Unpack[FacetOptions]) -> FacetsResponse:
        """List the sources and tags that there are to filter by, the commonest first."""


class WithText(Protocol):
    """What has a text: an article, stored or on the wire."""

    @property
    def text(self) -> str:
        """The canonical text."""


class Marks(Protocol):
    """Keeps which words answer a question, for evaluations.

    Two implement it: `api.client.Client` over HTTP, and `api.service.local_marks.LocalMarks` in
    this process. Every method raises an `ArticleQAError` for what it refuses.
    """

    def article(self, article_id: str) -> WithText:
        """Read one article; `ArticleNotFoundError` where there is none."""

    def mark_answer(
        self,
        question: str,
        words: Sequence[CitationOut | Quote] = (),
        *,
        filters: FilterOptions | None = None,
    ) -> MarkedQuestionOut:
        """Keep which words answer a question; none where no article does."""

    def marked_answers(self) -> MarkedQuestionsResponse:
        """List the marked questions."""

    def review_marked(self, gold_id: str) -> MarkedQuestionOut:
        """Note that a marked question was reviewed."""

    def remove_marked(self, gold_id: str) -> None:
        """Remove a marked question."""
