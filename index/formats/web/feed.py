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
from index.formats.web.markup import fragment_text, short_words
from index.formats.web.other_parts import is_added
from index.formats.web.wordpress import author_names, post_fault, post_markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element


_DECLARATION: Final = re.compile(
    rb"\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']"
)
# Classes of what WordPress and Substack add to an entry: links to share, other posts, forms.
_ADDED: Final = {
    *("sharedaddy", "jp-relatedposts", "feedflare", "addtoany_share_save_container", "wpcnt"),
    *("subscription-widget", "subscription-widget-wrap", "subscription-widget-wrap-editor"),
    *("button-wrapper", "wp-block-jetpack-subscriptions", "mc4wp-form"),
}
_ADDED_LINE: Final = re.compile(
    r"The post .{1,300} (?:first appeared|appeared first) on .{1,200}"
    r"|.{1,300} was originally published in .{1,200} on Medium, where people are .{1,200}"
)
_LONGEST_ADDED: Final = 900  # characters
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
    recoded = _recode(raw)
    parsed = feedparser.parse(io.BytesIO(recoded), resolve_relative_uris=False, sanitize_html=True)
    if not parsed.get("version") and not parsed.entries:
        error = parsed.get("bozo_exception")
        detail = "" if error is None else f": {error}"
        raise ArticleError(f"not an RSS or Atom feed{detail}")
    source, names = _title(parsed.feed), author_names(recoded)
    for number, entry in enumerate(parsed.entries, start=1):
        try:
            fault = post_fault(entry)
            yield Entry(number, _read_entry(entry, source, names) if fault is None else fault)
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


def _is_added(element: _Element) -> bool:
    """Whether a program added an element to what the author wrote."""
    if is_added(element) or not _ADDED.isdisjoint(element.get("class", "").split()):
        return True
    if element.tag != "p":
        return False
    words = short_words(element, _LONGEST_ADDED)
    return words is not None and _ADDED_LINE.fullmatch(words) is not None


def _read_entry(entry: Any, source: str | None, names: Mapping[str, str]) -> RawArticle:
    text = _text(entry)
    guid = entry.get("id")
    fault = None if guid is None else id_fault(guid)
    fields = lenient_fields(
        {
            "id": guid,
            "title": _title(entry),
            "url": entry.get("link"),
            "source": source,
            "author": _author(entry, names),
            "published_at": _day(entry),
            "tags": [tag.term for tag in entry.get("tags", ()) if tag.get("term")],
        }
    )
    left_out = () if fault is None else (f"its id: {fault}",)
    return RawArticle(fields, text, left_out=left_out)


def _text(entry: Any) -> str:
    """The content of an entry; the summary where there is none.

    The library takes the description of a picture for a content, too, a plain one.
    """
    parts = entry.get("content", ())
    marked = [part for part in parts if part.get("type") != "text/plain"]
    texts = [fragment_text(post_markup(entry, part.value), _is_added) for part in marked or parts]
    text = "\n\n".join(filter(None, texts))
    if marked and text:
        return text
    return max(text, fragment_text(entry.get("summary", ""), _is_added), key=len)


def _title(item: Any) -> str:
    """The title of a feed or entry as plain words; escaped once too often in many feeds."""
    title = item.get("title", "")
    if item.get("title_detail", {}).get("type") == "text/plain" or "<" not in title:
        return html.unescape(title)
    return " ".join(fragment_text(title).removeprefix("# ").split())


def _author(entry: Any, names: Mapping[str, str]) -> str | None:
    """The authors of an entry, by the names of accounts where the feed has those."""
    authors = [author["name"] for author in entry.get("authors", ()) if author.get("name")]
    named = [names.get(author, author) for author in authors]
    return ", ".join(dict.fromkeys(named)) or entry.get("author")


def _day(entry: Any) -> dt.date | None:
    """The day of publication in UTC; without one, that of the last update."""
    moment = entry.get("published_parsed" if "published_parsed" in entry else "updated_parsed")
    return None if moment is None else dt.date(moment.tm_year, moment.tm_mon, moment.tm_mday)
