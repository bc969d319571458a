"""Corpus folder to articles, with every file that was skipped and why."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from index.errors import ArticleError, CorpusError, ReadingEndedError
from index.formats.control_characters import without_control_characters
from index.formats.raw_article import Entry
from index.formats.registry import FORMATS, read_entries
from index.records import Article, ArticleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.formats.fields import ArticleFields
    from index.formats.raw_article import RawArticle

MAX_ARTICLE_BYTES: Final = 16 * 1024 * 1024
MAX_DOCUMENT_BYTES: Final = 64 * 1024 * 1024  # isolated formats, with more than text in them
GOLD_FILE: Final = "gold.jsonl"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a line of one, that gave no article, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of the corpus: its path relative to the corpus folder, and its absolute path."""

    relative: str
    path: Path


def find_files(folder: Path) -> Iterator[CorpusFile | Skipped]:
    """Walk a corpus folder in a fixed order (by path).

    Hidden files and ``gold.jsonl`` at the top are passed over. A link out of the folder, or to a
    folder, is reported and not followed.

    Raises:
        CorpusError: If the folder is missing or is not a folder.
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
            reason = "its name is not UTF-8" if where != relative else _refusal(here / name, root)
            yield Skipped(where, reason) if reason else CorpusFile(relative, here / name)
    for error in unreadable:
        relative = Path(error.filename).relative_to(root).as_posix()
        yield Skipped(_printable(relative), f"cannot be read: {error.strerror}")


def _printable(relative: str) -> str:
    """A path with the bytes that are not UTF-8 as hex escapes."""
    return os.fsencode(relative).decode(errors="backslashreplace")


def _refusal(path: Path, root: Path) -> str | None:
    """The reason why a path is not read; None where it is."""
    if path.is_symlink():
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):  # RuntimeError: a circle, before Python 3.13
            return "a link that leads nowhere or in a circle"
        if not target.is_relative_to(root):
            return "a link that leads out of the corpus folder"
        if target.is_dir():
            return "a link to a folder; links are followed to files only"
    if not path.is_file():
        return "not a regular file"
    if path.suffix.lower() not in FORMATS:
        return f"no reader for '{path.suffix}' files; expected {', '.join(sorted(FORMATS))}"
    return None


def load_articles(folder: Path) -> Iterator[Article | Skipped]:
    """Read every article of a corpus folder, in a fixed order.

    Of two articles with the same id, the first in path order is kept; the other is reported with
    the names of both files.

    Raises:
        CorpusError: If the folder is missing or is not a folder.
    """
    seen: dict[str, str] = {}
    for file in find_files(folder):
        if isinstance(file, Skipped):
            yield file
            continue
        for item in FileReading(file):
            if isinstance(item, Article):
                article_id, first = item.info.id, seen.get(item.info.id)
                if first is not None:
                    yield Skipped(
                        item.info.path, f"its id '{article_id}' is already the id of {first}"
                    )
                    continue
                seen[article_id] = item.info.path
            yield item


class FileReading:
    """One pass over a file; iterating yields its articles and what was skipped.

    Attributes:
        sha256: The hash of the content, once iterated. None where the file could not be read or
            changed meanwhile, so that the next build must read it again.
    """

    def __init__(self, file: CorpusFile) -> None:
        self._file = file
        self._format = FORMATS[file.path.suffix.lower()]
        self._digest = hashlib.sha256()
        self.sha256: str | None = None

    def __iter__(self) -> Iterator[Article | Skipped]:
        relative = self._file.relative
        try:
            with self._file.path.open("rb") as opened:
                before = os.fstat(opened.fileno())
                if self._format.streamed:
                    yield from map(self._item, self._lines(opened))
                else:
                    yield from self._whole(opened, before.st_size)
                after = os.fstat(opened.fileno())
        except OSError as error:
            yield Skipped(relative, f"cannot be read: {error.strerror}")
        except ReadingEndedError as error:
            yield Skipped(relative, str(error))
        else:
            if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
                self.sha256 = self._digest.hexdigest()
            else:
                yield Skipped(relative, "it changed while it was being read; build once more")

    def _whole(self, opened: BinaryIO, size: int) -> Iterator[Article | Skipped]:
        """Read a file in one piece.

        Raises:
            OSError: If it cannot be read.
            ReadingEndedError: If something other than the file kept it from being read.
        """
        limit = MAX_DOCUMENT_BYTES if self._format.isolated else MAX_ARTICLE_BYTES
        if size > limit:
            reason = f"{size} bytes; a {self._format.suffix} file may have at most {limit}"
            yield Skipped(self._file.relative, reason)
            return
        raw = opened.read()
        self._digest.update(raw)
        try:
            yield from map(self._item, read_entries(self._format, raw))
        except ArticleError as error:
            yield Skipped(self._file.relative, str(error))

    def _lines(self, opened: BinaryIO) -> Iterator[Entry]:
        """Read a file line by line, an article a line.

        Raises:
            OSError: If it cannot be read.
        """
        number = 0
        while line := self._read_line(opened, MAX_ARTICLE_BYTES + 1):
            number += 1
            if len(line) > MAX_ARTICLE_BYTES and not line.endswith(b"\n"):
                size = len(line)
                while rest := self._read_line(opened, MAX_ARTICLE_BYTES):
                    size += len(rest)
                    if rest.endswith(b"\n"):
                        break
                reason = f"{size} bytes; an article may have at most {MAX_ARTICLE_BYTES}"
                yield Entry(number, ArticleError(reason))
            elif line.strip():
                try:
                    for entry in read_entries(self._format, line):
                        yield Entry(number, entry.content)
                except ArticleError as error:
                    yield Entry(number, error)

    def _read_line(self, opened: BinaryIO, limit: int) -> bytes:
        line = opened.readline(limit)
        self._digest.update(line)
        return line

    def _item(self, entry: Entry) -> Article | Skipped:
        """The article of an entry, or why there is none."""
        relative = self._file.relative
        where = f"{relative}:{entry.number}" if entry.number else relative
        if isinstance(entry.content, ArticleError):
            return Skipped(where, str(entry.content))
        try:
            return _checked_article(entry.content, place=where, most_bytes=MAX_ARTICLE_BYTES)
        except ArticleError as error:
            return Skipped(where, str(error))


def _checked_article(raw: RawArticle, *, place: str, most_bytes: int) -> Article:
    """Make an article of a raw one, once its text can be stored.

    Args:
        raw: Its text and metadata.
        place: Its place in the corpus, also its id where the metadata has none.
        most_bytes: The most bytes that its text may have as UTF-8.

    Raises:
        ArticleError: If the text is blank, too long or cannot be stored as UTF-8.
    """
    raw = without_control_characters(raw)
    fields, text = raw.fields, raw.text
    if not text.strip():
        raise ArticleError("empty: there is no text in it")
    article_id = place if fields.id is None else fields.id
    for name, value in (("text", text), ("id", article_id), *_texts(fields)):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ArticleError(
                f"field '{name}': a lone surrogate (half of a character) at offset {error.start}"
            ) from None
    stored = text.encode()
    if len(stored) > most_bytes:
        raise ArticleError(
            f"its text has {len(stored)} bytes; an article may have at most {most_bytes}"
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
        path=place,
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
