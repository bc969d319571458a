"""Metadata that people state: under the names that common programs use, taken where it is sure."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from index.errors import ArticleError
from index.formats.fields import MAX_TAGS, ArticleFields, parse_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Names that Jekyll, Hugo, Obsidian, MkDocs and news services use; of several, the first counts.
NAMES: Final = {
    "id": ("id",),
    "title": ("title", "headline"),
    "url": ("url", "canonical_url"),
    "source": ("source", "publisher", "site_name", "sitename", "source_domain"),
    "author": ("author", "authors", "creator", "byline"),
    "published_at": (
        *("published_at", "date", "published", "publishdate", "publish_date", "pubdate"),
        *("date_published", "datepublished", "date_publish", "publishedat"),
        *("published_date", "publication_date", "created", "created_at", "lastmod", "updated"),
        *("updated_at", "modified", "last_modified_at"),
    ),
    "tags": ("tags", "tag", "keywords", "categories", "category"),
}
# What the text of an article is called in exports; ``text`` is the name of this project.
TEXT_NAMES: Final = (
    *("text", "maintext", "article_text", "full_text", "fulltext", "articlebody", "article_body"),
    *("plaintext", "content_text", "bodytext", "body_text", "body", "content"),
    *("content_html", "html"),
)
FIELD_OF: Final = {name: field for field, names in NAMES.items() for name in names}
_TAG_SEPARATOR: Final = re.compile(r"[;,]")
_INNER_DAYS: Final = ("created", "published", "date")  # MkDocs: a mapping with several days
_LINK: Final = re.compile(r"\[\[(?:[^\[\]|]*\|)?(?P<words>[^\[\]|]+)\]\]\Z")  # of Obsidian
_SHOWN: Final = 60  # characters of an invalid value in a message


def plain_name(key: str) -> str:
    """A key as it stands in `NAMES` and `TEXT_NAMES`: ``Publish-Date`` is ``publish_date``."""
    return key.strip().lower().replace("-", "_")


def stated_fields(stated: Mapping[str, Any]) -> tuple[ArticleFields, tuple[str, ...]]:
    """Take what is sure of the metadata that an article states; other keys are ignored.

    Returns:
        The fields, and a message for each value that was left out.

    Raises:
        ArticleError: If the id is invalid: under another one, links to the article would break.
    """
    by_name = {plain_name(name): value for name, value in stated.items()}
    valid: dict[str, Any] = {}
    left_out: list[str] = []
    for field, names in NAMES.items():
        values = [(name, by_name[name]) for name in names if not _is_blank(by_name.get(name))]
        if field == "tags":
            valid[field] = list(dict.fromkeys(_tags(values, left_out)))
        for name, value in () if field == "tags" else values[:1]:
            try:
                converted = _converted(field, value)
                valid[field] = getattr(parse_fields({field: converted}), field)
            except ArticleError as error:
                if field == "id":
                    raise
                left_out.append(str(error).replace(f"'{field}", f"'{name}", 1))
    if len(valid["tags"]) > MAX_TAGS:
        left_out.append(f"field 'tags': {len(valid['tags'])} tags; the first {MAX_TAGS} are kept")
        del valid["tags"][MAX_TAGS:]
    return parse_fields(valid), tuple(left_out)


def _is_blank(value: object) -> bool:
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def _converted(field: str, value: object) -> object:
    """The value of a field in the form that it has here.

    Raises:
        ArticleError: If it holds what is no name of an author.
    """
    if field == "author":
        return _author(value)
    if field == "source" and isinstance(value, dict):
        return value.get("name", value.get("title", value))
    return _inner_day(field, value)


def _author(value: object) -> object:
    """Join several authors; one may be a mapping with a name, or a link between notes.

    Raises:
        ArticleError: If one is neither.
    """
    people = value if isinstance(value, list) else [value]
    names = [person.get("name") if isinstance(person, dict) else person for person in people]
    words = [_LINK.sub(r"\g<words>", name.strip()) for name in names if isinstance(name, str)]
    if len(words) < len(names):
        raise ArticleError(f"field 'author': expected one name or several, got {_shown(value)}")
    return ", ".join(filter(None, words))


def _inner_day(field: str, value: object) -> object:
    if field != "published_at" or not isinstance(value, dict):
        return value
    return next((value[name] for name in _INNER_DAYS if name in value), value)


def _tags(values: Iterable[tuple[str, object]], left_out: list[str]) -> Iterator[str]:
    """Give the tags of all fields; a text is a list with commas or semicolons."""
    for name, value in values:
        parts = _TAG_SEPARATOR.split(value) if isinstance(value, str) else value
        for tag in parts if isinstance(parts, list) else [parts]:
            try:
                if not _is_blank(tag):
                    day = isinstance(tag, dt.date)
                    yield from parse_fields({"tags": [str(tag) if day else tag]}).tags
            except ArticleError:
                left_out.append(f"field '{name}': {_shown(tag)} is not a tag")


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
