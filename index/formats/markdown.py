"""Markdown (.md): YAML front matter between two ``---`` lines, then the text."""

from __future__ import annotations

import re

import yaml

from index.errors import ArticleError
from index.formats.encodings import decode_utf8
from index.formats.fields import ArticleFields, parse_fields
from index.formats.raw_article import RawArticle

_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*")
_TITLE_LINE = re.compile(
    r"(?<![^\r\n])#[ \t]+(?P<title>[^\s][^\r\n]*?)"
    r"(?:(?<![ \t])[ \t]++#++)?(?:(?<![ \t])[ \t]++)?(?![^\r\n])"
)
_FRONT_MATTER_LIMIT = 64 * 1024


def read_markdown(raw: bytes) -> RawArticle:
    """Read a Markdown file; its text begins after the front matter and the blank lines there.

    Without a title in the front matter, it is the first level-one heading.

    Raises:
        ArticleError: If the file is not UTF-8 or its front matter is broken.
    """
    content = decode_utf8(raw)
    opening = _OPENING.match(content)
    if opening is None:
        fields, text = ArticleFields(), content
    else:
        closing = _CLOSING.search(content, opening.end())
        if closing is None:
            raise ArticleError("front matter: the closing '---' line is missing")
        fields = _parse_front_matter(content[opening.end() : closing.start()])
        blank = _BLANK_LINES.match(content, closing.end())
        text = content[blank.end() if blank is not None else closing.end() :]
    if fields.title is None and (heading := _TITLE_LINE.search(text)) is not None:
        fields = fields.model_copy(update={"title": heading["title"]})
    return RawArticle(fields, text)


def _parse_front_matter(block: str) -> ArticleFields:
    if len(block) > _FRONT_MATTER_LIMIT:
        raise ArticleError(
            f"front matter: {len(block)} characters, at most {_FRONT_MATTER_LIMIT} are read"
        )
    try:
        loaded = yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError, LookupError, AttributeError) as error:
        # The library raises the last two for a malformed `!!bool x` or `!!timestamp x`.
        raise ArticleError(f"front matter: {_one_line(error)}") from None
    if loaded is None:
        return ArticleFields()
    if not isinstance(loaded, dict):
        raise ArticleError(
            f"front matter: expected 'key: value' lines, got {type(loaded).__name__}"
        )
    try:
        return parse_fields({str(key): value for key, value in loaded.items()})
    except ArticleError as error:
        raise ArticleError(f"front matter: {error}") from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
