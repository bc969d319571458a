"""Keeping generations and going back to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from index.build_lock import only_builder
from index.build_options import BuildOptions
from index.builder import build_index
from index.chunking import ChunkingParameters
from index.errors import BuildInProgressError, IndexCorruptError, IndexMissingError
from index.generation import current_version, generation_folder, open_current
from index.rotation import kept_generations, roll_back
from tests.conftest import ARTICLES, FakeEncoder, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def build_several(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> Callable[[int, int], list[str]]:
    """Build a number of different generations; their versions, oldest first."""

    def build(count: int, keep: int) -> list[str]:
        versions = []
        for number in range(count):
            write_articles(corpus_dir, [*ARTICLES, {"id": "new", "text": f"Number {number}."}])
            options = BuildOptions(keep=keep)
            summary = build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options)
            versions.append(summary.index_version)
        return versions

    return build


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
    with pytest.raises(IndexMissingError, match=r"scripts\.build_index"):
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


def test_rollback_waits_for_no_build(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    versions = build_several(2, 2)
    with only_builder(index_dir), pytest.raises(BuildInProgressError, match="another build"):
        roll_back(index_dir)
    assert current_version(index_dir) == versions[1]
