"""Where commands get their answers: the index of this machine, or a service elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Unpack

from api.client import Client
from api.service.local import LocalIndex

if TYPE_CHECKING:
    from api.client.calls import AskOptions, SearchOptions
    from api.schemas import ArticleWithText, AskResponse, SearchResponse
    from api.settings import Settings


class Source(Protocol):
    """What answers; `api.client.clients.Client` is one."""

    def ask(self, question: str, **options: Unpack[AskOptions]) -> AskResponse:
        """Ask one question."""

    def search(self, question: str, **options: Unpack[SearchOptions]) -> SearchResponse:
        """Retrieve passages without reading them."""

    def article(self, article_id: str) -> ArticleWithText:
        """Read one article."""


def open_source(settings: Settings, url: str | None, api_key: str | None) -> LocalIndex | Client:
    """Open the service at an address, or the local index where there is none.

    Raises:
        ArticleQAError: If that cannot be done.
    """
    return LocalIndex(settings) if url is None else Client(url, api_key=api_key)
