"""Files of generations in a storage that machines share: each is an object named by its SHA-256.

Equal files of several generations, such as those of unchanged shards, are stored and fetched once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from index.errors import IndexCorruptError, IndexMismatchError, StorageError
from index.manifest import MANIFEST_FILE, check_file, check_files, read_manifest
from index.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from index.manifest import FileRecord, Manifest
    from index.object_storage import ObjectStorage

_LOGGER = logging.getLogger(__name__)
_FOLDER: Final = "files"
_AT_ONCE: Final = 4  # files that are sent or fetched
ARRIVING: Final = ".arriving-"
_UNUSED_KEPT: Final = dt.timedelta(days=1)  # another machine may be publishing what needs them


class PublishedFiles:
    """The files of all generations in a storage.

    Args:
        storage: The storage.
    """

    def __init__(self, storage: ObjectStorage) -> None:
        self._storage = storage

    def upload(self, folder: Path, records: Iterable[FileRecord], used: frozenset[str]) -> None:
        """Store the files of a generation that are not there.

        Args:
            folder: The generation's folder.
            records: Its files.
            used: SHA-256 of the files of published generations. Others that are there may be about
                to be removed, and are stored again.

        Raises:
            StorageError: If one cannot be stored.
        """
        present = self._storage.objects(_FOLDER)
        lacking = {
            record.sha256: record
            for record in records
            if record.sha256 not in used
            or record.sha256 not in present
            or present[record.sha256].bytes != record.bytes
        }
        _at_once(
            lambda record: self._storage.upload(folder / record.path, _key(record.sha256)),
            lacking.values(),
        )

    def remove_unused(self, used: frozenset[str]) -> None:
        """Remove the files that no published generation has, unless they are new."""
        newest = dt.datetime.now(dt.UTC) - _UNUSED_KEPT
        self._storage.remove(
            _key(sha256)
            for sha256, stored in self._storage.objects(_FOLDER).items()
            if sha256 not in used and stored.modified <= newest
        )

    def check_files(self, folder: Path, manifest: Manifest) -> None:
        """Check a generation's files as `index.manifest.check_files` does, and mend what is wrong.

        Raises:
            IndexCorruptError: If a file is missing or damaged, and cannot be fetched.
        """
        try:
            check_files(folder, manifest)
        except IndexCorruptError as error:
            _LOGGER.warning("a file is fetched again from %s: %s", self._storage.url, error)
            try:
                self.fetch(folder, manifest.files)
            except (StorageError, IndexCorruptError, OSError) as failure:
                raise IndexCorruptError(f"{error}; it cannot be fetched: {failure}") from error

    def fetch(
        self, folder: Path, records: Iterable[FileRecord], local: Mapping[str, Path] | None = None
    ) -> None:
        """Make files of a generation whole: those that are missing or damaged are fetched.

        Each is checked before it takes its place.

        Args:
            folder: The generation's folder; it is created.
            records: The files.
            local: Files on this machine by SHA-256, to link instead.

        Raises:
            StorageError: If one cannot be fetched.
            IndexCorruptError: If one is damaged in the storage.
            OSError: If one cannot be written.
        """
        lacking = [record for record in records if not _is_whole(folder / record.path, record)]
        for record in lacking:
            path = PurePosixPath(record.path)
            if path.is_absolute() or ".." in path.parts:
                raise IndexCorruptError(
                    f"storage {self._storage.url}: a manifest names the file '{record.path}'; "
                    "expected a path in the generation's folder"
                )
        copies = {} if local is None else local
        size = sum(record.bytes for record in lacking if record.sha256 not in copies)
        if size > 0:
            _LOGGER.info("fetching %.1f MB from %s", size / 1e6, self._storage.url)
        _at_once(lambda record: self._bring(folder / record.path, record, copies), lacking)

    def fetch_shard(self, folder: Path, manifest_sha256: str) -> None:
        """Make a shard whole, by the SHA-256 of its manifest.

        Args:
            folder: The shard's folder in that of its fleet; it is created.
            manifest_sha256: What the manifest of the fleet says of the shard's.

        Raises:
            StorageError: If a file cannot be fetched.
            IndexCorruptError: If one is damaged in the storage.
            OSError: If one cannot be written.
        """
        path = folder / MANIFEST_FILE
        raw = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(raw).hexdigest() != manifest_sha256:
            stored = self._storage.read(_key(manifest_sha256))
            if stored is None or hashlib.sha256(stored.raw).hexdigest() != manifest_sha256:
                raise self._damaged(manifest_sha256, MANIFEST_FILE)
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, lambda arriving: arriving.write_bytes(stored.raw))
        generations = folder.parents[2]
        self.fetch(folder, read_manifest(folder).files, local_files(generations))

    def _bring(self, target: Path, record: FileRecord, local: Mapping[str, Path]) -> None:
        """Put a whole file in its place."""

        def write(arriving: Path) -> None:
            source = local.get(record.sha256)
            if source is not None and _is_whole(source, record):
                try:
                    arriving.hardlink_to(source)
                except OSError:  # a file system without links
                    shutil.copyfile(source, arriving)
                return
            digest = hashlib.sha256()
            with arriving.open("wb") as file:
                for part in self._storage.download(_key(record.sha256), record.bytes):
                    digest.update(part)
                    file.write(part)
            if digest.hexdigest() != record.sha256:
                raise self._damaged(record.sha256, record.path)

        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, write)

    def _damaged(self, sha256: str, name: str) -> IndexCorruptError:
        return IndexCorruptError(
            f"storage {self._storage.url}: {_key(sha256)}, the file {name} of an index, is missing "
            "or damaged; remove it there, and publish again with 'article-qa build'"
        )


def write_atomically(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, flush it, and let it take the place.

    Args:
        target: The place.
        write: Writes the file that it is called with.
    """
    arriving = target.with_name(f"{ARRIVING}{uuid.uuid4().hex}")
    try:
        write(arriving)
        sync(arriving)
        arriving.replace(target)
    finally:
        arriving.unlink(missing_ok=True)


def local_files(generations: Path) -> dict[str, Path]:
    """Find the files of all generations and shards in a folder, by SHA-256; unchecked."""
    files: dict[str, Path] = {}
    for pattern in (MANIFEST_FILE, f"shards/*/{MANIFEST_FILE}"):
        for path in generations.glob(f"*/{pattern}"):
            try:
                manifest = read_manifest(path.parent)
            except (IndexCorruptError, IndexMismatchError):
                continue  # only a copy less
            files |= {record.sha256: path.parent / record.path for record in manifest.files}
    return files


def _is_whole(path: Path, record: FileRecord) -> bool:
    try:
        check_file(path, record)
    except IndexCorruptError:
        return False
    return True


def _key(sha256: str) -> str:
    return f"{_FOLDER}/{sha256}"


def _at_once(work: Callable[[FileRecord], None], records: Iterable[FileRecord]) -> None:
    """Work on several files at a time; the first failure ends it."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = [pool.submit(work, record) for record in records]
        try:
            for each in waiting:
                each.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
