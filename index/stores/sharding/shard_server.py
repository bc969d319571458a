"""The actor that serves a shard on a node of a Ray cluster."""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from index.code_version import code_fingerprint
from index.errors import ArticleQAError, IndexCorruptError, IndexMismatchError
from index.manifest import MANIFEST_FILE, check_files, file_sha256, read_manifest
from index.object_storage import ObjectStorage
from index.published_files import PublishedFiles
from index.replica_calls import worked
from index.stores.sharding.shards import Shard

if TYPE_CHECKING:
    from pathlib import Path

    from index.replica_calls import Work
    from index.stores.sharding.shards import ShardCall

_Reply = TypeVar("_Reply")
_AGAIN_SECONDS: Final = 10.0  # after a shard could not be opened
_NOT_OPENED: Final = (ArticleQAError, OSError)


class ShardServer:
    """The actor that has a shard open, after checking all its files.

    Where the shard cannot be opened, it is tried again after a while: Ray would not begin an actor
    again whose constructor raises.

    Args:
        folder: The shard's folder.
        manifest_sha256: What the manifest of the fleet says of the shard's.
        code: The code of the service.
        storage: Address of a storage to fetch from what is missing or damaged there.

    Raises:
        IndexMismatchError: If this node has another version of the program.
    """

    def __init__(
        self, folder: Path, manifest_sha256: str, code: str, storage: str | None = None
    ) -> None:
        if code_fingerprint() != code:
            raise IndexMismatchError(
                "the node has another version of this program than the service; install the same "
                "on every node"
            )
        self._folder = folder
        self._manifest_sha256 = manifest_sha256
        self._storage = storage
        self._lock = threading.Lock()
        self._shard: Shard | None = None
        self._failure: Exception | None = None
        self._again_at = 0.0
        with suppress(*_NOT_OPENED):
            self._opened()

    def check(self) -> int:
        """Count the vectors.

        Raises:
            IndexCorruptError: If a file is missing or damaged.
            StorageError: If a file cannot be fetched.
            OSError: If one cannot be read or written.
        """
        return len(self._opened().vectors)

    def node(self) -> str:
        """The id of the node that this runs on, also where the shard is not open."""
        import ray  # noqa: PLC0415 - of an extra

        return str(ray.get_runtime_context().get_node_id())

    def ask(self, call: ShardCall[_Reply]) -> tuple[_Reply, Work]:
        """Ask the shard; see `check` for what is raised where it is not open."""
        return worked(lambda: call(self._opened()))

    def _opened(self) -> Shard:
        with self._lock:
            if self._shard is not None:
                return self._shard
            if self._failure is not None and time.monotonic() < self._again_at:
                raise self._failure.with_traceback(None)  # or it grew with each question
            try:
                self._shard = self._open()
            except _NOT_OPENED as error:
                self._failure = error
                self._again_at = time.monotonic() + _AGAIN_SECONDS
                raise
            return self._shard

    def _open(self) -> Shard:
        """Open the shard with its vectors, once all its files are there and whole."""
        folder = self._folder
        if self._storage is None:
            manifest = read_manifest(folder)
            if file_sha256(folder / MANIFEST_FILE) != self._manifest_sha256:
                raise IndexCorruptError(f"{folder}: another shard than the service expects")
            check_files(folder, manifest)
        else:
            storage = ObjectStorage(self._storage)
            PublishedFiles(storage).fetch_shard(folder, self._manifest_sha256)
            _remove_earlier(folder.parents[1])
        shard = Shard(folder)
        len(shard.vectors)  # opens them
        return shard


def _remove_earlier(fleet: Path) -> None:
    """Remove the shards of earlier fleets but the last, where a node has fetched nothing else."""
    if (fleet / MANIFEST_FILE).exists():
        return  # a whole generation, which is rotated with the others
    fetched = [path for path in fleet.parent.iterdir() if not (path / MANIFEST_FILE).exists()]
    fetched.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [path for path in fetched if path != fleet][1:]:
        shutil.rmtree(path, ignore_errors=True)  # the other shards' actors do the same
