"""The protocol of whatever answers questions, here or elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.table_rows import Grouping
    from api.client.calls import (
        AskOptions,
        FacetOptions,
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
