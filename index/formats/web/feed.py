"""Feeds saved as files (.rss, .atom, .xml): an article an entry, read by feedparser."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from typing import TYPE_CHECKING, Any, Final

import feedparser
from lxml.etree import LxmlError

from index.errors import ArticleError
from index.formats.encodings import decode_labelled, replace_control_references
from index.formats.fields import id_fault, lenient_fields
from index.formats.raw_article import Entry, RawArticle
from index.formats.web.markup import fragment_text

if TYPE_CHECKING:
    from collections.abc import Iterator


_DECLARATION: Final = re.compile(
    rb"\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']"
)
_ANY_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]*\?>")


def read_feed(raw: bytes) -> Iterator[Entry]:
    """Read an RSS or Atom feed; entries are numbered from 1 in the order of the file.

    An entry keeps the id that the feed gives it. Its source is the title of the feed, its text
    its content, or the summary where there is no content. A malformed entry is reported and the
    next one read.

    Raises:
        ArticleError: If it is not a feed.
    """
    # As a stream: the library would try bytes as a URL or a file name first.
    parsed = feedparser.parse(
        io.BytesIO(_recode(raw)), resolve_relative_uris=False, sanitize_html=True
    )
    if not parsed.get("version") and not parsed.entries:
        error = parsed.get("bozo_exception")
        detail = "" if error is None else f": {error}"
        raise ArticleError(f"not an RSS or Atom feed{detail}")
    source = _title(parsed.feed)
    for number, entry in enumerate(parsed.entries, start=1):
        try:
            yield Entry(number, _read_entry(entry, source))
        except (LxmlError, ValueError, LookupError, AttributeError, TypeError) as error:
            yield Entry(number, ArticleError(f"the entry cannot be read: {error}"))
        except RecursionError:
            yield Entry(number, ArticleError("the entry is nested too deeply"))


def _recode(raw: bytes) -> bytes:
    """Recode a feed as UTF-8, its declared encoding taken as browsers take it."""
    declared = _DECLARATION.match(raw)
    try:
        text = decode_labelled(raw, None if declared is None else declared[1].decode("ascii"))
    except ArticleError:
        return raw  # the library will say what is wrong
    return _ANY_DECLARATION.sub("", replace_control_references(text), count=1).encode(
        errors="replace"
    )


def _read_entry(entry: Any, source: str | None) -> RawArticle:
    contents = [part.value for part in entry.get("content", ())]
    text = "\n\n".join(filter(None, map(fragment_text, contents)))
    guid = entry.get("id")
    fault = None if guid is None else id_fault(guid)
    fields = lenient_fields(
        {
            "id": guid,
            "title": _title(entry),
            "url": entry.get("link"),
            "source": source,
            "author": _author(entry),
            "published_at": _day(entry),
            "tags": [tag.term for tag in entry.get("tags", ()) if tag.get("term")],
        }
    )
    return RawArticle(
        fields,
        text or fragment_text(entry.get("summary", "")),
        left_out=() if fault is None else (f"its id: {fault}",),
    )


def _title(item: Any) -> str:
    """The title of a feed or entry as plain words; escaped once too often in many feeds."""
    title = item.get("title", "")
    if item.get("title_detail", {}).get("type") == "text/plain" or "<" not in title:
        return html.unescape(title)
    return " ".join(fragment_text(title).removeprefix("# ").split())


def _author(entry: Any) -> str | None:
    names = [author["name"] for author in entry.get("authors", ()) if author.get("name")]
    return ", ".join(dict.fromkeys(names)) or entry.get("author")


def _day(entry: Any) -> dt.date | None:
    """The day of publication in UTC; without one, that of the last update."""
    moment = entry.get("published_parsed" if "published_parsed" in entry else "updated_parsed")
    return None if moment is None else dt.date(moment.tm_year, moment.tm_mon, moment.tm_mday)
