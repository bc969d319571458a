"""Articles of JSON: an object that this project, a news service or a site's program wrote."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from index.errors import ArticleError
from index.formats.raw_article import RawArticle
from index.formats.reader import import_reader, read_with
from index.formats.stated_fields import NAMES, TEXT_NAMES, plain_name, stated_fields
from index.formats.text.markdown_tables import rewrite_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

_CUT: Final = re.compile(r"…?\s*\[\+(?P<characters>\d+) chars\]\s*\Z")  # NewsAPI's mark at the end
_OWN_NAME: Final = "text"  # of this project: its words stand as they are
# Objects in which an article is kept beside what is said of it: the Guardian, search engines.
_INNER: Final = ("fields", "_source", "attributes")
# Names of fields that front matter has for something else, if at all.
_SERVICE_NAMES: Final = {
    "webtitle": "title",
    **dict.fromkeys(("weburl", "web_url", "link", "permalink", "href"), "url"),
    **dict.fromkeys(("webpublicationdate", "datetime", "pub_date"), "published_at"),
}
_TAG_NAMES: Final = ("name", "webTitle", "title", "term", "label")
TITLE_NAMES: Final = {*NAMES["title"], "webtitle"}
_MARKUP_START: Final = re.compile(r"\s*<[A-Za-z!]")
_MARKUP: Final = re.compile(
    r"</(?:p|div|[uo]l|li|h[1-6]|blockquote|figure|section|article|table)\s*>|<br\b[^<>]{0,100}>",
    re.IGNORECASE,
)
_FRAGMENT: Final = "index.formats.web.fragment:read_fragment"


def read_article(loaded: object) -> RawArticle | ArticleError:
    """Read the fields and the text of an article; HTML and tables of Markdown in it become text.

    The text that this project names ``text`` stays as it is.

    Returns:
        The article, or why it is none.
    """
    if not isinstance(loaded, dict):
        return ArticleError(f"expected a JSON object, got {type(loaded).__name__}")
    members = article_members(loaded)
    if members is None:
        return ArticleError("field 'text': required, and it must be a string")
    return read_members(members)


class Members(NamedTuple):
    """The members of an object that is an article: its text, under which name, and the others."""

    name: str
    text: str
    others: dict[str, object]


def article_members(loaded: Mapping[str, object]) -> Members | None:
    """The members of an object that is an article; None where it has no text."""
    others = _merged(loaded)
    name = text_name(others)
    text = None if name is None else others.pop(name)
    return Members(name, text, others) if name is not None and isinstance(text, str) else None


def read_members(members: Members) -> RawArticle | ArticleError:
    """Read an article as `read_article` does."""
    name, text, others = members
    try:
        if plain_name(name) != _OWN_NAME:
            text = rewrite_tables(_without_markup(text))
        fields, left_out = stated_fields(others)
    except ArticleError as error:
        return error
    cut = _CUT.search(text)
    if cut is not None:
        text = text[: cut.start()]
        left_out = (*left_out, f"characters that the file does not hold: {cut['characters']}")
    return RawArticle(fields, text, left_out=left_out)


def text_name(stated: Mapping[str, object]) -> str | None:
    """The key of an article's text: the first name of those that programs give it."""
    by_name = {plain_name(name): name for name in stated}
    if _OWN_NAME in by_name:
        return by_name[_OWN_NAME]
    names = (by_name[name] for name in TEXT_NAMES if name in by_name)
    return next((name for name in names if isinstance(stated[name], str)), None)


def _merged(loaded: Mapping[str, object]) -> dict[str, object]:
    """An object with those in which it keeps its article, and the words of what was rendered."""
    merged = dict(loaded)
    for name in _INNER:
        inner = loaded.get(name)
        if isinstance(inner, dict) and text_name(merged) is None:
            merged |= inner
    named = {name: _rendered(name, value) for name, value in merged.items()}
    plain = {plain_name(name): name for name in named}
    for name, field in _SERVICE_NAMES.items():
        if name in plain and not any(other in plain for other in NAMES[field]):
            named[field] = named[plain[name]]
    return {
        name: _tag_names(value) if plain_name(name) in NAMES["tags"] else value
        for name, value in named.items()
    }


def _tag_names(tags: object) -> object:
    """The names of tags that are objects, as services send them."""
    if not isinstance(tags, list):
        return tags
    return [_tag_name(tag) if isinstance(tag, dict) else tag for tag in tags]


def _tag_name(tag: Mapping[str, object]) -> object:
    return next((tag[name] for name in _TAG_NAMES if isinstance(tag.get(name), str)), tag)


def _rendered(name: str, value: object) -> object:
    """WordPress's ``{"rendered": words}`` as those words."""
    if not isinstance(value, dict) or not isinstance(value.get("rendered"), str):
        return value
    words: str = value["rendered"]
    return words if plain_name(name) in TEXT_NAMES else html.unescape(words)


def _without_markup(text: str) -> str:
    """A text as it stands, or as words where it is HTML.

    Raises:
        ArticleError: If the package that reads HTML is not installed.
    """
    marks = len(_MARKUP.findall(text))
    if marks == 0 or (marks == 1 and _MARKUP_START.match(text) is None):
        return text
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return text  # what cannot be stored is named where articles are made
    (entry,) = read_with(import_reader(_FRAGMENT, "HTML in '.json"), raw)
    if isinstance(entry.content, ArticleError):
        raise entry.content
    return entry.content.text
