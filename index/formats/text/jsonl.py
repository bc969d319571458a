"""JSON Lines (.jsonl): an article a line, or an array of them; only its text is required."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from index.errors import ArticleError
from index.formats.encodings import decode_detected, decode_utf8
from index.formats.raw_article import Entry
from index.formats.text.json_articles import read_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.formats.raw_article import RawArticle

_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")  # of UTF-16 and UTF-32


def is_line_by_line(head: bytes) -> bool:
    """Whether a file that begins with these bytes can be read some lines at a time.

    An array and a file in another encoding than UTF-8 must be seen as a whole.
    """
    if head.startswith(_WIDE_MARKS) or head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[":
        return False
    try:
        # The last character may be cut.
        head[: head.rfind(b"\n") + 1].decode()
    except UnicodeDecodeError:
        return False
    return True


def read_jsonl(raw: bytes) -> Iterator[Entry]:
    """Read lines of a JSON Lines file, or a whole file that is an array of articles.

    Entries are numbered from 1, by line or place in the array. A malformed one is reported and the
    next one read.
    """
    if raw.startswith(_WIDE_MARKS):
        lines = decode_detected(raw).split("\n")
        decoded: list[str | ArticleError] = list(lines)
    else:
        decoded = _decode_lines(raw.split(b"\n"))
    array = _array(decoded)
    if array is not None:
        for number, item in enumerate(array, start=1):
            yield Entry(number, read_article(item))
        return
    for number, line in enumerate(decoded, start=1):
        if isinstance(line, ArticleError):
            yield Entry(number, line)
        elif line.strip():
            yield Entry(number, _read_line(line))


def _decode_lines(lines: list[bytes]) -> list[str | ArticleError]:
    """Decode lines as UTF-8.

    Where no line has other characters of UTF-8 than those of ASCII, the others are of one other
    encoding; else they are damaged.
    """
    decoded: list[str | ArticleError] = []
    others: list[int] = []
    for line in lines:
        try:
            decoded.append(decode_utf8(line))
        except ArticleError as error:
            others.append(len(decoded))
            decoded.append(error)
    if others and all(isinstance(line, ArticleError) or line.isascii() for line in decoded):
        try:
            texts = decode_detected(b"\n".join(lines[at] for at in others)).split("\n")
        except ArticleError:
            return decoded
        if len(texts) == len(others):
            for at, text in zip(others, texts, strict=True):
                decoded[at] = text
    return decoded


def _array(lines: list[str | ArticleError]) -> list[object] | None:
    """The items of a file that is a JSON array; None if it is lines."""
    first = next((line for line in lines if isinstance(line, ArticleError) or line.strip()), None)
    if not isinstance(first, str) or not first.lstrip().startswith("["):
        return None
    whole = [line for line in lines if isinstance(line, str)]
    if len(whole) < len(lines):
        return None
    try:
        loaded = json.loads("\n".join(whole))
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, list) else None


def _read_line(line: str) -> RawArticle | ArticleError:
    try:
        return read_article(json.loads(line))
    except (ValueError, RecursionError) as error:
        return ArticleError(f"not JSON: {error}")
