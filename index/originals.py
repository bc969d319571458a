"""The corpus file that an article was read from, handed out only as it was indexed."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import stat
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from index.corpus_files import FileRecords, is_folder
from index.errors import IndexCorruptError, OriginalGoneError

if TYPE_CHECKING:
    from pathlib import Path

# Where several articles are read from one file, a place is the file's path and a number. No path
# of a file that is read ends so itself: what is behind its last dot is the name of a format.
_NUMBER: Final = re.compile(r":\d+\Z")


@dataclass(frozen=True, slots=True)
class Original:
    """A corpus file as it was indexed.

    Attributes:
        relative: Its path relative to the corpus folder, with forward slashes.
        path: Where it really is, links followed.
        size: In bytes, when it was looked for.
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
        """What says the format, in lower case: ``.pdf``."""
        return f".{self.name.rpartition('.')[2].lower()}"

    def open(self) -> BinaryIO:
        """Open the file at its beginning, once all of it is found to be as it was indexed.

        What is read then is what was compared, also if another file takes its place meanwhile.

        Raises:
            OriginalGoneError: If it cannot be read, or its content is another one.
        """
        try:
            # Not waiting for a writer, in case a pipe has taken its place.
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            opened = os.fdopen(descriptor, "rb")
            try:
                regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
                same = regular and hashlib.file_digest(opened, "sha256").hexdigest() == self.sha256
                opened.seek(0)
            except BaseException:
                opened.close()
                raise
        except OSError as error:
            raise _gone(self.relative, f"cannot be read: {error.strerror}") from error
        if not same:
            opened.close()
            raise _changed(self.relative)
        return opened


class Originals:
    """Finds the files of one generation's articles; safe to use from several threads.

    Args:
        records: What the build recorded of the files.

    Raises:
        IndexCorruptError: If there are no such records.
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

        Its content is compared only when it is opened; what shows without reading it, here.

        Args:
            place: `index.records.ArticleInfo.path` of an article of this generation.
            folder: The corpus folder as it is now; nothing outside of it is ever found.

        Raises:
            OriginalGoneError: If the folder or the file is not there, the file is no regular one
                inside the folder, or it is not what was indexed.
        """
        relative = _NUMBER.sub("", place)
        with self._lock:
            entry = self._records.entry(relative)
        if not is_folder(folder):
            raise OriginalGoneError("this server does not have the folder of the corpus files")
        try:
            root = folder.resolve(strict=True)
            path = (root / relative).resolve(strict=True)
            found = path.stat()
        except (OSError, RuntimeError, ValueError) as error:
            raise _gone(relative, "is not in the corpus folder any more") from error
        if not path.is_relative_to(root) or not stat.S_ISREG(found.st_mode):
            raise _gone(relative, "is no regular file inside the corpus folder")
        sha256, size = (None, None) if entry is None else (entry[4], entry[1])
        if sha256 is None or size != found.st_size:
            raise _changed(relative)
        return Original(relative, path, found.st_size, sha256)


def _gone(relative: str, why: str) -> OriginalGoneError:
    return OriginalGoneError(f"file '{relative}': it {why}")


def _changed(relative: str) -> OriginalGoneError:
    return _gone(
        relative,
        "has changed since it was indexed, so it may not say what is cited from it; "
        "rebuild the index",
    )
