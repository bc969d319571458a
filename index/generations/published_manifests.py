"""The manifests in a storage that machines share, and the pointer to the current one.

`generations/VERSION.json` is the manifest of a generation, `CURRENT` names the one that every
machine serves, and `refused.json` those that none is to serve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ValidationError

from index.errors import IndexCorruptError, IndexMismatchError, StorageChangedError
from index.generations.generation import CURRENT_FILE, GENERATIONS, is_version
from index.generations.refusals import REFUSED_FILE, parse_refusals, written_refusals
from index.generations.rotation import surplus
from index.manifest import Manifest, parse_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.generations.refusals import Refusal
    from index.object_storage import Content, ObjectStorage

_SUFFIX: Final = ".json"


class PublishedManifests:
    """The manifests of the published generations, and which of them is current.

    Every method raises `StorageError` where the storage fails.
    """

    def __init__(self, storage: ObjectStorage) -> None:
        self._storage = storage

    def pointer(self, *, soon: bool = False) -> Content | None:
        """The content of `CURRENT`; None where nothing has been published.

        Args:
            soon: Whether somebody waits; see `ObjectStorage.read`.
        """
        return self._storage.read(CURRENT_FILE, soon=soon)

    def version(self, pointer: Content | None) -> str | None:
        """The generation that a pointer names.

        Raises:
            IndexCorruptError: If it names none.
        """
        if pointer is None:
            return None
        version = pointer.raw.decode("ascii", "replace").strip()
        if not is_version(version):
            raise IndexCorruptError(
                f"storage {self._storage.url}: {CURRENT_FILE} is {version[:100]!a}; expected the "
                "name of an index; remove it there, and publish again with 'article-qa build'"
            )
        return version

    def switch(self, version: str, before: Content | None) -> None:
        """Point to another generation, where the pointer is still as it was.

        Raises:
            StorageChangedError: If another machine has published meanwhile.
        """
        try:
            self._storage.replace(CURRENT_FILE, f"{version}\n".encode(), before)
        except StorageChangedError as error:
            raise StorageChangedError(
                f"storage {self._storage.url}: another machine has published an index since this "
                "began; begin again"
            ) from error

    def read(self, version: str) -> tuple[bytes, Manifest]:
        """Read a manifest, also as the bytes that are stored.

        Raises:
            IndexCorruptError: If it is missing, damaged or of another generation.
            IndexMismatchError: If it was written by another version of this program.
        """
        raw = self._raw(version)
        place = f"storage {self._storage.url}: {_name(version)}"
        manifest = parse_manifest(raw, place)
        if manifest.index_version != version:
            raise IndexCorruptError(f"{place}: it is of index {manifest.index_version}")
        return raw, manifest

    def versions(self) -> list[str]:
        """Name all generations, readable or not, the latest name first."""
        stored = self._storage.objects(GENERATIONS)
        names = [name.removesuffix(_SUFFIX) for name in stored if name.endswith(_SUFFIX)]
        return sorted((name for name in names if is_version(name)), reverse=True)

    def readable(self) -> list[Manifest]:
        """The manifests that this version of the program can read, the latest first."""
        return self._readable_of(self.versions())

    def write(self, version: str, raw: bytes) -> None:
        """Store a manifest; nothing points to it yet."""
        self._storage.write(_name(version), raw)

    def remove(self, version: str) -> None:
        """Remove a manifest."""
        self._storage.remove([_name(version)])

    def remove_old(self, current: str, keep: int) -> None:
        """Remove the manifests of all but the latest ``keep`` generations and the current one."""
        versions = self.versions()
        readable, refused = self._readable_of(versions), self.refusals()[1]
        gone = surplus(versions, readable, current, keep, refused)
        self._storage.remove(map(_name, gone))

    def refusals(self, *, soon: bool = False) -> tuple[Content | None, dict[str, Refusal]]:
        """The file of refusals, and what it says; see `index.generations.refusals`.

        Args:
            soon: Whether somebody waits; see `ObjectStorage.read`.
        """
        stored = self._storage.read(REFUSED_FILE, soon=soon)
        if stored is None:
            return None, {}
        return stored, parse_refusals(stored.raw, f"storage {self._storage.url}: {REFUSED_FILE}")

    def replace_refusals(self, refusals: Mapping[str, Refusal], before: Content | None) -> None:
        """Write the file of refusals, where it is still as it was.

        Raises:
            StorageChangedError: If another machine has refused meanwhile.
        """
        self._storage.replace(REFUSED_FILE, written_refusals(refusals), before)

    def used_files(self) -> frozenset[str]:
        """SHA-256 of the files of all published generations, of whatever version.

        Raises:
            IndexCorruptError: If a manifest does not say.
        """
        used = set[str]()
        for version in self.versions():
            raw = self._raw(version)
            try:
                used |= {file.sha256 for file in _Files.model_validate_json(raw).files}
            except ValidationError as error:
                raise IndexCorruptError(
                    f"storage {self._storage.url}: {_name(version)} is damaged; remove it there"
                ) from error
        return frozenset(used)

    def _readable_of(self, versions: list[str]) -> list[Manifest]:
        manifests = []
        for version in versions:
            try:
                manifests.append(self.read(version)[1])
            except (IndexCorruptError, IndexMismatchError):
                continue  # what cannot be served is nothing to roll back to
        return sorted(manifests, key=lambda manifest: manifest.sequence, reverse=True)

    def _raw(self, version: str) -> bytes:
        stored = self._storage.read(_name(version))
        if stored is None:
            raise IndexCorruptError(
                f"storage {self._storage.url}: there is no {_name(version)}; publish again with "
                "'article-qa build'"
            )
        return stored.raw


def _name(version: str) -> str:
    return f"{GENERATIONS}/{version}{_SUFFIX}"


class _FileHash(BaseModel):
    sha256: str


class _Files(BaseModel):
    files: tuple[_FileHash, ...]
