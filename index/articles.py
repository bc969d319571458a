"""Corpus folder -> articles, with every file that could not be read and why."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from index.errors import ArticleError, CorpusError
from index.formats.jsonl import read_json_line
from index.formats.markdown import read_markdown
from index.formats.plain import read_plain
from index.records import Article, ArticleInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.formats.fields import ArticleFields

MAX_ARTICLE_BYTES: Final = 16 * 1024 * 1024
GOLD_FILE: Final = "gold.jsonl"
_WHOLE_FILE: Final[dict[str, Callable[[bytes], tuple[ArticleFields, str]]]] = {
    ".md": read_markdown,
    ".txt": read_plain,
}
_LINES: Final = ".jsonl"
SUPPORTED: Final = (*sorted(_WHOLE_FILE), _LINES)


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
    """One pass over a file; iterating gives its articles and whatever is wrong with it.

    Attributes:
        sha256: Afterwards: the hash of what was read, or None where the file could not be read
            or changed meanwhile, so that it must be read again next time.
    """

    def __init__(self, file: CorpusFile) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.sha256: str | None = None

    def __iter__(self) -> Iterator[Article | Skipped]:
        path = self._file.path
        try:
            with path.open("rb") as opened:
                before = os.fstat(opened.fileno())
                if path.suffix.lower() == _LINES:
                    yield from self._lines(opened)
                else:
                    yield self._whole(opened, before.st_size)
                after = os.fstat(opened.fileno())
        except OSError as error:
            yield Skipped(self._file.relative, f"cannot be read: {error.strerror}")
            return
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            self.sha256 = self._digest.hexdigest()
        else:
            yield Skipped(
                self._file.relative, "it changed while it was being read; build once more"
            )

    def _whole(self, opened: BinaryIO, size: int) -> Article | Skipped:
        relative = self._file.relative
        if size > MAX_ARTICLE_BYTES:
            return Skipped(relative, _too_large(size))
        raw = opened.read()
        self._digest.update(raw)
        try:
            fields, text = _WHOLE_FILE[self._file.path.suffix.lower()](raw)
            return _article(fields, text, default_id=relative, path=relative)
        except ArticleError as error:
            return Skipped(relative, str(error))

    def _lines(self, opened: BinaryIO) -> Iterator[Article | Skipped]:
        number = 0
        while line := self._read_line(opened, MAX_ARTICLE_BYTES + 1):
            number += 1
            where = f"{self._file.relative}:{number}"
            if len(line) > MAX_ARTICLE_BYTES and not line.endswith(b"\n"):
                size = len(line)
                while rest := self._read_line(opened, MAX_ARTICLE_BYTES):
                    size += len(rest)
                    if rest.endswith(b"\n"):
                        break
                yield Skipped(where, _too_large(size))
            elif line.strip():
                try:
                    yield _article(*read_json_line(line), default_id=where, path=where)
                except ArticleError as error:
                    yield Skipped(where, str(error))

    def _read_line(self, opened: BinaryIO, limit: int) -> bytes:
        line = opened.readline(limit)
        self._digest.update(line)
        return line


def _too_large(size: int) -> str:
    return f"{size} bytes; an article may have at most {MAX_ARTICLE_BYTES}"


def _article(fields: ArticleFields, text: str, *, default_id: str, path: str) -> Article:
    """Put an article together.

    Raises:
        ArticleError: If the text is blank or cannot be stored as UTF-8.
    """
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
    info = ArticleInfo(
        id=article_id,
        title=fields.title,
        url=fields.url,
        source=fields.source,
        author=fields.author,
        published_at=fields.published_at,
        tags=tuple(dict.fromkeys(fields.tags)),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        path=path,
    )
    return Article(info=info, text=text)


def _texts(fields: ArticleFields) -> Iterator[tuple[str, str]]:
    for name in ("title", "url", "source", "author"):
        value = getattr(fields, name)
        if value is not None:
            yield name, value
    for tag in fields.tags:
        yield "tags", tag
