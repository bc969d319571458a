"""JSON (.json): one document with an article, or with a list of them however it is wrapped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from index.errors import ArticleError
from index.formats.encodings import decode_detected
from index.formats.raw_article import WHOLE_FILE, Entry, RawArticle
from index.formats.stated_fields import plain_name
from index.formats.text.json_articles import (
    TITLE_NAMES,
    Members,
    article_members,
    read_article,
    read_members,
)
from index.formats.text.jsonl import read_jsonl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DEEPEST: Final = 8  # levels of objects and lists in which articles are looked for
# What services call their lists of articles; elsewhere an article needs a title besides a text.
_LISTS: Final = {
    *("articles", "data", "docs", "documents", "entries", "hits", "items", "news", "pages"),
    *("posts", "records", "response", "results", "rows", "stories"),
}
_TEXT_NAMES: Final = ("'text'", "'articleBody'", "'body'", "'content'")
_SHOWN_KEYS: Final = 8


class _Object(NamedTuple):
    """An object that is an article or should be one, and whether a list of articles has it.

    ``members`` are None where it has no text.
    """

    value: object
    members: Members | None
    is_listed: bool

    def read(self) -> RawArticle | ArticleError:
        return read_article(self.value) if self.members is None else read_members(self.members)


def read_json(raw: bytes) -> Iterable[Entry]:
    """Read a document: an article, a list of them, or an object that holds either.

    Articles in a list are numbered from 1 in the order of the document. One without a text is
    reported and the next one read. A file with a document a line is read as JSON Lines.

    Raises:
        ArticleError: If it is not JSON, or there is no article in it.
    """
    text = decode_detected(raw)
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as error:
        if _is_lines(text):
            return read_jsonl(raw)
        raise ArticleError(f"not JSON: {error}") from None
    objects = [*_objects(loaded, is_listed=isinstance(loaded, list), depth=0)]
    if all(each.members is None for each in objects):
        raise _no_article(loaded, objects)
    if len(objects) == 1 and not objects[0].is_listed:
        return [Entry(WHOLE_FILE, objects[0].read())]
    return [Entry(at, each.read()) for at, each in enumerate(objects, start=1)]


def _is_lines(text: str) -> bool:
    """Whether the first line that is not blank is a document of its own."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _objects(value: object, *, is_listed: bool, depth: int) -> Iterator[_Object]:
    """The articles of a document in order, and what stands among them in a list with a title.

    What an article holds, such as its comments, is none.
    """
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            found = [*_objects(item, is_listed=is_listed, depth=depth + 1)]
            yield from found
            if not found and (depth == 0 or (is_listed and _is_titled(item))):
                yield _Object(item, None, is_listed)
    elif isinstance(value, dict):
        may_be_one = depth == 0 or is_listed or _is_titled(value)
        members = article_members(value) if may_be_one else None
        if members is not None:
            yield _Object(value, members, is_listed)
            return
        for name, inner in value.items():
            within = is_listed or plain_name(name) in _LISTS
            yield from _objects(inner, is_listed=within, depth=depth + 1)


def _is_titled(value: object) -> bool:
    return isinstance(value, dict) and not TITLE_NAMES.isdisjoint(map(plain_name, value))


def _no_article(loaded: object, objects: list[_Object]) -> ArticleError:
    """Say what was expected, and what there is."""
    expected = f"expected a text, named {', '.join(_TEXT_NAMES)} or the like"
    if objects:
        shown = _shown_keys(objects[0].value)
        return ArticleError(f"{len(objects)} articles without a text: {expected}, got {shown}")
    shown = _shown_keys(loaded)
    return ArticleError(
        f"no article in it: {expected}, in an object or a list of them, got {shown}"
    )


def _shown_keys(value: object) -> str:
    if not isinstance(value, dict):
        return f"a JSON {type(value).__name__}"
    shown = ", ".join(f"'{str(name)[:40]}'" for name in [*value][:_SHOWN_KEYS])
    more = len(value) - _SHOWN_KEYS
    return f"{shown} and {more} more" if more > 0 else shown or "no key"
