"""JSON Lines (.jsonl): one article a line; only ``text`` is required."""

from __future__ import annotations

import json

from index.errors import ArticleError
from index.formats.encodings import decode_utf8
from index.formats.fields import parse_fields
from index.formats.raw_article import RawArticle


def read_json_line(raw: bytes) -> RawArticle:
    """Read one line of a JSON Lines file.

    Raises:
        ArticleError: If the line is not UTF-8, not a JSON object, or has an invalid field.
    """
    try:
        loaded = json.loads(decode_utf8(raw))
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"not JSON: {error}") from None
    if not isinstance(loaded, dict):
        raise ArticleError(f"expected a JSON object, got {type(loaded).__name__}")
    text = loaded.pop("text", None)
    if not isinstance(text, str):
        raise ArticleError("field 'text': required, and it must be a string")
    return RawArticle(parse_fields(loaded), text)
