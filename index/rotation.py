"""Which generations are kept, and going back to one of them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from index.build_lock import only_builder
from index.errors import IndexCorruptError, IndexMismatchError, IndexMissingError
from index.generation import (
    GENERATIONS,
    current_folder,
    current_version,
    generation_folder,
    make_current,
)
from index.manifest import check_files, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from index.manifest import Manifest


def kept_generations(index_dir: Path) -> list[Manifest]:
    """The manifests of all generations on disk that can be read, the latest first."""
    found = []
    folder = index_dir / GENERATIONS
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.name.startswith("."):
            try:
                found.append(read_manifest(path))
            except (IndexCorruptError, IndexMismatchError):
                continue  # it cannot be served, so there is nothing to go back to
    return sorted(found, key=lambda manifest: manifest.sequence, reverse=True)


def next_sequence(index_dir: Path) -> int:
    """The number of the next build."""
    return 1 + max((manifest.sequence for manifest in kept_generations(index_dir)), default=0)


def remove_old(index_dir: Path, keep: int) -> None:
    """Keep the current generation, the one it followed, and the latest others.

    After a roll back, the generation that was rolled back from is later than the one that was
    followed, and still goes first. Open files outlive their removal.
    """
    current = current_version(index_dir)
    latest = kept_generations(index_dir)
    since = _since(latest, current)
    others = [item.index_version for item in latest if item.index_version != current]
    others.sort(key=lambda version: version != since)
    kept = {current, *others[: keep - 1]}
    for path in (index_dir / GENERATIONS).iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path)


def _since(kept: list[Manifest], version: str | None) -> str | None:
    """The generation that was current when this one was built."""
    return next((item.build.since for item in kept if item.index_version == version), None)


def roll_back(index_dir: Path) -> Manifest:
    """Make the generation that the current one followed current, else the one before it.

    Returns:
        The manifest of what is current now.

    Raises:
        IndexMissingError: If nothing has been built yet, or no earlier generation is kept.
        IndexCorruptError: If the earlier generation is damaged.
        BuildInProgressError: If a build is running, which would undo it.
    """
    version = current_folder(index_dir).name
    with only_builder(index_dir):
        return _roll_back(index_dir, version)


def _roll_back(index_dir: Path, version: str) -> Manifest:
    target = generation_before(index_dir, version)
    if target is None:
        raise IndexMissingError(
            f"index {version} in {index_dir}: no earlier generation is kept, so there is none to "
            "go back to; build with --keep 2 or more to keep some"
        )
    check_files(generation_folder(index_dir, target.index_version), target)
    make_current(index_dir, target.index_version)
    return target


def generation_before(index_dir: Path, version: str) -> Manifest | None:
    """The generation that this one followed, else the one before it; None where none is kept."""
    kept = kept_generations(index_dir)
    # Where this one cannot be read, any that can is better.
    now = next((item.sequence for item in kept if item.index_version == version), None)
    earlier = [item for item in kept if now is None or item.sequence < now]
    since = _since(kept, version)
    followed = (item for item in earlier if item.index_version == since)
    return next(followed, earlier[0] if earlier else None)
