"""What goes wrong around a build loses nothing, and the message says what to do."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import tantivy

from index.building import builder
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.errors import BuildError, CorpusError, IndexCorruptError
from index.formats.registry import read_entries
from index.generations import generation
from index.generations.generation import GENERATIONS, current_version, open_current
from tests.conftest import ARTICLES, REPOSITORY, FakeEncoder, write_articles
from tests.index.building.denied import denied as denied_for_a_while

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from index.building.builder import BuildSummary
    from index.formats.raw_article import Entry
    from index.formats.registry import Format

    Build = Callable[[], BuildSummary]


def _in_processes(*arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_builds_killed_at_any_moment_leave_a_whole_generation_and_the_next_succeeds(
    tmp_path: Path,
) -> None:
    result = _in_processes("tests.index.building.ended_builds", "kill", str(tmp_path), "3")
    assert result["failures"] == 0, result
    assert result["by_chance"] > 0, result
    assert result["steps"] == 12, result
    assert 0 < result["switched"] < 12, result


def test_full_disk_at_any_moment_keeps_the_old_generation_and_says_so(tmp_path: Path) -> None:
    result = _in_processes("tests.index.building.ended_builds", "fill", str(tmp_path))
    *refused, last = result["said"]
    assert last == ""
    assert len(refused) > 3
    for said in refused:
        assert f"index folder {tmp_path / 'index'}: " in said
        assert "the old index stays; check that the folder is writable and its disk" in said


class _Refusing:
    """Stands for a tantivy object of which some methods meet a full disk."""

    def __init__(self, real: Any, refused: tuple[str, ...]) -> None:
        self._real = real
        self._refused = refused

    def __getattr__(self, name: str) -> Any:
        if name in self._refused:
            return _full_disk
        found = getattr(self._real, name)
        if name != "writer":
            return found
        return lambda **options: _Refusing(found(**options), self._refused)


def _full_disk(*_: Any, **__: Any) -> Any:
    raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")


@pytest.mark.parametrize(
    "refused",
    [
        ("Index",),
        ("writer",),
        ("add_document",),
        ("add_document", "rollback"),
        ("commit",),
        ("wait_merging_threads",),
    ],
    ids="+".join,
)
def test_full_disk_under_the_lexical_index_keeps_the_old_generation_and_says_so(
    build: Build,
    corpus_dir: Path,
    index_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    refused: tuple[str, ...],
) -> None:
    version = build().index_version
    (corpus_dir / "new.txt").write_text("Snow fell.")
    make = tantivy.Index
    monkeypatch.setattr(
        tantivy,
        "Index",
        _full_disk
        if "Index" in refused
        else lambda *given, **options: _Refusing(make(*given, **options), refused),
    )
    with pytest.raises(BuildError, match=r"No space left.*the old index stays; check that"):
        build()
    assert current_version(index_dir) == version
    monkeypatch.undo()
    assert build().articles == 4


def test_older_index_that_cannot_be_removed_does_not_fail_the_build(
    build: Build, corpus_dir: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    versions = []
    for number in range(2):
        (corpus_dir / "new.txt").write_text(f"Number {number}.")
        versions.append(build().index_version)
    (corpus_dir / "new.txt").write_text("Number 2.")

    def deny(path: Path, **_: Any) -> None:
        if path.name == versions[0]:
            raise OSError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", deny)
        versions.append(build().index_version)
    assert current_version(index_dir) == versions[2]
    said = (
        r"the new index is current, but an old generation could not be removed: .*Permission denied"
    )
    assert re.search(rf"{said}.*{versions[0]}.*the next build will try again", caplog.text)
    assert {path.name for path in (index_dir / GENERATIONS).iterdir()} == set(versions)
    (corpus_dir / "new.txt").write_text("Number 3.")
    versions.append(build().index_version)
    assert {path.name for path in (index_dir / GENERATIONS).iterdir()} == set(versions[2:])


def test_fault_of_the_check_before_the_switch_is_not_blamed_on_the_index_folder(
    build: Build, corpus_dir: Path, index_dir: Path
) -> None:
    version = build().index_version
    missing = corpus_dir / "no-such-gold.jsonl"

    def check(_: Path) -> None:
        missing.read_bytes()

    with pytest.raises(FileNotFoundError, match="no-such-gold"):
        build_index(corpus_dir, index_dir, FakeEncoder(), ChunkingParameters(), before_switch=check)
    assert current_version(index_dir) == version
    assert [path.name for path in (index_dir / GENERATIONS).iterdir()] == [version]


@pytest.mark.parametrize("function", ["sync", "make_current"])
def test_switch_that_fails_keeps_the_old_generation_and_says_so(
    build: Build,
    corpus_dir: Path,
    index_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
) -> None:
    version = build().index_version
    (corpus_dir / "new.txt").write_text("Snow fell.")

    def fail(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(builder, function, fail)
        with pytest.raises(BuildError, match=r"No space left.*the old index stays; check that"):
            build()
    assert current_version(index_dir) == version
    assert build().articles == 4


def test_switch_that_may_not_be_on_disk_says_how_to_see_the_index_in_force(
    build: Build, corpus_dir: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = build().index_version
    (corpus_dir / "new.txt").write_text("Snow fell.")

    def fail(path: Path) -> None:
        if path == index_dir:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(generation, "sync", fail)
    with pytest.raises(BuildError, match=r"Input/output error; .*see 'article-qa info'") as raised:
        build()
    assert "the old index stays" not in str(raised.value)
    assert current_version(index_dir) != version


@pytest.fixture(scope="module")
def denied() -> dict[str, Any]:
    """What processes say that something is denied to."""
    said: dict[str, Any] = _in_processes("tests.index.building.denied")
    return said


def test_what_was_denied_is_given_back_whatever_happens(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mode

    def fail() -> None:
        with denied_for_a_while(tmp_path, 0o555):
            assert tmp_path.stat().st_mode != before
            raise OSError("something else")

    with pytest.raises(OSError, match="something else"):
        fail()
    assert tmp_path.stat().st_mode == before


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("file", "/vectors.faiss"),
        ("generation", "/manifest.json"),
        ("current", "/index/CURRENT"),
    ],
)
def test_index_that_may_not_be_read_is_no_reason_to_rebuild(
    denied: dict[str, Any], what: str, where: str
) -> None:
    expected = f"{where}: Permission denied; give the user that runs this permission to read it"
    assert denied[what].endswith(expected)


@pytest.mark.parametrize(
    ("what", "file"),
    [("generations", r"generations/\.unfinished-\d+"), ("build.lock", r"build\.lock")],
)
def test_index_folder_that_may_not_be_written_to_keeps_the_old_generation(
    denied: dict[str, Any], what: str, file: str
) -> None:
    said = rf"/index: {file}: Permission denied; the old index stays; check that the folder"
    assert re.search(said, denied[what])
    assert denied["old"] == {}


def test_corpus_folder_that_may_not_be_read_keeps_the_old_generation(
    denied: dict[str, Any],
) -> None:
    assert "nothing could be indexed; .: cannot be read: Permission denied" in denied["corpus"]


def test_articles_that_may_not_be_read_any_more_are_told_from_removed_ones(
    denied: dict[str, Any],
) -> None:
    reason = "cannot be read: Permission denied"
    assert denied["parts"] == {
        "skipped": [["b.txt", reason], ["sub", reason]],
        "removed": ["a.txt", "b.txt", "sub/c.txt", "sub/d.txt"],
        "lost": ["b.txt", "sub/c.txt", "sub/d.txt"],
    }
    assert denied["mended"] == {"skipped": [], "removed": [], "lost": []}


def test_index_on_a_failing_disk_is_no_reason_to_rebuild(
    build: Build, index_dir: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()

    def fail(*_: Any) -> Any:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("index.manifest.hashlib.file_digest", fail)
    with pytest.raises(IndexCorruptError, match="Input/output error; check its disk"):
        open_current(index_dir, encoder)


def test_index_folder_that_cannot_be_made_is_named(corpus_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BuildError, match=r"file/index: Not a directory.*is writable"):
        build_index(corpus_dir, tmp_path / "file" / "index", FakeEncoder(), ChunkingParameters())


@pytest.mark.parametrize("returns", [False, True])
def test_corpus_that_vanishes_half_way_keeps_the_old_generation(
    build: Build,
    corpus_dir: Path,
    index_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    returns: bool,
) -> None:
    version = build().index_version
    write_articles(corpus_dir, [*ARTICLES, {"text": "Snow fell."}])

    def vanish(row: Format, raw: bytes) -> Iterable[Entry]:
        if corpus_dir.exists() and b"Snow" in raw:
            shutil.move(corpus_dir, corpus_dir.with_name("moved"))
            if returns:  # as an empty mount point does
                corpus_dir.mkdir()
        return read_entries(row, raw)

    monkeypatch.setattr("index.loading.file_reading.read_entries", vanish)
    with pytest.raises(CorpusError, match="vanished while it was being read; the old index stays"):
        build()
    assert current_version(index_dir) == version


def test_file_that_changes_while_it_is_read_is_named_and_read_again(
    build: Build, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = corpus_dir / "articles.jsonl"

    def grow(row: Format, raw: bytes) -> Iterable[Entry]:
        if b"Dublin" in raw:
            with path.open("a") as file:
                file.write(json.dumps({"id": "late", "text": "It came late."}) + "\n")
        return read_entries(row, raw)

    monkeypatch.setattr("index.loading.file_reading.read_entries", grow)
    (skipped,) = build().skipped
    assert skipped.where == "articles.jsonl"
    assert "changed while it was being read; build once more" in skipped.reason
    monkeypatch.undo()
    again = build()
    assert (again.skipped, again.articles, again.build.files_read) == ((), 4, 1)


def test_file_that_goes_between_listing_and_reading_is_named(
    build: Build, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus_dir / "zz.txt").write_text("Snow fell.")

    def remove(row: Format, raw: bytes) -> Iterable[Entry]:
        (corpus_dir / "zz.txt").unlink(missing_ok=True)
        return read_entries(row, raw)

    monkeypatch.setattr("index.loading.file_reading.read_entries", remove)
    summary = build()
    assert [(item.where, item.reason) for item in summary.skipped] == [
        ("zz.txt", "cannot be read: No such file or directory")
    ]
    assert summary.articles == 3
