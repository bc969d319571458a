"""Names of files that clients send, and files on their way into a corpus folder."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from index.errors import ArticleConflictError, ArticleError
from index.loading.corpus_writing import ArticleFile, IncomingFiles, check_file_name

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../up.md",
            "a/b.md",
            "..\\up.md",
            "/etc/x.md",
            ".hidden.md",
            "x.md.",
            "a\x07.md",
            "..md",
        ),
        *(
            "C:x.md",
            "x.exe",
            "noformat",
            f"{'x' * 300}.md",
            "aliases.yml",
            "a?.md",
            " .md",
            "",
            ".",
        ),
        *("a\u2028.md", "\ud800.md", "a\0.md"),
    ],
)
def test_odd_name_is_refused(name: str) -> None:
    with pytest.raises(ArticleError, match=r"^file "):
        check_file_name(name)


@pytest.mark.parametrize("name", ["a.md", "Fähre 1.PDF", "a.pdf.meta.yml", "a..b.txt", "日本.html"])
def test_usual_name_is_taken(name: str) -> None:
    check_file_name(name)


def test_incoming_files_are_seen_by_no_build_until_they_are_in_place(tmp_path: Path) -> None:
    with IncomingFiles(tmp_path) as incoming:
        incoming.add("a.md", io.BytesIO(b"Words."))
        assert not list(tmp_path.glob("[!.]*"))
        with pytest.raises(ArticleError, match="sent twice"):
            incoming.add("a.md", io.BytesIO(b"Words."))
        for kept in ("gold.jsonl", "aliases.yml"):
            with pytest.raises(ArticleError, match="kept for something else"):
                incoming.add(kept, io.BytesIO(b""))
        incoming.put()
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_line_is_only_replaced_in_a_file_of_an_article_a_line(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text('\n{"id": "a", "text": "x"}\nnonsense\n{"id": "b", "text": "y"}')
    file = ArticleFile(tmp_path, "a.jsonl:7", "b")
    assert file.with_line(b"{}\n") == b'\n{"id": "a", "text": "x"}\nnonsense\n{}'
    assert file.with_line(b"") == b'\n{"id": "a", "text": "x"}\nnonsense'
    lines.write_text('[{"id": "a", "text": "x"},\n{"id": "b", "text": "y"}]')
    with pytest.raises(ArticleConflictError, match="one of several"):
        ArticleFile(tmp_path, "a.jsonl:2", "b").with_line(b"")


def test_file_out_of_the_corpus_is_never_changed(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "a.md").write_text("Words.")
    (tmp_path / "corpus" / "link.md").symlink_to(tmp_path / "a.md")
    for place in ("../a.md", "link.md"):
        with pytest.raises(ArticleConflictError, match="has changed"):
            ArticleFile(tmp_path / "corpus", place, place)


def test_metadata_that_other_files_share_stays(tmp_path: Path) -> None:
    for name in ("a.md", "a.txt", "a.meta.yml", "a.md.meta.yml"):
        (tmp_path / name).write_text("title: A")
    ArticleFile(tmp_path, "a.md", "a.md").remove()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.meta.yml", "a.txt"]
    ArticleFile(tmp_path, "a.txt", "a.txt").remove()
    assert list(tmp_path.iterdir()) == []
