"""Keeping generations and going back to one of them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from index.building.options import BuildOptions
from index.errors import BuildInProgressError, IndexCorruptError, IndexMissingError
from index.generations import rotation
from index.generations.build_lock import build_lock
from index.generations.generation import (
    GENERATIONS,
    current_version,
    generation_folder,
    make_current,
    open_current,
)
from index.generations.rotation import kept_generations, roll_back
from index.manifest import MANIFEST_FILE, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.manifest import Manifest
    from tests.conftest import FakeEncoder


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_as_many_generations_are_kept_as_asked(
    build_several: Callable[[int, int], list[str]], index_dir: Path, keep: int
) -> None:
    versions = build_several(4, keep)
    kept = [manifest.index_version for manifest in kept_generations(index_dir)]
    assert kept == versions[::-1][:keep]


def test_rollback_goes_back_step_by_step_and_a_build_goes_on_from_there(
    build_several: Callable[[int, int], list[str]], index_dir: Path, encoder: FakeEncoder
) -> None:
    versions = build_several(3, 3)
    for version in (versions[1], versions[0]):
        assert roll_back(index_dir).index_version == current_version(index_dir) == version
        opened = open_current(index_dir, encoder)
        assert opened.articles.article("new").text == f"Number {versions.index(version)}."
        opened.close()
    with pytest.raises(IndexMissingError, match=r"no earlier generation is kept.*--keep"):
        roll_back(index_dir)
    (again,) = build_several(1, 3)
    assert current_version(index_dir) == again
    assert roll_back(index_dir).index_version == versions[0], "not what was rolled back from"


def test_rollback_from_a_generation_that_cannot_be_read_finds_one_that_can(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    versions = build_several(2, 2)
    (generation_folder(index_dir, versions[1]) / "manifest.json").write_text("{")
    assert roll_back(index_dir).index_version == versions[0]


def test_rollback_to_a_damaged_generation_is_refused(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    versions = build_several(2, 2)
    (generation_folder(index_dir, versions[0]) / "vectors.faiss").write_bytes(b"")
    with pytest.raises(IndexCorruptError, match=r"vectors\.faiss"):
        roll_back(index_dir)
    assert current_version(index_dir) == versions[1]


def test_rollback_without_an_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="article-qa build"):
        roll_back(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"keep": 0}, "keep is 0; expected at least"),
        ({"cache_bytes": -1}, "cache_bytes is -1; expected at least"),
        ({"recall": 0.0}, "recall is 0.0; expected more than 0"),
        ({"recall": 1.1}, "recall is 1.1; expected more than 0"),
        ({"vector_index": "IVF"}, "vector_index is 'IVF'; expected 'auto'"),
        ({"vector_index": "IDMap,Flat"}, "vector_index is 'IDMap,Flat'; expected 'auto'"),
    ],
)
def test_options_out_of_range_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BuildOptions(**changes)


def test_build_after_a_rollback_keeps_what_it_followed(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    good, _bad = build_several(2, 2)
    roll_back(index_dir)
    (fixed,) = build_several(1, 2)
    assert {one.index_version for one in kept_generations(index_dir)} == {good, fixed}


def _spoil(index_dir: Path, version: str, how: str) -> None:
    """Make a manifest one of another version of the format, a damaged one or an unreadable one."""
    path = generation_folder(index_dir, version) / MANIFEST_FILE
    if how == "other format":
        path.write_text(json.dumps({**json.loads(path.read_text()), "format_version": 2}))
    elif how == "damaged":
        path.write_text("{")
    else:  # reading it gives an OSError, to root as well
        path.rename(path.with_name("aside"))
        path.mkdir()


def _on_disk(index_dir: Path) -> list[str]:
    return sorted(path.name for path in (index_dir / GENERATIONS).iterdir())


@pytest.mark.parametrize("how", ["other format", "damaged", "unreadable"])
def test_build_keeps_the_way_back_to_generations_that_it_cannot_read(
    build_several: Callable[[int, int], list[str]], index_dir: Path, how: str
) -> None:
    old = build_several(3, 3)
    for version in old:
        _spoil(index_dir, version, how)
    (first,) = build_several(1, 3)
    assert _on_disk(index_dir) == sorted([*old[1:], first])
    (second,) = build_several(1, 3)
    assert _on_disk(index_dir) == sorted([old[2], first, second])
    (third,) = build_several(1, 3)
    assert _on_disk(index_dir) == sorted([first, second, third])


@pytest.mark.parametrize("how", ["other format", "damaged", "unreadable"])
def test_generation_that_cannot_be_read_takes_no_place_of_one_that_can(
    build_several: Callable[[int, int], list[str]], index_dir: Path, how: str
) -> None:
    good, spoiled = build_several(2, 2)
    _spoil(index_dir, spoiled, how)
    (new,) = build_several(1, 2)
    assert _on_disk(index_dir) == sorted([good, spoiled, new])
    assert roll_back(index_dir).index_version == good
    make_current(index_dir, new)
    (newer,) = build_several(1, 2)
    assert _on_disk(index_dir) == sorted([new, newer])


def test_generation_that_cannot_be_read_just_once_is_kept(
    build_several: Callable[[int, int], list[str]], index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = build_several(3, 3)

    def deny(folder: Path) -> Manifest:
        if folder.name == versions[1]:
            raise IndexCorruptError(f"{folder}: Permission denied")
        return read_manifest(folder)

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "read_manifest", deny)
        versions += build_several(1, 3)
    assert versions[1] in _on_disk(index_dir)
    versions += build_several(1, 3)
    assert _on_disk(index_dir) == sorted(versions[2:])


def test_rollback_goes_back_from_what_is_current_once_it_holds_the_lock(
    build_several: Callable[[int, int], list[str]],
    index_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    versions = build_several(3, 3)
    make_current(index_dir, versions[1])

    @contextmanager
    def after_a_build(folder: Path) -> Iterator[None]:
        make_current(folder, versions[2])
        with build_lock(folder):
            yield

    monkeypatch.setattr(rotation, "build_lock", after_a_build)
    assert roll_back(index_dir).index_version == versions[1]


def test_rollback_waits_for_no_build(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    versions = build_several(2, 2)
    with build_lock(index_dir), pytest.raises(BuildInProgressError, match="another build"):
        roll_back(index_dir)
    assert current_version(index_dir) == versions[1]
