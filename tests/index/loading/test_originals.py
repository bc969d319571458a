"""Original files are found inside the corpus folder only, and only as they were indexed."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from index.errors import IndexCorruptError, OriginalGoneError
from index.generations.generation import Generation, open_current
from index.loading.originals import Original, Originals
from tests.conftest import ARTICLES, FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.building.builder import BuildSummary

    Build = Callable[[], BuildSummary]

FERRY = "The ferry crosses in nineteen minutes.\n"


@pytest.fixture
def generation(
    build: Build, corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> Iterator[Generation]:
    (corpus_dir / "boats" / "old").mkdir(parents=True)
    (corpus_dir / "boats" / "old" / "ferry: 3.txt").write_text(FERRY)
    (corpus_dir / "link.md").symlink_to(corpus_dir / "boats" / "old" / "ferry: 3.txt")
    build()
    opened = open_current(index_dir, encoder)
    yield opened
    opened.close()


def _place(generation: Generation, article_id: str) -> str:
    return generation.articles.own(article_id).info.path


@pytest.mark.parametrize("name", ["boats/old/ferry: 3.txt", "link.md"])
def test_original_is_the_file_byte_for_byte(
    generation: Generation, corpus_dir: Path, name: str
) -> None:
    original = generation.originals.find(_place(generation, name), corpus_dir)
    assert (original.relative, original.size) == (name, len(FERRY))
    assert original.name == name.rpartition("/")[2]
    with original.open() as opened:
        assert opened.read_block() == FERRY.encode()


def test_article_of_a_line_has_the_file_of_all_lines(
    generation: Generation, corpus_dir: Path
) -> None:
    for article in ARTICLES:
        place = _place(generation, article["id"])
        assert place.startswith("articles.jsonl:")
        original = generation.originals.find(place, corpus_dir)
        assert (original.relative, original.suffix) == ("articles.jsonl", ".jsonl")


def test_original_is_found_where_the_corpus_has_moved_to(
    generation: Generation, corpus_dir: Path, tmp_path: Path
) -> None:
    place = _place(generation, "meta")
    moved = corpus_dir.rename(tmp_path / "moved")
    generation.originals.find(place, moved).open().close()
    with pytest.raises(OriginalGoneError, match="does not have the folder of the corpus files"):
        generation.originals.find(place, corpus_dir)


def _remove(path: Path, outside: Path) -> None:
    path.unlink()


def _grow(path: Path, outside: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def _link_out(path: Path, outside: Path) -> None:
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)


def _move_folder_out(path: Path, outside: Path) -> None:
    path.parent.rename(outside)
    path.parent.symlink_to(outside)


def _make_folder(path: Path, outside: Path) -> None:
    path.unlink()
    path.mkdir()


def _make_pipe(path: Path, outside: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _circle(path: Path, outside: Path) -> None:
    path.unlink()
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_remove, "is not in the corpus folder any more"),
        (_grow, "has changed since it was indexed"),
        (_link_out, "is not a regular file inside the corpus folder"),
        (_move_folder_out, "is not a regular file inside the corpus folder"),
        (_make_folder, "is not a regular file inside the corpus folder"),
        (_make_pipe, "is not a regular file inside the corpus folder"),
        (_circle, "is not in the corpus folder any more"),
    ],
)
def test_file_that_is_not_as_it_was_is_gone_and_says_why(
    generation: Generation,
    corpus_dir: Path,
    tmp_path: Path,
    spoil: Callable[[Path, Path], None],
    told: str,
) -> None:
    place = _place(generation, "boats/old/ferry: 3.txt")
    spoil(corpus_dir / "boats" / "old" / "ferry: 3.txt", tmp_path / "outside")
    with pytest.raises(OriginalGoneError) as raised:
        generation.originals.find(place, corpus_dir)
    assert told in str(raised.value)
    assert str(raised.value).startswith("file 'boats/old/ferry: 3.txt': ")
    assert str(tmp_path) not in str(raised.value)


@pytest.mark.parametrize("spoil", [_remove, _make_pipe, _make_folder, _circle, None])
def test_file_that_is_spoilt_between_finding_and_opening_is_gone(
    generation: Generation, corpus_dir: Path, tmp_path: Path, spoil: Callable[..., None] | None
) -> None:
    original = generation.originals.find(_place(generation, "boats/old/ferry: 3.txt"), corpus_dir)
    path = corpus_dir / "boats" / "old" / "ferry: 3.txt"
    if spoil is None:  # the same size, so that nothing but its content tells
        path.write_text(FERRY.replace("nineteen", "fourteen"))
    else:
        spoil(path, tmp_path / "outside")
    with pytest.raises(OriginalGoneError):
        original.open()


def test_what_is_read_is_what_was_compared(generation: Generation, corpus_dir: Path) -> None:
    original = generation.originals.find(_place(generation, "boats/old/ferry: 3.txt"), corpus_dir)
    path = corpus_dir / "boats" / "old" / "ferry: 3.txt"
    with original.open() as opened:
        path.unlink()
        path.write_text("Something else.")
        assert opened.read_block() == FERRY.encode()


LARGE = b"The harbour froze over. " * 40_000  # several blocks


def _rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(len(LARGE) // 2)
        file.write(b"SECRET")


def _shorten(path: Path) -> None:
    os.truncate(path, len(LARGE) // 2)


def _extend(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"SECRET")


@pytest.mark.parametrize(
    ("change", "kept"), [(_rewrite, False), (_shorten, False), (_extend, True), (None, True)]
)
def test_block_that_is_written_to_while_a_file_is_read_never_gets_out(
    tmp_path: Path, change: Callable[[Path], None] | None, kept: bool
) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(LARGE)
    original = Original("large.txt", path, len(LARGE), hashlib.sha256(LARGE).hexdigest())
    with original.open() as opened:
        read = opened.read_block()
        assert 0 < len(read) < len(LARGE) // 2
        if change is not None:
            change(path)

        def rest() -> None:
            nonlocal read
            while block := opened.read_block():
                read += block

        if kept:
            rest()
            assert read == LARGE
        else:
            with pytest.raises(OriginalGoneError, match="has changed since it was indexed"):
                rest()
            assert LARGE.startswith(read)


def test_file_that_has_grown_since_it_was_found_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(LARGE)
    original = Original("large.txt", path, len(LARGE), hashlib.sha256(LARGE).hexdigest())
    _extend(path)
    with pytest.raises(OriginalGoneError, match="has changed since it was indexed"):
        original.open()


@pytest.mark.parametrize(
    "place", ["../secret.txt", "/etc/passwd", "boats/../../secret.txt", "none.txt", "", "a\0b"]
)
def test_place_that_is_no_article_s_is_never_found(
    generation: Generation, corpus_dir: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "secret.txt").write_text(FERRY)
    with pytest.raises(OriginalGoneError):
        generation.originals.find(place, corpus_dir)


def test_records_that_are_missing_are_a_corrupt_index(tmp_path: Path) -> None:
    with pytest.raises(IndexCorruptError, match="rebuild the index"):
        Originals(tmp_path / "files.sqlite")


def test_folder_that_nobody_may_look_into_is_not_there(
    generation: Generation, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(corpus_dir))

    place = _place(generation, "link.md")
    monkeypatch.setattr("pathlib.Path.stat", denied)
    with pytest.raises(OriginalGoneError, match="does not have the folder"):
        generation.originals.find(place, corpus_dir)
