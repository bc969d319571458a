"""What the server says when it is ready: what it serves, and where to open it."""

from __future__ import annotations

import ipaddress
import logging
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from index.errors import IndexMissingError
from index.generations.generation import current_folder
from index.manifest import read_manifest
from index.stores.article_store import ArticleStore
from index.stores.local import ARTICLES_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings

_LOGGER = logging.getLogger(__name__)


def what_is_served(index_dir: Path) -> str:
    """Count the articles of an index, and say how new they are."""
    try:
        folder = current_folder(index_dir)
    except IndexMissingError as error:
        return f"No articles: {error}."
    articles = read_manifest(folder).articles
    with closing(ArticleStore(folder / ARTICLES_FILE)) as store:
        newest = store.newest_day()
    when = "" if newest is None else f", newest of {newest.day} {newest:%B %Y}"
    return f"{articles:,} {'article' if articles == 1 else 'articles'}{when}."


def where_to_open(settings: Settings, port: int | None = None) -> str:
    """Say which address to open.

    Args:
        settings: Their host is what the server listens on.
        port: The port that the server has, where that is settled.
    """
    host = settings.host
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        pass  # a name
    else:
        if address.is_unspecified:
            host = "localhost"
        elif address.version == 6:
            host = f"[{host}]"
    return f"Open http://{host}:{settings.port if port is None else port}"


def announce(line: str) -> None:
    """Print a line on a terminal, and log it elsewhere."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - in plain words, without a time
    else:
        _LOGGER.info(line)
