"""Writing articles into a corpus folder: whole files, in place at once or not at all."""

from __future__ import annotations

import io
import json
import os
import shutil
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Self

from index.errors import ArticleConflictError, ArticleError, CorpusWriteError
from index.formats.fields import id_fault
from index.formats.registry import FORMATS, MAX_DOCUMENT_BYTES, format_fault
from index.formats.text.jsonl import is_line_by_line
from index.loading.articles import load_articles
from index.loading.corpus_folder import (
    ALIAS_FILE,
    GOLD_FILE,
    LOCAL_GOLD_FILE,
    SIDECAR,
    CorpusFile,
    Skipped,
    file_of,
)
from index.loading.file_reading import FileReading
from index.records import Article
from index.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INCOMING: Final = ".incoming-"
_LONGEST_NAME: Final = 200  # bytes; file systems take 255
_LINES: Final = ".jsonl"


def check_file_name(name: str) -> None:
    """Check that a name given by a client can be that of an article file.

    Raises:
        ArticleError: If it has a folder in it, is hidden, too long, or of no known format.
    """
    fault = None
    if not name.isprintable() or any(mark in name for mark in '/\\:*?"<>|'):
        fault = 'expected a name without folders, control characters and :*?"<>|'
    elif name.startswith((".", " ")) or name.endswith((".", " ")):
        fault = "expected a name that neither begins nor ends with a dot or a space"
    elif len(name.encode(errors="replace")) > _LONGEST_NAME:
        fault = f"expected at most {_LONGEST_NAME} bytes of name"
    elif not name.endswith(SIDECAR):
        fault = format_fault(Path(name).suffix)
    if fault is not None:
        raise ArticleError(f"file {name[:100]!r}: {fault}")


class IncomingFiles:
    """Files on their way into a corpus folder, in a hidden folder of it that builds pass over.

    A context manager; what has not been put in place by its end is removed. One at a time may be
    open in a corpus folder: what a process left there that was killed is removed at the beginning.

    Args:
        corpus_dir: The corpus folder.
        folder: The folder in it that files go to, relative to it; made where it is missing.

    Raises:
        CorpusWriteError: If the folder cannot be written to.
    """

    def __init__(self, corpus_dir: Path, folder: Path = Path()) -> None:
        self._corpus = corpus_dir
        self._folder = folder
        self._root = corpus_dir / f"{_INCOMING}{uuid.uuid4().hex[:8]}"
        self._files: list[str] = []

    def __enter__(self) -> Self:
        with _write_errors(self._corpus):
            for leftover in self._corpus.glob(f"{_INCOMING}*"):
                shutil.rmtree(leftover)
            self._root.mkdir()
        return self

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self._root, ignore_errors=True)

    @property
    def files(self) -> tuple[str, ...]:
        """The files, relative to the corpus folder."""
        return tuple(self._files)

    def add(self, name: str, content: BinaryIO) -> str:
        """Take in a file under a name that `check_file_name` has passed.

        Returns:
            Its path relative to the corpus folder, with forward slashes.

        Raises:
            ArticleError: If it would take the place of a file that is no article.
        """
        return self.add_at((self._folder / name).as_posix(), content)

    def add_at(self, relative: str, content: BinaryIO) -> str:
        """Take in a file under its path relative to the corpus folder; see `add`."""
        if relative.casefold() in (GOLD_FILE, LOCAL_GOLD_FILE, ALIAS_FILE):
            raise ArticleError(f"file '{relative}': its place is kept for something else")
        if relative in self._files:
            raise ArticleError(f"file '{relative}': sent twice")
        with _write_errors(self._corpus):
            path = self._root / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                shutil.copyfileobj(content, file)
                file.flush()
                os.fsync(file.fileno())
        self._files.append(relative)
        return relative

    def read(self) -> Iterator[Article | Skipped]:
        """Read their articles as a build will."""
        return load_articles(self._root)

    def drop(self, relative: str) -> None:
        """Leave out a file."""
        (self._root / relative).unlink()
        self._files.remove(relative)

    def put(self, *, replacing: Sequence[str] = ()) -> None:
        """Put the files in their places; where one cannot be, those before are taken back.

        Args:
            replacing: Files of the corpus that may be replaced.

        Raises:
            ArticleConflictError: If another file is there already.
            CorpusWriteError: If the folder cannot be written to.
        """
        for relative in self._files:
            if relative not in replacing and os.path.lexists(self._corpus / relative):
                raise ArticleConflictError(f"file '{relative}': there is one of this name already")
        placed: list[Path] = []
        with _write_errors(self._corpus):
            try:
                for relative in self._files:
                    target = self._corpus / relative
                    target.parent.mkdir(parents=True, exist_ok=True)
                    (self._root / relative).replace(target)
                    if relative not in replacing:
                        placed.append(target)
                for folder in {(self._corpus / relative).parent for relative in self._files}:
                    sync(folder)
            except OSError:
                for target in placed:
                    with suppress(OSError):
                        target.unlink()
                raise


def article_line(article: dict[str, Any]) -> bytes:
    """An article as a line of a JSON Lines file.

    Raises:
        ArticleError: If its id is one that no address can hold.
    """
    fault = id_fault(article["id"])
    if fault is not None:
        raise ArticleError(f"id: {fault}")
    return json.dumps(article, ensure_ascii=True).encode() + b"\n"


class ArticleFile:
    """A file of the corpus as it is now, and the place of one article in it.

    Args:
        corpus_dir: The corpus folder.
        place: Where the article was when it was last read; see `index.records.ArticleInfo.path`.
        article_id: Its id.

    Raises:
        ArticleConflictError: If the file is too large to look through, or no longer holds the
            article.
    """

    def __init__(self, corpus_dir: Path, place: str, article_id: str) -> None:
        self.relative = file_of(place)
        self._corpus = corpus_dir
        self._id = article_id
        self.path = corpus_dir / self.relative
        root = corpus_dir.resolve()
        if not self.path.resolve().is_relative_to(root) or not self.path.is_file():
            raise self._moved()
        if self.path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise ArticleConflictError(
                f"article '{article_id}': its file '{self.relative}' is larger than "
                f"{MAX_DOCUMENT_BYTES} bytes; change it in the folder"
            )
        items = list(FileReading(CorpusFile(self.relative, self.path, self._sidecar())))
        articles = [item for item in items if isinstance(item, Article)]
        line = next((item.info.path for item in articles if item.info.id == article_id), None)
        if line is None:
            raise self._moved()
        self.is_alone = len(items) == 1
        self._number = int(line.rpartition(":")[2]) if line != self.relative else 0

    def _moved(self) -> ArticleConflictError:
        return ArticleConflictError(
            f"article '{self._id}': '{self.relative}' has changed since it was indexed and does "
            "not hold it any more; rebuild the index"
        )

    def _sidecar(self) -> Path | None:
        return next((path for path in self._sidecars() if path.is_file()), None)

    def _sidecars(self) -> list[Path]:
        names = (self.path.name, self.path.stem)
        return [self.path.with_name(f"{name}{SIDECAR}") for name in names]

    def with_line(self, line: bytes) -> bytes:
        """The file with another line in the place of the article's, which may be empty.

        Raises:
            ArticleConflictError: If it is no file of an article a line.
        """
        content = self.path.read_bytes()
        if self.path.suffix.lower() != _LINES or not is_line_by_line(content):
            raise ArticleConflictError(
                f"article '{self._id}': one of several in '{self.relative}', which holds no "
                "article a line; change that file, and send it anew with 'replace'"
            )
        lines, at = content.split(b"\n"), self._number - 1
        lines[at : at + 1] = [line.removesuffix(b"\n")] if line else []
        return b"\n".join(lines)

    def check_removable(self) -> None:
        """Check that the article can be taken out of its file.

        Raises:
            ArticleConflictError: If the file holds others, and not an article a line.
        """
        if not self.is_alone:
            self.with_line(b"")

    def remove(self) -> None:
        """Take the article out of the file; where it is alone, remove the file and its metadata.

        Raises:
            ArticleConflictError: If the file holds others, and not an article a line.
            CorpusWriteError: If the folder cannot be written to.
        """
        if not self.is_alone:
            rest = self.with_line(b"")
            with IncomingFiles(self._corpus) as incoming:
                incoming.add_at(self.relative, io.BytesIO(rest))
                incoming.put(replacing=(self.relative,))
            return
        with _write_errors(self._corpus):
            self.path.unlink()
            own, of_stem = self._sidecars()
            own.unlink(missing_ok=True)
            stem = f"{self.path.stem}."
            others = [
                path
                for path in self.path.parent.iterdir()
                if path.name.startswith(stem) and path.suffix.lower() in FORMATS
            ]
            if not others:
                of_stem.unlink(missing_ok=True)
            sync(self.path.parent)


@contextmanager
def _write_errors(corpus_dir: Path) -> Iterator[None]:
    """Turn an error of the system into a `CorpusWriteError` that says what to do."""
    try:
        yield
    except OSError as error:
        raise CorpusWriteError(
            f"corpus folder: it cannot be written to ({error.strerror}); check that "
            f"'{corpus_dir.name}' is writable and its disk has room"
        ) from error
