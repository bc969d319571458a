"""One file of the corpus to its articles, with what was skipped and why."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO, Final

from index.errors import ArticleError, ReadingEndedError
from index.formats.raw_article import MAX_TEXT_BYTES, Entry
from index.formats.registry import FORMATS, read_entries
from index.formats.text.jsonl import is_line_by_line
from index.loading.article_making import ArticleMaker
from index.loading.corpus_folder import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.loading.corpus_folder import CorpusFile
    from index.records import Article

_BLOCK_BYTES: Final = 1024 * 1024  # of lines that are parsed at a time


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
        self._maker = ArticleMaker(file, self._format)
        self.sha256: str | None = None

    def __iter__(self) -> Iterator[Article | Skipped]:
        relative = self._file.relative
        empty = True
        try:
            with self._file.path.open("rb") as opened:
                before = os.fstat(opened.fileno())
                for item in self._items(opened, before.st_size):
                    empty = False
                    yield item
                after = os.fstat(opened.fileno())
        except OSError as error:
            yield Skipped(relative, f"cannot be read: {error.strerror}")
        except ReadingEndedError as error:
            yield Skipped(relative, str(error))
        else:
            if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
                self.sha256 = self._digest.hexdigest()
                if empty:
                    yield Skipped(relative, "empty: there is no article in it")
            else:
                yield Skipped(relative, "it changed while it was being read; build once more")

    def _items(self, opened: BinaryIO, size: int) -> Iterator[Article | Skipped]:
        """Read the file.

        Raises:
            OSError: If it cannot be read.
            ReadingEndedError: If something other than the file kept it from being read.
        """
        if self._format.streamed:
            head = opened.read(_BLOCK_BYTES)
            opened.seek(0)
            if is_line_by_line(head):
                for entries in self._blocks(opened):
                    yield from self._maker.articles(entries)
                return
        if size > self._format.max_bytes:
            reason = (
                f"{size} bytes; a {self._format.suffix} file may have at most "
                f"{self._format.max_bytes}"
            )
            yield Skipped(self._file.relative, reason)
            return
        raw = opened.read()
        self._digest.update(raw)
        try:
            entries = list(read_entries(self._format, raw))
        except ArticleError as error:
            yield Skipped(self._file.relative, str(error))
        else:
            yield from self._maker.articles(entries)

    def _blocks(self, opened: BinaryIO) -> Iterator[list[Entry]]:
        """Read the file some lines at a time, an article a line.

        Raises:
            OSError: If it cannot be read.
            ReadingEndedError: If something other than the file kept it from being read.
        """
        before = 0  # lines
        lines: list[bytes] = []
        size = 0
        while line := self._read_line(opened, MAX_TEXT_BYTES + 1):
            if len(line) > MAX_TEXT_BYTES and not line.endswith(b"\n"):
                yield self._parse(lines, before)
                before += len(lines) + 1
                lines, size = [], 0
                yield [Entry(before, self._too_long(opened, len(line)))]
                continue
            lines.append(line)
            size += len(line)
            if size >= _BLOCK_BYTES:
                yield self._parse(lines, before)
                before += len(lines)
                lines, size = [], 0
        yield self._parse(lines, before)

    def _parse(self, lines: list[bytes], before: int) -> list[Entry]:
        """Parse lines, each alone where something is wrong with them together."""
        if not lines:
            return []
        try:
            entries = list(read_entries(self._format, b"".join(lines)))
        except ArticleError as error:
            if len(lines) == 1:
                return [Entry(before + 1, error)]
            return [
                entry
                for number, line in enumerate(lines, start=before)
                for entry in self._parse([line], number)
            ]
        return [Entry(before + entry.number, entry.content) for entry in entries]

    def _too_long(self, opened: BinaryIO, size: int) -> ArticleError:
        """Pass over the rest of a line."""
        while rest := self._read_line(opened, MAX_TEXT_BYTES):
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        return ArticleError(f"{size} bytes; an article may have at most {MAX_TEXT_BYTES}")

    def _read_line(self, opened: BinaryIO, limit: int) -> bytes:
        line = opened.readline(limit)
        self._digest.update(line)
        return line
