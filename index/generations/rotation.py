"""Which generations are kept, and going back to one of them."""

from __future__ import annotations

import heapq
import shutil
from typing import TYPE_CHECKING

from index.errors import IndexCorruptError, IndexMismatchError, IndexMissingError
from index.generations.build_lock import only_builder
from index.generations.generation import (
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
    for path in _folders(index_dir):
        try:
            found.append(read_manifest(path))
        except (IndexCorruptError, IndexMismatchError):
            continue  # it cannot be served, so there is nothing to go back to
    return sorted(found, key=lambda manifest: manifest.sequence, reverse=True)


def _folders(index_dir: Path) -> list[Path]:
    """The folders of all generations, whether they can be read or not, the latest name first."""
    folder = index_dir / GENERATIONS
    found = [path for path in (folder.iterdir() if folder.is_dir() else ()) if path.is_dir()]
    return sorted((path for path in found if not path.name.startswith(".")), reverse=True)


def next_sequence(index_dir: Path) -> int:
    """The number of the next build."""
    return 1 + max((manifest.sequence for manifest in kept_generations(index_dir)), default=0)


def remove_old(index_dir: Path, keep: int) -> None:
    """Keep the current generation, the one it followed, and the latest others.

    After a roll back, the generation that was rolled back from is later than the one that was
    followed, and still goes first. Open files outlive their removal.

    One that cannot be read may be of another version of this program, or on a disk that fails just
    now. By its name, which begins with its time, it is kept as long as any other would be, but
    takes the place of none that can be read.
    """
    current = current_version(index_dir)
    readable = kept_generations(index_dir)
    since = _since(readable, current)
    names = [item.index_version for item in readable]
    paths = {path.name: path for path in _folders(index_dir)}
    # The readable ones stay in the order of their builds, whatever the clock said.
    order = list(heapq.merge(names, (name for name in paths if name not in names), reverse=True))
    order.sort(key=lambda name: (name != current, name != since))
    kept = kept_readable = 0
    for name in order:
        if (kept_readable if name in names else kept) < keep:
            kept += 1
            kept_readable += name in names
        else:
            shutil.rmtree(paths[name])


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
    current_folder(index_dir)  # where nothing has been built there is no folder to lock either
    with only_builder(index_dir):
        # A build may have ended since, so what is current is asked once more.
        return _roll_back(index_dir, current_folder(index_dir).name)


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
