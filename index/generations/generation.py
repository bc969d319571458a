"""Generation: one complete, immutable index directory; and which one is current."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from index.errors import BuildError, IndexCorruptError, IndexMissingError
from index.loading.originals import Originals
from index.manifest import Manifest, check_files, read_manifest, unreadable
from index.stores.local import LEXICAL_FOLDER
from index.stores.registry import open_backend
from index.stores.sharding.placement import SHARDS_FOLDER, shard_name
from index.stores.sharding.sharded import ShardedBackend
from index.syncing import sync

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.encoder import Encoder
    from index.manifest import FileRecord
    from index.stores.backend import Backend
    from index.stores.sharding.shards import Shards

ShardOpener = Callable[["Path", Manifest], "Shards"]
"""Opens the shards of the fleet in a folder, with its manifest."""
FileCheck = Callable[["Path", Manifest], None]
"""Checks the files in a folder against a manifest; see `index.manifest.check_files`."""

_LOGGER = logging.getLogger(__name__)
GENERATIONS: Final = "generations"
CURRENT_FILE: Final = "CURRENT"
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")  # never a path
FILES_FILE: Final = "files.sqlite"


class Generation:
    """One generation opened for search, its stores checked against its manifest.

    Args:
        folder: The generation's directory.
        encoder: The encoder in use; it must be the one that the vectors were made with.
        partial: Whether a fleet is opened without the shards that are damaged, which are logged.
        open_shards: Opens the shards of a fleet elsewhere; this process does where None.
        check: Checks files of a folder against its manifest, and may mend them.

    Raises:
        IndexCorruptError: If a file is missing or damaged, or counts disagree.
        IndexMismatchError: If it was built with another encoder or format version.
    """

    def __init__(
        self,
        folder: Path,
        encoder: Encoder,
        *,
        partial: bool = False,
        open_shards: ShardOpener | None = None,
        check: FileCheck = check_files,
    ) -> None:
        self.manifest: Manifest = read_manifest(folder)
        self.manifest.check_encoder(encoder)
        opener = None if self.manifest.fleet is None else open_shards
        damaged = self._check_files(folder, check, partial=partial, elsewhere=opener is not None)
        lost = damaged
        self.originals = Originals(folder / FILES_FILE)
        language = self.manifest.chunking.language
        self._backend: Backend
        if opener is not None:
            fleet = ShardedBackend(folder, language, opener(folder, self.manifest), damaged)
            self._backend, lost = fleet, damaged | fleet.vectors.lost
            if lost and not partial:
                fleet.close()
                raise IndexCorruptError(
                    f"{folder}: no node has opened these shards: {sorted(lost)}; the log says why"
                )
        elif damaged:
            self._backend = ShardedBackend(folder, language, lost=damaged)
        else:
            self._backend = open_backend(self.manifest.backend, folder, language)
        self.articles = self._backend.articles
        self.vectors = self._backend.vectors
        self.lexical = self._backend.lexical
        self.names = self._backend.names
        self._check_counts(folder, lost, damaged)

    @property
    def version(self) -> str:
        """The generation's name."""
        return self.manifest.index_version

    def close(self) -> None:
        """Close files and connections; the generation cannot be used afterwards."""
        self._backend.close()
        self.originals.close()

    def _check_files(
        self, folder: Path, check: FileCheck, *, partial: bool, elsewhere: bool
    ) -> frozenset[int]:
        """Check all files; returns the shards that are damaged where that may be.

        Args:
            folder: The generation's directory.
            check: Checks files.
            partial: Whether shards may be damaged.
            elsewhere: Whether vectors and articles of shards are checked where they are opened.

        Raises:
            IndexCorruptError: If another file is damaged, or all shards are.
        """
        fleet = self.manifest.fleet
        others = files_here(self.manifest, shards_elsewhere=elsewhere)
        if fleet is None or not partial:
            check(folder, self.manifest.model_copy(update={"files": others}))
            return frozenset()
        damaged: dict[int, IndexCorruptError] = {}
        for shard in fleet.generations:
            part = f"{SHARDS_FOLDER}/{shard_name(shard.number, fleet.shards)}/"
            files = tuple(record for record in others if record.path.startswith(part))
            others = tuple(record for record in others if not record.path.startswith(part))
            try:
                check(folder, self.manifest.model_copy(update={"files": files}))
            except IndexCorruptError as error:
                damaged[shard.number] = error
        check(folder, self.manifest.model_copy(update={"files": others}))
        if len(damaged) == len(fleet.generations):
            raise next(iter(damaged.values()))
        for number, reason in damaged.items():
            _LOGGER.error(
                "shard %d of index %s is left out, and replies say so: %s",
                number,
                self.version,
                reason,
            )
        return frozenset(damaged)

    def _check_counts(self, folder: Path, lost: frozenset[int], damaged: frozenset[int]) -> None:
        """Check the counts: those of vectors without lost shards, of words without damaged ones."""
        manifest = self.manifest
        shards = () if manifest.fleet is None else manifest.fleet.generations
        present = manifest.chunks - sum(shard.chunks for shard in shards if shard.number in lost)
        worded = manifest.chunks - sum(shard.chunks for shard in shards if shard.number in damaged)
        for part, count, unit, expected in (
            ("articles", self.articles.article_count, "articles", manifest.articles),
            ("articles", self.articles.chunk_count, "chunks", manifest.chunks),
            ("vectors", len(self.vectors), "chunks", present),
            ("vectors", self.vectors.dimension, "dimensions", manifest.encoder.dimension),
            ("lexical index", len(self.lexical), "chunks", worded),
        ):
            if count != expected:
                raise IndexCorruptError(
                    f"{folder}: {part}: {count} {unit}, {expected} in the manifest; "
                    "rebuild the index"
                )


def files_here(manifest: Manifest, *, shards_elsewhere: bool) -> tuple[FileRecord, ...]:
    """The files that a machine needs to serve a generation.

    Args:
        manifest: Its manifest.
        shards_elsewhere: Whether other processes have the vectors and articles of its shards.
    """
    if not shards_elsewhere:
        return manifest.files
    return tuple(
        record
        for record in manifest.files
        if not record.path.startswith(f"{SHARDS_FOLDER}/") or f"/{LEXICAL_FOLDER}/" in record.path
    )


def current_version(index_dir: Path) -> str | None:
    """Name the current generation; None where nothing has been built yet.

    Raises:
        IndexCorruptError: If the file that names it is damaged or cannot be read.
    """
    path = index_dir / CURRENT_FILE
    try:
        version = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise IndexCorruptError(f"{path}: not UTF-8; rebuild the index") from error
    if not is_version(version):
        raise IndexCorruptError(
            f"{path}: '{version[:100]!a}'; expected the name of a generation; rebuild the index"
        )
    return version


def is_version(name: str) -> bool:
    """Whether this can be the name of a generation, and so of its folder."""
    return _VERSION.fullmatch(name) is not None


def generation_folder(index_dir: Path, version: str) -> Path:
    """The folder of a generation."""
    return index_dir / GENERATIONS / version


def current_folder(index_dir: Path) -> Path:
    """Find the current generation.

    Raises:
        IndexMissingError: If nothing has been built yet; the message says what to run.
    """
    version = current_version(index_dir)
    if version is None:
        raise IndexMissingError(
            f"no index in {index_dir} yet; build one with "
            f"'article-qa build --corpus DIR --index {index_dir}'"
        )
    return generation_folder(index_dir, version)


def make_current(index_dir: Path, version: str) -> None:
    """Switch to another generation atomically; the switch survives a power cut.

    Raises:
        OSError: If nothing was switched.
        BuildError: If it was switched, but a power cut may undo that.
    """
    target = index_dir / CURRENT_FILE
    for leftover in index_dir.glob(f".{CURRENT_FILE}.*"):
        leftover.unlink(missing_ok=True)  # of a switch that was killed; builds hold a lock
    temporary = index_dir / f".{CURRENT_FILE}.{os.getpid()}"
    temporary.write_text(f"{version}\n", encoding="utf-8")
    sync(temporary)
    temporary.replace(target)
    try:
        sync(index_dir)
    except OSError as error:
        raise BuildError(
            f"index folder {index_dir}: {error.strerror}; the switch to {version} may not be on "
            "disk; see 'article-qa info' for the index in force"
        ) from error


def open_current(
    index_dir: Path,
    encoder: Encoder,
    *,
    partial: bool = False,
    open_shards: ShardOpener | None = None,
    check: FileCheck = check_files,
) -> Generation:
    """Open the current generation.

    Args:
        index_dir: Folder of the index.
        encoder: The encoder in use.
        partial: Whether a fleet is opened without the shards that are damaged.
        open_shards: Opens the shards of a fleet elsewhere.
        check: Checks files, and may mend them.

    Raises:
        IndexMissingError: If nothing has been built yet.
        IndexCorruptError: If a file is missing or damaged, or counts disagree.
        IndexMismatchError: If it was built with another encoder or format version.
    """
    folder = current_folder(index_dir)
    return Generation(folder, encoder, partial=partial, open_shards=open_shards, check=check)
