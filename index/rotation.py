"""Which generations are kept, and going back to one of them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

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
    """Keep the current generation and the latest others; open files outlive their removal."""
    current = current_version(index_dir)
    latest = [manifest.index_version for manifest in kept_generations(index_dir)]
    others = [version for version in latest if version != current]
    kept = {current, *others[: keep - 1]}
    for path in (index_dir / GENERATIONS).iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path)


def roll_back(index_dir: Path) -> Manifest:
    """Make the generation before the current one current.

    Returns:
        The manifest of what is current now.

    Raises:
        IndexMissingError: If nothing has been built yet, or no earlier generation is kept.
        IndexCorruptError: If the earlier generation is damaged.
    """
    version = current_folder(index_dir).name
    kept = kept_generations(index_dir)
    # Where the current one cannot be read, any that can is better.
    now = next((item.sequence for item in kept if item.index_version == version), None)
    earlier = [item for item in kept if now is None or item.sequence < now]
    if not earlier:
        raise IndexMissingError(
            f"index {version} in {index_dir}: no earlier generation is kept, so there is none to "
            "go back to; build with --keep 2 or more to keep some"
        )
    target = earlier[0]
    check_files(generation_folder(index_dir, target.index_version), target)
    make_current(index_dir, target.index_version)
    return target
