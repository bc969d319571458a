"""Generations that were refused: nothing goes back to them, and they are not built again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pytest

from index.building.builder import build_index, is_stale
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import IndexMismatchError, NoEarlierGenerationError
from index.generations import rotation
from index.generations.generation import (
    FILES_FILE,
    current_folder,
    current_version,
    generation_folder,
)
from index.generations.refusals import REFUSED_FILE, Refusal, read_refusals
from index.generations.rotation import (
    allow,
    generation_before,
    kept_generations,
    refuse,
    roll_back,
)
from index.manifest import MANIFEST_FILE
from tests.conftest import ARTICLES, FakeEncoder, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.manifest import Manifest

REFUSAL: Final = Refusal(
    refused_at=dt.datetime(2025, 5, 2, tzinfo=dt.UTC), by="alice", reason="It finds less."
)


def _refuse(index_dir: Path, version: str) -> None:
    refuse(index_dir, version, REFUSAL, check=lambda _: None)


def test_generation_before_the_refused_one_is_current(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    versions = build_several(3, 3)
    _refuse(index_dir, versions[1])
    assert current_version(index_dir) == versions[2], "that one was not served"
    _refuse(index_dir, versions[2])
    assert current_version(index_dir) == versions[0], "the one between was refused, too"
    assert read_refusals(index_dir) == dict.fromkeys(versions[1:], REFUSAL)


def test_refused_generation_is_gone_back_to_once_it_is_allowed(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    versions = build_several(3, 3)
    _refuse(index_dir, versions[1])
    said = rf"{versions[1]} was refused on 2025-05-02 by alice: It finds less\.; take that back"
    with pytest.raises(NoEarlierGenerationError, match=said):
        roll_back(index_dir, versions[1])
    before = generation_before(index_dir, versions[2])
    assert before is not None
    assert before.index_version == versions[0]
    assert roll_back(index_dir).index_version == versions[0]
    allow(index_dir, versions[1])
    assert roll_back(index_dir, versions[1]).index_version == versions[1]


def test_nothing_is_refused_where_no_other_generation_can_be_served(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    def check(_: Manifest) -> None:
        raise IndexMismatchError("as asked")

    (only,) = build_several(1, 2)
    with pytest.raises(NoEarlierGenerationError, match="no earlier generation is kept"):
        _refuse(index_dir, only)
    (second,) = build_several(1, 2)
    with pytest.raises(IndexMismatchError, match="as asked"):
        refuse(index_dir, second, REFUSAL, check=check)
    for change in (_refuse, allow):
        with pytest.raises(NoEarlierGenerationError, match="'none': not kept; expected one of"):
            change(index_dir, "none")
    assert current_version(index_dir) == second
    assert read_refusals(index_dir) == {}


def test_refused_generation_is_the_first_to_be_removed(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    versions = build_several(3, 3)
    _refuse(index_dir, versions[2])
    versions += build_several(1, 3)
    kept = [manifest.index_version for manifest in kept_generations(index_dir)]
    assert kept == [versions[3], versions[1], versions[0]]


def test_refused_index_is_not_built_again_before_the_articles_change(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    chunking, options = ChunkingParameters(), BuildOptions(keep=2)
    versions = []
    for text in ("Before.", "After."):
        write_articles(corpus_dir, [*ARTICLES, {"id": "new", "text": text}])
        summary = build_index(corpus_dir, index_dir, encoder, chunking, options)
        versions.append(summary.index_version)
    _refuse(index_dir, versions[1])
    assert current_version(index_dir) == versions[0]
    assert not is_stale(corpus_dir, index_dir, encoder, chunking, options)
    assert f"those of index {versions[1]}, which was refused" in caplog.text
    write_articles(corpus_dir, [*ARTICLES, {"id": "new", "text": "Mended."}])
    assert is_stale(corpus_dir, index_dir, encoder, chunking, options)
    build_index(corpus_dir, index_dir, encoder, chunking, options)
    caplog.clear()
    assert not is_stale(corpus_dir, index_dir, encoder, chunking, options)
    write_articles(corpus_dir, [*ARTICLES, {"id": "new", "text": "Again."}])
    assert is_stale(corpus_dir, index_dir, encoder, chunking, options)
    assert caplog.text == "", "the refused index is gone by now"


@pytest.mark.parametrize("damage", ["{", "[]", "folder"])
def test_damaged_file_of_refusals_is_said_and_refuses_nothing(
    build_several: Callable[[int, int], list[str]],
    index_dir: Path,
    caplog: pytest.LogCaptureFixture,
    damage: str,
) -> None:
    build_several(2, 2)
    path = index_dir / REFUSED_FILE
    if damage == "folder":
        path.mkdir()
    else:
        path.write_text(damage)
    assert read_refusals(index_dir) == {}
    assert REFUSED_FILE in caplog.text


def _build_and_refuse(corpus_dir: Path, index_dir: Path, encoder: FakeEncoder) -> tuple[Path, Path]:
    """Build two generations and refuse the later; the folders of the current and of the refused."""
    for text in ("Before.", "After."):
        write_articles(corpus_dir, [*ARTICLES, {"id": "new", "text": text}])
        build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), BuildOptions(keep=2))
    refused = current_folder(index_dir)
    _refuse(index_dir, refused.name)
    return current_folder(index_dir), refused


@pytest.mark.parametrize("damage", ["files", "pointer"])
def test_index_that_cannot_be_served_is_stale_whatever_was_refused(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder, damage: str
) -> None:
    current, _ = _build_and_refuse(corpus_dir, index_dir, encoder)
    (index_dir / "CURRENT" if damage == "pointer" else current / FILES_FILE).unlink()
    assert is_stale(corpus_dir, index_dir, encoder, ChunkingParameters(), BuildOptions(keep=2)), (
        "nothing can be served before a build"
    )


def test_damaged_refused_index_is_not_called_the_current_one(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    _, refused = _build_and_refuse(corpus_dir, index_dir, encoder)
    (refused / FILES_FILE).unlink()
    assert is_stale(corpus_dir, index_dir, encoder, ChunkingParameters(), BuildOptions(keep=2))
    assert f"index {refused.name} cannot be compared with the articles" in caplog.text
    assert "the current index" not in caplog.text


def test_refusal_of_a_generation_that_cannot_be_read_stays(
    build_several: Callable[[int, int], list[str]], index_dir: Path
) -> None:
    versions = build_several(3, 3)
    _refuse(index_dir, versions[0])
    (generation_folder(index_dir, versions[0]) / MANIFEST_FILE).write_text("{}")
    _refuse(index_dir, versions[1])
    assert read_refusals(index_dir) == dict.fromkeys(versions[:2], REFUSAL)
    allow(index_dir, versions[1])
    assert read_refusals(index_dir) == {versions[0]: REFUSAL}
    allow(index_dir, versions[0])
    assert read_refusals(index_dir) == {}


@pytest.mark.parametrize("failing", ["write_refusals", "make_current"])
def test_failing_refusal_never_switches_without_refusing(
    build_several: Callable[[int, int], list[str]],
    index_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    failing: str,
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    versions = build_several(2, 2)
    monkeypatch.setattr(rotation, failing, fail)
    with pytest.raises(OSError, match="No space left"):
        _refuse(index_dir, versions[1])
    assert current_version(index_dir) == versions[1]
    monkeypatch.undo()
    _refuse(index_dir, versions[1])
    assert current_version(index_dir) == versions[0]
    assert read_refusals(index_dir) == {versions[1]: REFUSAL}
