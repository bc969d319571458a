"""What a page says of its article in JSON-LD, the vocabulary of schema.org."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from index.errors import ArticleError
from index.formats.stated_fields import stated_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from index.formats.fields import ArticleFields

_ARTICLE_TYPES: Final = ("Article", "Posting", "Report")  # the ends of their names
_STATED: Final = ("headline", "author", "datePublished", "publisher")
_DEEPEST: Final = 4  # levels of objects and lists


def linked_fields(page: _Element) -> ArticleFields | None:
    """The fields of the first article that a page describes; None without one."""
    for script in page.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            loaded = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for described in _articles(loaded, _DEEPEST):
            stated: dict[str, Any] = {
                name: value for name, value in described.items() if name in _STATED
            }
            try:
                return stated_fields(stated)[0]
            except ArticleError:
                continue
    return None


def _articles(loaded: object, levels: int) -> Iterator[dict[str, Any]]:
    if levels and isinstance(loaded, list):
        for item in loaded:
            yield from _articles(item, levels - 1)
    elif levels and isinstance(loaded, dict):
        kinds = loaded.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(name, str) and name.endswith(_ARTICLE_TYPES) for name in names):
            yield loaded
        for name in ("@graph", "mainEntity"):
            yield from _articles(loaded.get(name), levels - 1)
