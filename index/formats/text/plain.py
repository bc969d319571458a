"""Plain text (.txt): the whole file is the text; headers and a byline above it are read too."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from index.formats.bylines import byline_names
from index.formats.encodings import decode_detected
from index.formats.raw_article import RawArticle
from index.formats.stated_fields import stated_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER: Final = re.compile(
    r"(?P<name>title|headline|author|byline|by|date|published|source|url)[ \t]*:[ \t]+"
    r"(?P<value>\S.*)",
    re.IGNORECASE,
)
_BYLINE_WITHIN: Final = 4  # lines that are not blank
_HEADLINE_WORDS: Final = 20
_HEAD: Final = 4000  # characters


def read_plain(raw: bytes) -> RawArticle:
    """Read a text file.

    At least two lines such as ``Title: ...`` that begin it are metadata; else a byline in its
    first lines names the author, and the line above it is the title. They stay in the text.

    Raises:
        ArticleError: If the encoding cannot be detected.
    """
    text = decode_detected(raw)
    lines = [line.strip() for line in text[:_HEAD].splitlines() if line.strip()]
    headers = dict(_headers(lines))
    fields, left_out = stated_fields(headers if len(headers) > 1 else _byline(lines))
    return RawArticle(fields, text, left_out=left_out)


def _headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        match = _HEADER.match(line)
        if match is None:
            return
        name = match["name"].lower()
        yield "author" if name == "by" else name, match["value"].strip()


def _byline(lines: list[str]) -> dict[str, str]:
    """The author that a byline names, and the title above it."""
    for at, line in enumerate(islice(lines, 1, _BYLINE_WITHIN), start=1):
        names = byline_names(line)
        if names is None:
            continue
        stated = {"author": names}
        if at == 1 and len(lines[0].split()) <= _HEADLINE_WORDS and lines[0][-1] != ".":
            stated["title"] = lines[0]
        return stated
    return {}
