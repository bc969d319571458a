"""Feeds saved as files (.rss, .atom, .xml): an article an entry, read by feedparser."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import feedparser

from index.errors import ArticleError
from index.formats.fields import lenient_fields
from index.formats.markup import fragment_text
from index.formats.raw_article import Entry, RawArticle

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_feed(raw: bytes) -> Iterator[Entry]:
    """Read an RSS or Atom feed; entries are numbered from 1 in the order of the file.

    An entry keeps the id that the feed gives it. Its source is the title of the feed, its text
    its content, or the summary where there is no content.

    Raises:
        ArticleError: If it is not a feed.
    """
    # As a stream: the library would try bytes as a URL or a file name first.
    parsed = feedparser.parse(io.BytesIO(raw), resolve_relative_uris=False, sanitize_html=True)
    if not parsed.get("version") and not parsed.entries:
        error = parsed.get("bozo_exception")
        detail = "" if error is None else f": {error}"
        raise ArticleError(f"not an RSS or Atom feed{detail}")
    source = parsed.feed.get("title")
    for number, entry in enumerate(parsed.entries, start=1):
        yield Entry(number, _read_entry(entry, source))


def _read_entry(entry: Any, source: str | None) -> RawArticle:
    contents = [part.value for part in entry.get("content", ())]
    text = "\n\n".join(filter(None, map(fragment_text, contents)))
    fields = lenient_fields(
        {
            "id": entry.get("id"),
            "title": fragment_text(entry.get("title", "")),
            "url": entry.get("link"),
            "source": source,
            "author": entry.get("author"),
            "published_at": _day(entry),
            "tags": [tag.term for tag in entry.get("tags", ()) if tag.get("term")],
        }
    )
    return RawArticle(fields, text or fragment_text(entry.get("summary", "")))


def _day(entry: Any) -> dt.date | None:
    """The day of publication in UTC; without one, that of the last update."""
    moment = entry.get("published_parsed" if "published_parsed" in entry else "updated_parsed")
    return None if moment is None else dt.date(moment.tm_year, moment.tm_mon, moment.tm_mday)
