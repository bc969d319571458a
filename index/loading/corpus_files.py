"""The corpus files of a build: their state when it read them, and what each of them gave."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from index.errors import CorpusError
from index.loading.corpus_folder import CorpusFile, Skipped, find_files
from index.sqlite_uri import read_only_uri

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SCHEMA: Final = """
CREATE TABLE entries (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    refused TEXT,
    size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER,
    sha256 TEXT,
    sidecar TEXT, sidecar_sha256 TEXT,
    alone INTEGER NOT NULL
);
CREATE TABLE items (
    entry INTEGER NOT NULL,
    article_id TEXT,
    place TEXT, reason TEXT
);
CREATE INDEX entries_by_path ON entries (path);
CREATE INDEX items_by_entry ON items (entry);
CREATE TEMP TABLE unchanged (number INTEGER PRIMARY KEY);
"""
# On any file system, two changes within this time may leave the same time stamp.
_TIME_STAMP_GRAIN_NS: Final = 2_000_000_000
_Stamps = tuple[int | None, int | None, int | None]
_NO_STAMPS: Final[_Stamps] = (None, None, None)


def is_folder(path: Path) -> bool:
    """Whether a folder is there; False where this process may not look."""
    try:
        return path.is_dir()
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to be indexed, and whether it is unchanged since the previous generation."""

    number: int
    file: CorpusFile
    unchanged: bool
    sha256: str | None


class FileRecords:
    """The file records of an earlier build; read-only, for one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(read_only_uri(path), uri=True, check_same_thread=False)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM entries").fetchone()[0])

    def entry(self, path: str) -> tuple[Any, ...] | None:
        """Look up a path; None where it is new.

        Returns:
            Why it was refused, size, time stamps, hash, name and hash of its sidecar, and whether
            what the file gave depended on it alone, not on others (which had taken its ids, say).
        """
        row: tuple[Any, ...] | None = self._connection.execute(
            "SELECT refused, size, mtime_ns, ctime_ns, sha256, sidecar, sidecar_sha256, alone "
            "FROM entries WHERE path = ?",
            (path,),
        ).fetchone()
        return row

    def items(self, path: str) -> list[str | Skipped]:
        """What a file gave, in order: ids of articles, and what was skipped."""
        rows = self._connection.execute(
            "SELECT i.article_id, i.place, i.reason FROM items i "
            "JOIN entries e ON e.number = i.entry WHERE e.path = ? ORDER BY i.rowid",
            (path,),
        )
        return [
            Skipped(place, reason) if article_id is None else article_id
            for article_id, place, reason in rows
        ]


class CorpusPlan:
    """The files of a corpus in indexing order, kept on disk.

    The constructor walks the folder once. A file counts as unchanged if it has the same size and
    time stamps, or else the same hash.

    Args:
        path: The file of the plan, which `FileRecords` reads once the build is done.
        folder: The corpus folder.
        previous: The records of the previous generation, where its work can be reused.

    Raises:
        CorpusError: If the folder is missing or is not a folder.
    """

    def __init__(self, path: Path, folder: Path, previous: FileRecords | None) -> None:
        self._folder = folder
        self._identity = _identity(folder)
        self._connection = sqlite3.connect(path)
        self._connection.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA} BEGIN;"
        )
        try:
            self._fill(previous)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error_type: object, error: object, trace: object) -> None:
        if error_type is None:
            self._connection.commit()
        self._connection.close()

    def _fill(self, previous: FileRecords | None) -> None:
        now = time.time_ns()
        kept = number = 0
        for number, file in enumerate(find_files(self._folder), start=1):
            stamps = _NO_STAMPS if isinstance(file, Skipped) else _stamps(file.path)
            path, refused = (
                (file.where, file.reason) if isinstance(file, Skipped) else (file.relative, None)
            )
            sidecar = _sidecar(file)
            before = None if previous is None else previous.entry(path)
            same, sha256, alone = False, None, True
            if before is not None:
                same, sha256 = _compare(before, refused, stamps, file, sidecar)
                alone = bool(before[-1])
            kept += same
            # A file written a moment ago may be written again within the same time stamp.
            recent = now - _TIME_STAMP_GRAIN_NS
            size, mtime, ctime = (
                None if at and stamp is not None and stamp >= recent else stamp
                for at, stamp in enumerate(stamps)
            )
            self._connection.execute(
                "INSERT INTO entries VALUES (?,?,?,?,?,?,?,?,?,?)",
                (number, path, refused, size, mtime, ctime, sha256, *sidecar, alone),
            )
            if same and alone:
                self._connection.execute("INSERT INTO unchanged VALUES (?)", (number,))
        self._previous = previous
        self.count = number
        self.unchanged = previous is not None and kept == number == len(previous)

    def entries(self) -> Iterator[PlannedFile | Skipped]:
        """The files, and those that were refused, in order."""
        for number in range(1, self.count + 1):
            path, refused, sha256, sidecar, unchanged = self._connection.execute(
                "SELECT e.path, e.refused, e.sha256, e.sidecar, u.number FROM entries e "
                "LEFT JOIN unchanged u ON u.number = e.number WHERE e.number = ?",
                (number,),
            ).fetchone()
            if refused is not None:
                yield Skipped(path, refused)
            else:
                whole = self._folder.resolve() / path
                beside = None if sidecar is None else whole.parent / sidecar
                file = CorpusFile(path, whole, beside)
                yield PlannedFile(number, file, unchanged is not None, sha256)

    def record(self, number: int, item: str | Skipped) -> None:
        """Record an item of a file: the id of an article, or what was skipped."""
        row = (item, None, None) if isinstance(item, str) else (None, item.where, item.reason)
        self._connection.execute("INSERT INTO items VALUES (?,?,?,?)", (number, *row))

    def record_reading(self, number: int, sha256: str | None, *, alone: bool) -> None:
        """Record that a file was read.

        Args:
            number: The number of the file in the plan.
            sha256: The hash of its content; None if the next build must read it again.
            alone: Whether what it gave depends on no other file.
        """
        self._connection.execute(
            "UPDATE entries SET sha256 = ?, alone = ? WHERE number = ?", (sha256, alone, number)
        )

    def take_over(self) -> int:
        """Record for every file what it gave before; returns the number of files."""
        files = 0
        for number, path in self._connection.execute(
            "SELECT number, path FROM entries WHERE refused IS NULL"
        ).fetchall():
            files += 1
            for item in () if self._previous is None else self._previous.items(path):
                self.record(number, item)
        return files

    def check_folder(self) -> None:
        """Check that the folder is still the one that the plan was made of.

        Raises:
            CorpusError: If it is gone, or replaced by another one.
        """
        try:
            same = _identity(self._folder) == self._identity
        except CorpusError:
            same = False
        if not same:
            raise CorpusError(
                f"corpus folder {self._folder}: it vanished while it was being read; the old "
                "index stays; bring the folder back and build again"
            )


def _identity(folder: Path) -> tuple[int, int]:
    try:
        status = folder.stat()
    except OSError as error:
        raise CorpusError(
            f"corpus folder {folder}: not a folder; expected one with articles in it "
            f"({error.strerror})"
        ) from error
    return status.st_dev, status.st_ino


def _stamps(path: Path) -> _Stamps:
    """Size, and the times of the last change of content and of status, in nanoseconds."""
    try:
        status = path.stat()
    except OSError:  # reading the file will say so
        return _NO_STAMPS
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _compare(
    before: tuple[Any, ...],
    refused: str | None,
    stamps: _Stamps,
    file: CorpusFile | Skipped,
    sidecar: tuple[str | None, str | None],
) -> tuple[bool, str | None]:
    """Whether an entry is unchanged, and the hash of its content where that is certain."""
    refused_before, size, mtime, ctime, sha256, *sidecar_before, _ = before
    if isinstance(file, Skipped):
        return refused == refused_before, None
    if sha256 is None or size != stamps[0] or list(sidecar) != sidecar_before:
        return False, None
    if None not in stamps and (mtime, ctime) == stamps[1:]:
        return True, sha256
    return content_hash(file.path) == sha256, sha256


def _sidecar(file: CorpusFile | Skipped) -> tuple[str | None, str | None]:
    """The name and hash of the file beside a file that states its metadata."""
    if isinstance(file, Skipped) or file.sidecar is None:
        return None, None
    return file.sidecar.name, content_hash(file.sidecar)


def content_hash(path: Path) -> str | None:
    """SHA-256 of a file, in hex; None where it cannot be read (which reading it will report)."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
