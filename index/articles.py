"""Corpus folder -> articles, with every file that could not be read and why."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import ArticleError, CorpusError
from index.formats.csv_table import read_csv
from index.formats.documents import DocumentReader
from index.formats.jsonl import read_json_line
from index.formats.markdown import read_markdown
from index.formats.parser import READERS
from index.formats.plain import read_plain
from index.formats.raw_article import Entry, RawArticle
from index.records import Article, ArticleInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from index.formats.fields import ArticleFields

MAX_ARTICLE_BYTES: Final = 16 * 1024 * 1024
MAX_DOCUMENT_BYTES: Final = 64 * 1024 * 1024  # of a format that holds more than text
GOLD_FILE: Final = "gold.jsonl"
_WHOLE_FILE: Final[dict[str, Callable[[bytes], RawArticle]]] = {
    ".md": read_markdown,
    ".txt": read_plain,
}
_TABLE: Final = ".csv"
_LINES: Final = ".jsonl"
SUPPORTED: Final = tuple(sorted((*_WHOLE_FILE, _TABLE, _LINES, *READERS)))
_DOCUMENTS: Final = DocumentReader()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a line of one, that did not become an article, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file of the corpus: its path relative to the folder, and where it really is."""

    relative: str
    path: Path


def find_files(folder: Path) -> Iterator[CorpusFile | Skipped]:
    """Walk a corpus folder in a fixed order (by path).

    Hidden files and ``gold.jsonl`` at the top are passed over; a link that leads out of the
    folder, or to a folder, is reported and not followed.

    Raises:
        CorpusError: If the folder is not there or is not a folder.
    """
    if not folder.is_dir():
        raise CorpusError(f"corpus folder {folder}: not a folder; expected one with articles in it")
    root = folder.resolve()
    unreadable: list[OSError] = []
    for directory, names, files in os.walk(root, onerror=unreadable.append):
        here = Path(directory)
        names.sort()
        linked = [name for name in names if (here / name).is_symlink()]
        names[:] = [name for name in names if name not in linked and not name.startswith(".")]
        for name in sorted([*files, *linked]):
            relative = (here / name).relative_to(root).as_posix()
            if name.startswith(".") or relative == GOLD_FILE:
                continue
            where = _printable(relative)
            reason = "its name is not UTF-8" if where != relative else _refuse(here / name, root)
            yield Skipped(where, reason) if reason else CorpusFile(relative, here / name)
    for error in unreadable:
        relative = Path(error.filename).relative_to(root).as_posix()
        yield Skipped(_printable(relative), f"cannot be read: {error.strerror}")


def _printable(relative: str) -> str:
    """Write the bytes of a path that are not UTF-8 as hex escapes."""
    return os.fsencode(relative).decode(errors="backslashreplace")


def _refuse(path: Path, root: Path) -> str | None:
    """Say why a path is not read, or None where it is."""
    if path.is_symlink():
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):  # the latter for a circle, before Python 3.13
            return "a link that leads nowhere or in a circle"
        if not target.is_relative_to(root):
            return "a link that leads out of the corpus folder"
        if target.is_dir():
            return "a link to a folder; links are followed to files only"
    if not path.is_file():
        return "not a regular file"
    if path.suffix.lower() not in SUPPORTED:
        return f"no reader for '{path.suffix}' files; expected {', '.join(SUPPORTED)}"
    return None


def load_articles(folder: Path) -> Iterator[Article | Skipped]:
    """Read every article of a corpus folder, in a fixed order.

    Of two articles with one id the first in path order is kept; the other is reported with the
    names of both files.

    Raises:
        CorpusError: If the folder is not there or is not a folder.
    """
    seen: dict[str, str] = {}
    for file in find_files(folder):
        if isinstance(file, Skipped):
            yield file
            continue
        for item in read_file(file):
            if isinstance(item, Article):
                article_id, first = item.info.id, seen.get(item.info.id)
                if first is not None:
                    yield Skipped(
                        item.info.path, f"its id '{article_id}' is already the id of {first}"
                    )
                    continue
                seen[article_id] = item.info.path
            yield item


def read_file(file: CorpusFile) -> Iterator[Article | Skipped]:
    """Read the articles of one file; whatever is wrong with it is reported, not raised."""
    try:
        if file.path.suffix.lower() == _LINES:
            yield from _read_lines(file)
            return
        yield from _read_whole(file)
    except ArticleError as error:
        yield Skipped(file.relative, str(error))
    except OSError as error:
        yield Skipped(file.relative, f"cannot be read: {error.strerror}")


def _read_whole(file: CorpusFile) -> Iterator[Article | Skipped]:
    """Read a file that has to be read in one piece.

    Raises:
        ArticleError: If the file as a whole is wrong.
        OSError: If it cannot be read.
    """
    suffix = file.path.suffix.lower()
    limit = MAX_DOCUMENT_BYTES if suffix in READERS else MAX_ARTICLE_BYTES
    size = file.path.stat().st_size
    if size > limit:
        raise ArticleError(f"{size} bytes; a {suffix} file may have at most {limit}")
    for entry in _entries(suffix, file.path.read_bytes()):
        where = f"{file.relative}:{entry.number}" if entry.number else file.relative
        try:
            if isinstance(entry.content, ArticleError):
                raise entry.content
            yield _article(entry.content, default_id=where, path=where)
        except ArticleError as error:
            yield Skipped(where, str(error))


def _entries(suffix: str, raw: bytes) -> Iterable[Entry]:
    """Read the articles of a file; the only one has the number 0.

    Raises:
        ArticleError: If the file as a whole is wrong.
    """
    if suffix in READERS:
        return _DOCUMENTS.read(suffix, raw)
    if suffix == _TABLE:
        return read_csv(raw)
    return [Entry(0, _WHOLE_FILE[suffix](raw))]


def _read_lines(file: CorpusFile) -> Iterator[Article | Skipped]:
    with file.path.open("rb") as lines:
        number = 0
        while line := lines.readline(MAX_ARTICLE_BYTES + 1):
            number += 1
            where = f"{file.relative}:{number}"
            if len(line) > MAX_ARTICLE_BYTES and not line.endswith(b"\n"):
                size = len(line)
                while rest := lines.readline(MAX_ARTICLE_BYTES):
                    size += len(rest)
                    if rest.endswith(b"\n"):
                        break
                yield Skipped(
                    where, f"{size} bytes; an article may have at most {MAX_ARTICLE_BYTES}"
                )
            elif line.strip():
                try:
                    yield _article(read_json_line(line), default_id=where, path=where)
                except ArticleError as error:
                    yield Skipped(where, str(error))


def _article(raw: RawArticle, *, default_id: str, path: str) -> Article:
    """Put an article together.

    Raises:
        ArticleError: If the text is blank, too long or cannot be stored as UTF-8.
    """
    fields, text = raw.fields, raw.text
    if not text.strip():
        raise ArticleError("empty: there is no text in it")
    article_id = default_id if fields.id is None else fields.id
    for name, value in (("text", text), ("id", article_id), *_texts(fields)):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ArticleError(
                f"field '{name}': a lone surrogate (half of a character) at offset {error.start}"
            ) from None
    stored = text.encode()
    if len(stored) > MAX_ARTICLE_BYTES:
        raise ArticleError(
            f"its text has {len(stored)} bytes; an article may have at most {MAX_ARTICLE_BYTES}"
        )
    info = ArticleInfo(
        id=article_id,
        title=fields.title,
        url=fields.url,
        source=fields.source,
        author=fields.author,
        published_at=fields.published_at,
        tags=tuple(dict.fromkeys(fields.tags)),
        sha256=hashlib.sha256(stored).hexdigest(),
        path=path,
        pages=raw.pages,
    )
    return Article(info=info, text=text)


def _texts(fields: ArticleFields) -> Iterator[tuple[str, str]]:
    for name in ("title", "url", "source", "author"):
        value = getattr(fields, name)
        if value is not None:
            yield name, value
    for tag in fields.tags:
        yield "tags", tag
