"""The service that a command asks: the index of this machine, or a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.client import Client
from api.service.local import LocalService

if TYPE_CHECKING:
    from api.settings import Settings


def open_service(settings: Settings, url: str | None, api_key: str | None) -> LocalService | Client:
    """Open the server at an address, or the index of this machine where there is none.

    Raises:
        ArticleQAError: If that cannot be done.
    """
    return LocalService.open(settings) if url is None else Client(url, api_key=api_key)
