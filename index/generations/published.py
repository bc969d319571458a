"""The published index: the generations in a storage that machines share, and which is current.

Its manifests and the pointer to the current one stand in `published_manifests.py`, the files of
generations under `files/SHA256`. The pointer is written last.
"""

from __future__ import annotations

import logging
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from index.errors import (
    BuildError,
    IndexCorruptError,
    IndexMismatchError,
    IndexMissingError,
    StorageError,
)
from index.generations.build_lock import build_lock
from index.generations.generation import (
    GENERATIONS,
    current_version,
    files_here,
    generation_folder,
    make_current,
)
from index.generations.published_manifests import PublishedManifests
from index.generations.refusals import read_refusals, write_refusals
from index.generations.rotation import remove_old, roll_back_target, with_refusal
from index.manifest import MANIFEST_FILE, Manifest, read_manifest
from index.object_storage import Content, ObjectStorage
from index.published_files import ARRIVING, PublishedFiles, local_files, write_atomically
from index.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.generations.refusals import Refusal

_LOGGER = logging.getLogger(__name__)
_FETCHED: Final = ".fetched-"


class PublishedIndex:
    """The index in a storage. Every method raises `StorageError` where the storage fails.

    Args:
        url: Address of the storage; see `ObjectStorage`.
        shards_elsewhere: Whether other processes fetch the vectors and articles of shards.
    """

    def __init__(self, url: str, *, shards_elsewhere: bool = False) -> None:
        self.url = url
        self._shards_elsewhere = shards_elsewhere
        self._storage = ObjectStorage(url)
        self._manifests = PublishedManifests(self._storage)
        self._files = PublishedFiles(self._storage)

    def follow(
        self, index_dir: Path, keep: int, *, check: Callable[[Manifest], None] = lambda _: None
    ) -> None:
        """Fetch the generation that is current in the storage, where another is here, and switch.

        What was refused there is refused here, too, whichever generation is current.

        Args:
            index_dir: Folder of the index; it is created.
            keep: How many generations to keep there.
            check: Raises where the generation cannot be served; then nothing is fetched.

        Raises:
            BuildInProgressError: If another process builds or fetches there.
            BuildError: If the folder cannot be written to; the index before stays.
            IndexCorruptError: If something is missing or damaged in the storage.
            IndexMismatchError: If it was built by another version of this program.
        """
        version = self._manifests.version(self._manifests.pointer(soon=True))
        if version is None:
            return
        if version == _current(index_dir):
            self._follow_refusals(index_dir)
            return
        with _written(index_dir):
            raw, manifest = self._manifests.read(version)
            check(manifest)
            self._fetch(index_dir, raw, manifest)
            write_refusals(index_dir, self._manifests.refusals()[1])
            make_current(index_dir, version)
            remove_old(index_dir, keep)

    def _follow_refusals(self, index_dir: Path) -> None:
        if self._manifests.refusals(soon=True)[1] == read_refusals(index_dir):
            return
        with _written(index_dir):
            # Another process here may have refused one meanwhile: read again.
            write_refusals(index_dir, self._manifests.refusals(soon=True)[1])

    def check_files(self, folder: Path, manifest: Manifest) -> None:
        """Check a generation's files, and fetch those again that are damaged.

        Raises:
            IndexCorruptError: If one is, and cannot be fetched.
        """
        self._files.check_files(folder, manifest)

    def mend_manifest(self, index_dir: Path) -> None:
        """Fetch the manifest of the current generation again where it is damaged."""
        version = _current(index_dir)
        if version is None:
            return
        folder = generation_folder(index_dir, version)
        try:
            read_manifest(folder)
        except IndexCorruptError as error:
            _LOGGER.warning("a manifest is fetched again from %s: %s", self.url, error)
            folder.mkdir(parents=True, exist_ok=True)
            self._write_manifest(folder, self._manifests.read(version)[0])

    def begin(self, index_dir: Path, keep: int) -> Publication:
        """Begin a publication: a build goes on from what is published, here and there.

        Args:
            index_dir: Folder of the index that will be built.
            keep: How many generations to keep in the storage.

        Raises:
            BuildInProgressError: If another process builds there.
        """
        self._storage.check_writable()
        before = self._manifests.pointer()
        try:
            self.follow(index_dir, keep)
            self._complete(index_dir)
        except (IndexCorruptError, IndexMismatchError) as error:
            _LOGGER.warning("the published index is not built upon: %s", error)
        return Publication(self, before, keep)

    def _complete(self, index_dir: Path) -> None:
        """Fetch what a machine that only serves does without."""
        version = _current(index_dir)
        if version is None:
            return
        folder = generation_folder(index_dir, version)
        manifest = read_manifest(folder)
        if not all((folder / record.path).exists() for record in manifest.files):
            self._files.fetch(folder, manifest.files)

    def roll_back(
        self,
        index_dir: Path,
        version: str | None = None,
        *,
        check: Callable[[Manifest], None] = lambda _: None,
    ) -> Manifest:
        """Switch back for all machines; see `index.generations.rotation.roll_back`.

        Nothing is switched before the generation is whole on this machine.

        Raises:
            IndexMissingError: If nothing has been published yet.
            NoEarlierGenerationError: If no earlier generation is kept in the storage.
            BuildInProgressError: If another process builds or fetches here.
            BuildError: If the folder cannot be written to.
            IndexCorruptError: If something is missing or damaged in the storage.
            StorageChangedError: If another machine has published meanwhile.
        """
        with _written(index_dir):
            before = self._manifests.pointer(soon=True)
            current = self._manifests.version(before)
            if current is None:
                raise IndexMissingError(f"no index in {self.url} yet; 'article-qa build' publishes")
            kept, refusals = self._manifests.readable(), self._manifests.refusals()[1]
            target = roll_back_target(kept, current, version, self.url, refusals)
            check(target)
            self._fetch(index_dir, *self._manifests.read(target.index_version))
            self._switch_back(index_dir, target, before)
            return target

    def refuse(
        self,
        index_dir: Path,
        version: str,
        refusal: Refusal | None,
        *,
        check: Callable[[Manifest], None],
    ) -> None:
        """Refuse a generation for all machines; see `index.generations.rotation.refuse`.

        Args:
            index_dir: Folder of the index on this machine.
            version: The generation, which is kept in the storage.
            refusal: Who, when and why; the refusal is taken back where None.
            check: Raises where the generation to switch to cannot be served.

        Raises:
            IndexMissingError: If nothing has been published yet.
            NoEarlierGenerationError: If it is not kept, or is current and none before it can be
                served.
            BuildInProgressError: If another process builds or fetches here.
            BuildError: If the folder cannot be written to.
            IndexCorruptError: If something is missing or damaged in the storage.
            StorageChangedError: If another machine has published or refused meanwhile.
        """
        with _written(index_dir):
            before = self._manifests.pointer(soon=True)
            current, kept = self._manifests.version(before), self._manifests.readable()
            stored, refusals = self._manifests.refusals()
            names = self._manifests.versions()
            refusals = with_refusal(refusals, names, version, refusal)
            target = None
            if refusal is not None and version == current:
                target = roll_back_target(kept, current, None, self.url, refusals)
                check(target)
                self._fetch(index_dir, *self._manifests.read(target.index_version))
            # Before the switch: if that fails, it is done by refusing once more.
            self._manifests.replace_refusals(refusals, stored)
            write_refusals(index_dir, refusals)
            if target is not None:
                self._switch_back(index_dir, target, before)

    def _switch_back(self, index_dir: Path, target: Manifest, before: Content | None) -> None:
        self._manifests.switch(target.index_version, before)
        make_current(index_dir, target.index_version)

    def publish(self, folder: Path, before: Content | None, keep: int) -> None:
        """Store a generation and make it current in the storage, where nobody else has published.

        Args:
            folder: The generation's folder.
            before: The pointer, as it was when its build began.
            keep: How many generations to keep in the storage.

        Raises:
            StorageChangedError: If another machine has published meanwhile.
        """
        manifest = read_manifest(folder)
        try:
            used = self._manifests.used_files()
        except IndexCorruptError:
            used = frozenset()
        self._files.upload(folder, manifest.files, used)
        version = manifest.index_version
        self._manifests.write(version, (folder / MANIFEST_FILE).read_bytes())
        try:
            self._manifests.switch(version, before)
        except StorageError:
            self._manifests.remove(version)
            raise
        try:
            self._manifests.remove_old(version, keep)
            self._files.remove_unused(self._manifests.used_files())
        except (StorageError, IndexCorruptError) as error:
            _LOGGER.warning("published, but what is old could not be removed: %s", error)

    def has(self, version: str) -> bool:
        """Whether this generation is current in the storage."""
        pointer = self._manifests.pointer()
        try:
            return self._manifests.version(pointer) == version
        except IndexCorruptError:
            return False

    def _fetch(self, index_dir: Path, raw: bytes, manifest: Manifest) -> None:
        """Make a generation whole here; what an earlier try has fetched is kept."""
        version = manifest.index_version
        generations = index_dir / GENERATIONS
        folder = generation_folder(index_dir, version)
        work = folder if folder.exists() else generations / f"{_FETCHED}{version}"
        for leftover in generations.glob(f"{_FETCHED}*"):
            if leftover != work:
                shutil.rmtree(leftover)
        work.mkdir(parents=True, exist_ok=True)
        needed = files_here(manifest, shards_elsewhere=self._shards_elsewhere)
        self._files.fetch(work, needed, local_files(generations))
        self._write_manifest(work, raw)
        for leftover in work.rglob(f"{ARRIVING}*"):
            leftover.unlink()
        if work != folder:
            work.rename(folder)
        sync(generations)

    def _write_manifest(self, folder: Path, raw: bytes) -> None:
        write_atomically(folder / MANIFEST_FILE, lambda arriving: arriving.write_bytes(raw))


class Publication:
    """Publishes what a build has made, before the build switches to it.

    Args:
        published: Where.
        before: The pointer, as it was when the build began.
        keep: How many generations to keep there.
    """

    def __init__(self, published: PublishedIndex, before: Content | None, keep: int) -> None:
        self._published = published
        self._before = before
        self._keep = keep

    def __call__(self, folder: Path) -> None:
        """Publish a finished generation.

        Raises:
            StorageError: If it is not published; the index before stays.
            StorageChangedError: If another machine has published meanwhile.
        """
        try:
            self._published.publish(folder, self._before, self._keep)
        except StorageError as error:
            raise type(error)(f"{error}; the index before stays current, here and there") from error

    def publish_current(self, index_dir: Path) -> str | None:
        """Publish the current generation of a folder, where it is not; returns its name if so."""
        version = current_version(index_dir)
        if version is None or self._published.has(version):
            return None
        self(generation_folder(index_dir, version))
        return version


@contextmanager
def _written(index_dir: Path) -> Iterator[None]:
    """Hold the build lock of a folder, and say what to do where it cannot be written to."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with build_lock(index_dir):
            yield
    except OSError as error:
        raise BuildError(
            f"index folder {index_dir}: {error.strerror}; the index before stays; check that the "
            "folder is writable and its disk has room"
        ) from error


def _current(index_dir: Path) -> str | None:
    """The current generation of a folder; None also where the file that names it is damaged."""
    try:
        return current_version(index_dir)
    except IndexCorruptError:
        return None
