"""Original files: the corpus file of an article, handed out only while it is as indexed."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from index.errors import IndexCorruptError, OriginalGoneError
from index.loading.corpus_files import FileRecords, is_folder
from index.loading.corpus_folder import file_of

if TYPE_CHECKING:
    from pathlib import Path

# Read and compared at a time; a file of a gigabyte has 4,096 such digests.
_BLOCK_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Original:
    """A corpus file as it was indexed.

    Attributes:
        relative: Its path relative to the corpus folder, with forward slashes.
        path: Its absolute path, with links resolved.
        size: In bytes, as indexed.
        sha256: Hex digest of the content that was indexed.
    """

    relative: str
    path: Path
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The name of the file without its folders."""
        return self.relative.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The suffix of its format, in lower case: ``.pdf``."""
        return f".{self.name.rpartition('.')[2].lower()}"

    def open(self) -> OpenedOriginal:
        """Open the file at its beginning, after comparing all of it with what was indexed.

        Raises:
            OriginalGoneError: If it cannot be read, or its content has changed.
        """
        try:
            # Non-blocking: a pipe that has taken its place would wait for a writer.
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            file = os.fdopen(descriptor, "rb")
            try:
                regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
                digests = self._compare(file) if regular else None
                file.seek(0)
            except BaseException:
                file.close()
                raise
        except OSError as error:
            raise _gone(self.relative, f"cannot be read: {error.strerror}") from error
        if digests is None:
            file.close()
            raise _changed(self.relative)
        return OpenedOriginal(self, file, digests)

    def _compare(self, file: BinaryIO) -> list[bytes] | None:
        """SHA-256 of each block; None if the whole is not as indexed."""
        whole, digests, left = hashlib.sha256(), list[bytes](), self.size
        while left > 0 and (block := file.read(min(left, _BLOCK_BYTES))):
            left -= len(block)
            whole.update(block)
            digests.append(hashlib.sha256(block).digest())
        # A file that has grown is not read to its end: it may grow faster than it is read.
        return None if file.read(1) or whole.hexdigest() != self.sha256 else digests


class OpenedOriginal:
    """An unchanged corpus file, read in blocks; to be closed.

    This is the second time it is read, and it may have been written to since the first. So each
    block is compared with its digest from then, and a changed one is never returned. A file that
    takes the place of this one has no effect.

    Args:
        original: The file.
        file: The same, open at its beginning.
        digests: SHA-256 of each block, from when the whole was compared.
    """

    def __init__(self, original: Original, file: BinaryIO, digests: list[bytes]) -> None:
        self.original = original
        self._file = file
        self._digests = iter(digests)
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; nothing can be read afterwards."""
        self._file.close()

    def read_block(self) -> bytes:
        """Read the next block; empty at the end.

        Raises:
            OriginalGoneError: If it cannot be read, or has changed since the file was opened.
        """
        digest = next(self._digests, None)
        if digest is None:
            return b""
        try:
            block = self._file.read(_BLOCK_BYTES)
        except OSError as error:
            raise _gone(self.original.relative, f"cannot be read: {error.strerror}") from error
        # Bytes appended since are not part of the file that was indexed.
        block = block[: self.original.size - self._sent]
        if hashlib.sha256(block).digest() != digest:
            raise _changed(self.original.relative)
        self._sent += len(block)
        return block


class Originals:
    """Finds the original files of a generation's articles; safe to use from several threads.

    Args:
        records: The file records of its build.

    Raises:
        IndexCorruptError: If they cannot be opened.
    """

    def __init__(self, records: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._records = FileRecords(records)
        except sqlite3.Error as error:
            raise IndexCorruptError(f"{records}: {error}; rebuild the index") from error
        self._close = weakref.finalize(self, self._records.close)

    def close(self) -> None:
        """Close the records; nothing can be found afterwards."""
        self._close()

    def find(self, place: str, folder: Path) -> Original:
        """Find the file that an article was read from.

        Here its size is compared; `Original.open` compares the content.

        Args:
            place: `index.records.ArticleInfo.path` of an article of this generation.
            folder: The corpus folder as it is now; nothing outside it is ever found.

        Raises:
            OriginalGoneError: If the folder or the file is missing, the file is not a regular one
                inside the folder, or it has changed since it was indexed.
        """
        relative = file_of(place)
        with self._lock:
            entry = self._records.entry(relative)
        if not is_folder(folder):
            raise OriginalGoneError("this server does not have the folder of the corpus files")
        try:
            root = folder.resolve(strict=True)
            path = (root / relative).resolve(strict=True)
            status = path.stat()
        except (OSError, RuntimeError, ValueError) as error:
            raise _gone(relative, "is not in the corpus folder any more") from error
        if not path.is_relative_to(root) or not stat.S_ISREG(status.st_mode):
            raise _gone(relative, "is not a regular file inside the corpus folder")
        sha256, size = (None, None) if entry is None else (entry[4], entry[1])
        if sha256 is None or size != status.st_size:
            raise _changed(relative)
        return Original(relative, path, status.st_size, sha256)


def _gone(relative: str, why: str) -> OriginalGoneError:
    return OriginalGoneError(f"file '{relative}': it {why}")


def _changed(relative: str) -> OriginalGoneError:
    return _gone(
        relative,
        "has changed since it was indexed, so it may not say what is cited from it; "
        "rebuild the index",
    )
