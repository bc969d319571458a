"""Markdown (.md): front matter in YAML, TOML or JSON, then the text."""

from __future__ import annotations

import re
from typing import Final

from index.formats.encodings import decode_detected
from index.formats.raw_article import RawArticle
from index.formats.stated_fields import stated_fields
from index.formats.text.fences import Fences
from index.formats.text.front_matter import read_front_matter
from index.formats.text.markdown_tables import rewrite_tables
from index.formats.text.site_syntax import as_shown

_LINE: Final = re.compile(r"[^\r\n]+")
_TITLE_LINE: Final = re.compile(
    r" {0,3}#[ \t]+(?P<title>[^\s][^\r\n]*?)(?:(?<![ \t])[ \t]++#++)?(?:(?<![ \t])[ \t]++)?\Z"
)


def read_markdown(raw: bytes) -> RawArticle:
    """Read a Markdown file; its text begins after the front matter and the blank lines there.

    Syntax of site generators and note programs goes. Tables are rewritten as lists in which each
    cell stands after the heading of its column.

    Without a title in the front matter, it is the first level-one heading. An invalid value there
    is left out and named.

    Raises:
        ArticleError: If the encoding cannot be detected, or the id is invalid.
    """
    content = decode_detected(raw)
    matter = read_front_matter(content)
    shown, unshown = as_shown(content[matter.end :])
    text = rewrite_tables(shown)
    fields, left_out = stated_fields(matter.values)
    if fields.title is None and (title := _first_heading(text)) is not None:
        fields = fields.model_copy(update={"title": title})
    named = tuple(f"front matter: {message}" for message in left_out)
    return RawArticle(fields, text, left_out=(*matter.left_out, *named, *unshown))


def _first_heading(text: str) -> str | None:
    """The words of the first level-one heading that is not a comment in code."""
    fences = Fences()
    for line in _LINE.finditer(text):
        code, _ = fences.step(line[0])
        if not code and (heading := _TITLE_LINE.match(line[0])) is not None:
            return heading["title"]
    return None
