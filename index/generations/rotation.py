"""Rotation: which generations stay on disk, and rolling back to an earlier one."""

from __future__ import annotations

import heapq
import shutil
from typing import TYPE_CHECKING

from index.errors import IndexCorruptError, IndexMismatchError, NoEarlierGenerationError
from index.generations.build_lock import build_lock
from index.generations.generation import (
    GENERATIONS,
    current_folder,
    current_version,
    generation_folder,
    make_current,
)
from index.generations.refusals import read_refusals, write_refusals
from index.manifest import check_files, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping
    from pathlib import Path

    from index.generations.refusals import Refusal
    from index.manifest import Manifest


def kept_generations(index_dir: Path) -> list[Manifest]:
    """Read the manifests of all readable generations on disk, the latest first."""
    manifests = []
    for path in _folders(index_dir):
        try:
            manifests.append(read_manifest(path))
        except (IndexCorruptError, IndexMismatchError):
            continue  # what cannot be served is nothing to roll back to
    return sorted(manifests, key=lambda manifest: manifest.sequence, reverse=True)


def _folders(index_dir: Path) -> list[Path]:
    """List the folders of all generations, readable or not, the latest name first."""
    folder = index_dir / GENERATIONS
    paths = [path for path in (folder.iterdir() if folder.is_dir() else ()) if path.is_dir()]
    return sorted((path for path in paths if not path.name.startswith(".")), reverse=True)


def _names(index_dir: Path) -> list[str]:
    """Name all generations, readable or not, the latest name first."""
    return [path.name for path in _folders(index_dir)]


def next_sequence(index_dir: Path) -> int:
    """Number the next build."""
    return 1 + max((manifest.sequence for manifest in kept_generations(index_dir)), default=0)


def remove_old(index_dir: Path, keep: int) -> None:
    """Remove old generations: keep the current one, the one it replaced, and the latest others.

    Refused ones go first.

    After a roll back, the generation that was rolled back from is later than the one that the
    current one replaced, and still goes first. A process that has a removed generation open can go
    on reading it.

    A generation that cannot be read may belong to another version of this program, or its disk
    may be failing for the moment. It is kept as long as a readable one of its age would be, by the
    time in its name, but never instead of a readable one.

    Args:
        index_dir: Folder of the index.
        keep: How many readable generations to keep, at least 1.
    """
    paths = {path.name: path for path in _folders(index_dir)}
    kept, refusals = kept_generations(index_dir), read_refusals(index_dir)
    for name in surplus(paths, kept, current_version(index_dir), keep, refusals):
        shutil.rmtree(paths[name])


def surplus(
    names: Iterable[str],
    readable: list[Manifest],
    current: str | None,
    keep: int,
    refused: Container[str],
) -> list[str]:
    """Name the generations to remove; see `remove_old`.

    Args:
        names: All generations, the latest name first.
        readable: The manifests of those that can be read, the latest first.
        current: The one that is served.
        keep: How many readable generations to keep, at least 1.
        refused: Those that were refused.
    """
    replaced = _replaced_by(readable, current)
    ordered = [manifest.index_version for manifest in readable]
    # Readable generations stay in the order of their builds, whatever the clock said.
    order = list(
        heapq.merge(ordered, (name for name in names if name not in ordered), reverse=True)
    )
    order.sort(key=lambda name: (name != current, name in refused, name != replaced))
    kept = kept_readable = 0
    gone = []
    for name in order:
        if (kept_readable if name in ordered else kept) < keep:
            kept += 1
            kept_readable += name in ordered
        else:
            gone.append(name)
    return gone


def _replaced_by(manifests: list[Manifest], version: str | None) -> str | None:
    """Name the generation that was current when this one was built."""
    return next((each.build.since for each in manifests if each.index_version == version), None)


def roll_back(
    index_dir: Path,
    version: str | None = None,
    *,
    check: Callable[[Manifest], None] = lambda _: None,
) -> Manifest:
    """Switch back to the generation that the current one replaced, else to the one before it.

    Args:
        index_dir: Folder of the index.
        version: Another one that is kept, earlier or later, to switch to instead.
        check: Raises where the generation cannot be served; then nothing is switched.

    Returns:
        The manifest of the generation that is current now.

    Raises:
        IndexMissingError: If nothing has been built yet.
        NoEarlierGenerationError: If no earlier generation is kept, or none of this version, or it
            was refused.
        IndexCorruptError: If the generation is damaged.
        BuildInProgressError: If a build is running; it would undo the roll back.
        BuildError: If it was switched, but a power cut may undo that.
    """
    current_folder(index_dir)  # raises where there is no folder to lock
    with build_lock(index_dir):
        # A build may have finished meanwhile: read again which generation is current.
        current = current_folder(index_dir).name
        target = roll_back_target(
            kept_generations(index_dir), current, version, str(index_dir), read_refusals(index_dir)
        )
        _check(index_dir, target, check)
        make_current(index_dir, target.index_version)
        return target


def refuse(
    index_dir: Path, version: str, refusal: Refusal, *, check: Callable[[Manifest], None]
) -> None:
    """Refuse a kept generation: nothing goes back to it, and it is the first to be removed.

    Where it is current, the one that it replaced, or one before it, is switched to. If that fails,
    it stays refused, and current until it is refused once more.

    Args:
        index_dir: Folder of the index.
        version: The generation to refuse.
        refusal: Who, when and why.
        check: Raises where the generation to switch to cannot be served; then nothing changes.

    Raises:
        IndexMissingError: If nothing has been built yet.
        NoEarlierGenerationError: If it is not kept, or is current and none before it can be served.
        IndexCorruptError: If the generation to switch to is damaged.
        BuildInProgressError: If a build is running.
        BuildError: If it was switched, but a power cut may undo that.
    """
    current_folder(index_dir)
    with build_lock(index_dir):
        current = current_folder(index_dir).name
        kept = kept_generations(index_dir)
        refusals = with_refusal(read_refusals(index_dir), _names(index_dir), version, refusal)
        target = None
        if version == current:
            target = roll_back_target(kept, current, None, str(index_dir), refusals)
            _check(index_dir, target, check)
        # Before the switch: if that fails, it is done by refusing once more.
        write_refusals(index_dir, refusals)
        if target is not None:
            make_current(index_dir, target.index_version)


def allow(index_dir: Path, version: str) -> None:
    """Take the refusal of a generation back; it is not switched to.

    Raises:
        NoEarlierGenerationError: If it is not kept.
        BuildInProgressError: If a build is running.
    """
    with build_lock(index_dir):
        refusals = read_refusals(index_dir)
        write_refusals(index_dir, with_refusal(refusals, _names(index_dir), version, None))


def with_refusal(
    refusals: Mapping[str, Refusal], names: list[str], version: str, refusal: Refusal | None
) -> dict[str, Refusal]:
    """Add a refusal, or take it away where None; those of generations that are gone fall away.

    Args:
        refusals: Those so far.
        names: All generations that are kept, also those of another version of this program.
        version: The generation.
        refusal: Who, when and why.

    Raises:
        NoEarlierGenerationError: If the generation is not kept.
    """
    if version not in names:
        raise _not_kept(version, names)
    chosen = {**refusals, version: refusal}
    return {name: each for name, each in chosen.items() if name in names and each is not None}


def roll_back_target(
    kept: list[Manifest],
    current: str,
    version: str | None,
    place: str,
    refusals: Mapping[str, Refusal],
) -> Manifest:
    """Choose the generation to go back to.

    Args:
        kept: The manifests of those that are kept, the latest first.
        current: The one that is served.
        version: The one to go back to; the one that the current one replaced where None.
        place: Where they are kept, for messages.
        refusals: Those of them that were refused.

    Raises:
        NoEarlierGenerationError: If it is not kept, or was refused.
    """
    if version is None:
        before = _before(kept, current, refusals)
        if before is None:
            raise NoEarlierGenerationError(
                f"index {current} in {place}: no earlier generation is kept to go back to "
                "(refused ones don't count); "
                "build with --keep 2 or more"
            )
        return before
    by_name = {manifest.index_version: manifest for manifest in kept}
    if version not in by_name:
        raise _not_kept(version, by_name)
    if version in refusals:
        raise NoEarlierGenerationError(
            f"index {version} was {refusals[version]}; take that back before it is served again"
        )
    return by_name[version]


def _not_kept(version: str, names: Iterable[str]) -> NoEarlierGenerationError:
    return NoEarlierGenerationError(
        f"index '{version}': not kept; expected one of {', '.join(names)}"
    )


def _check(index_dir: Path, target: Manifest, check: Callable[[Manifest], None]) -> None:
    check(target)
    check_files(generation_folder(index_dir, target.index_version), target)


def generation_before(index_dir: Path, version: str) -> Manifest | None:
    """Find the generation that this one replaced, else the one before it; None if none is kept.

    Refused ones are none to go back to.
    """
    return _before(kept_generations(index_dir), version, read_refusals(index_dir))


def _before(kept: list[Manifest], version: str, refused: Container[str]) -> Manifest | None:
    sequence = next((each.sequence for each in kept if each.index_version == version), None)
    # Where this generation cannot be read, any readable one is better.
    earlier = [each for each in kept if sequence is None or each.sequence < sequence]
    replaced = _replaced_by(kept, version)
    earlier = [each for each in earlier if each.index_version not in refused]
    matches = (each for each in earlier if each.index_version == replaced)
    return next(matches, earlier[0] if earlier else None)
