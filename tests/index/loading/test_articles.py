"""Reading a corpus folder."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import CorpusError
from index.formats.registry import FORMATS
from index.loading.articles import load_articles
from index.loading.corpus_folder import CorpusFile, Skipped, find_files
from index.records import Article


def read(folder: Path) -> dict[str, str]:
    """Load a folder: the text of each article by its id, the reason of each skipped by where."""
    found: dict[str, str] = {}
    for item in load_articles(folder):
        key, value = (
            (item.info.id, item.text) if isinstance(item, Article) else (item.where, item.reason)
        )
        assert key not in found
        found[key] = value
    return found


def test_folder_is_read_in_path_order_with_default_ids(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.txt").write_bytes(b"c\r\n")
    (tmp_path / "b.md").write_bytes(b"b")
    (tmp_path / "A.TXT").write_bytes(b"\xef\xbb\xbfa")
    (tmp_path / "lines.jsonl").write_bytes(b'{"text":"x"}\n\n \n{"text":"y","id":"why"}')
    assert list(read(tmp_path).items()) == [
        ("A.TXT", "a"),
        ("b.md", "b"),
        ("lines.jsonl:e6cd7ef63d7fcfbc", "x"),
        ("why", "y"),
        ("sub/c.txt", "c\r\n"),
    ]


def test_article_carries_hash_path_and_tags_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"\xe2\x98\x82","tags":["b","a","b"]}')
    (article,) = load_articles(tmp_path)
    assert isinstance(article, Article)
    assert article.info.sha256 == hashlib.sha256("☂".encode()).hexdigest()
    assert (article.info.path, article.info.tags) == ("a.jsonl:1", ("b", "a"))


@pytest.mark.parametrize("name", ["missing", "file"])
def test_corpus_that_is_no_folder_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CorpusError, match=f"{name}: not a folder"):
        list(load_articles(tmp_path / name))


def test_hidden_files_and_gold_questions_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "gold.jsonl", "sub/gold.jsonl", "sub/.a.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b'{"text": "a"}')
    assert read(tmp_path) == {"sub/gold.jsonl:edbbef9c8f08379c": "a"}


def test_file_without_reader_is_skipped_with_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "a.wps").write_bytes(b"a")
    (tmp_path / "README").write_bytes(b"a")
    expected = (
        "expected .atom, .csv, .docx, .eml, .epub, .htm, .html, .json, .jsonl, .markdown, .md, "
        ".mht, .mhtml, .odt, .pdf, .pptx, .rss, .rtf, .txt, .xhtml, .xlsx, .xml"
    )
    assert read(tmp_path) == {
        "README": f"no reader for a name without a suffix; {expected}",
        "a.wps": f"no reader for '.wps' files; {expected}",
    }


def test_bad_files_are_skipped_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.txt").write_bytes(b"\xff")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "blank.md").write_bytes(b"---\nid: a\n---\n \n")
    (tmp_path / "good.txt").write_bytes(b"good")
    (tmp_path / "lines.jsonl").write_bytes(
        b'{"text":""}\n{\n{"text":"x"}\n\xff\n{"text":"\\ud83d"}'
    )
    assert read(tmp_path) == {
        "blank.md": "empty: there is no text in it",
        "bytes.txt": "not UTF-8: byte 0xff at offset 0; convert the file to UTF-8 "
        "(no other encoding was detected)",
        "empty.txt": "empty: there is no text in it",
        "good.txt": "good",
        "lines.jsonl:1": "empty: there is no text in it",
        "lines.jsonl:2": "not JSON: Expecting property name enclosed in double quotes: "
        "line 1 column 2 (char 1)",
        "lines.jsonl:e6cd7ef63d7fcfbc": "x",
        "lines.jsonl:4": "not UTF-8: byte 0xff at offset 0; convert the file to UTF-8",
        "lines.jsonl:5": "field 'text': a lone surrogate (half of a character) at offset 0",
    }


def test_second_article_with_an_id_is_skipped_naming_both_files(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"---\nid: same\n---\nfirst")
    (tmp_path / "b.jsonl").write_bytes(b'{"id":"same","text":"second"}\n{"id":"z.txt","text":"b"}')
    (tmp_path / "z.txt").write_bytes(b"third")
    first, second, third, fourth = load_articles(tmp_path)
    assert isinstance(first, Article)
    assert (first.info.id, first.text) == ("same", "first")
    assert second == Skipped("b.jsonl:1", "its id 'same' is already the id of a.md")
    assert isinstance(third, Article)
    assert fourth == Skipped("z.txt", "its id 'z.txt' is already the id of b.jsonl:2")


def test_link_out_of_the_folder_is_skipped_and_one_inside_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (folder / "sub" / "a.txt").write_bytes(b"a")
    (folder / "out.txt").symlink_to("../secret.txt")
    (folder / "outside").symlink_to(tmp_path)
    (folder / "again").symlink_to("sub")
    (folder / "in.txt").symlink_to("sub/a.txt")
    assert read(folder) == {
        "again": "a link to a folder; links are followed to files only",
        "in.txt": "a",
        "out.txt": "a link that leads out of the corpus folder",
        "outside": "a link that leads out of the corpus folder",
        "sub/a.txt": "a",
    }


def test_links_in_a_circle_or_to_nothing_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "b.txt").symlink_to("a.txt")
    (tmp_path / "gone.txt").symlink_to("nothing.txt")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up").symlink_to("..")
    reason = "a link that leads nowhere or in a circle"
    assert read(tmp_path) == {
        "a.txt": reason,
        "b.txt": reason,
        "gone.txt": reason,
        "sub/up": "a link to a folder; links are followed to files only",
    }


def test_corpus_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_bytes(b"a")
    (tmp_path / "link").symlink_to("real")
    assert read(tmp_path / "link") == {"a.txt": "a"}


def test_pipe_is_skipped_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert read(tmp_path) == {"a.txt": "not a regular file"}


def test_name_that_is_not_utf8_is_skipped_and_printable(tmp_path: Path) -> None:
    for name in (b"\xff.txt", b"\xff.jsonl"):
        try:
            (tmp_path / os.fsdecode(name)).write_bytes(b'{"id": "a", "text": "b"}')
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
    found = read(tmp_path)
    assert found == dict.fromkeys(["\\xff.txt", "\\xff.jsonl"], "its name is not UTF-8")


def test_folder_that_cannot_be_listed_is_skipped_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.txt").write_bytes(b"a")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert read(tmp_path) == {"a.txt": "a", "locked": "cannot be read: Permission denied"}


def test_file_that_is_gone_when_read_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = CorpusFile("a.txt", tmp_path / "a.txt")
    monkeypatch.setattr("index.loading.articles.find_files", lambda _: [missing])
    assert read(tmp_path) == {"a.txt": "cannot be read: No such file or directory"}


def test_files_and_lines_over_the_limit_are_skipped_with_their_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.loading.file_reading.MAX_TEXT_BYTES", 20)
    monkeypatch.setitem(FORMATS, ".txt", replace(FORMATS[".txt"], max_bytes=20))
    (tmp_path / "fits.txt").write_bytes(b"x" * 20)
    (tmp_path / "large.txt").write_bytes(b"x" * 21)
    fits = b'{"text":"aaaaaaaaa"}'
    assert len(fits) == 20
    lines = [fits, b'{"text":"' + b"a" * 60 + b'"}', b'{"text":"b"}', b"c" * 21]
    (tmp_path / "lines.jsonl").write_bytes(b"\n".join(lines))
    assert read(tmp_path) == {
        "fits.txt": "x" * 20,
        "large.txt": "21 bytes; a .txt file may have at most 20",
        "lines.jsonl:c1971e7851a6d1ba": "aaaaaaaaa",
        "lines.jsonl:2": "72 bytes; an article may have at most 20",
        "lines.jsonl:7e6d465da46d7048": "b",
        "lines.jsonl:4": "21 bytes; an article may have at most 20",
    }


def test_find_files_names_what_is_read_and_what_is_not(tmp_path: Path) -> None:
    (tmp_path / "b.txt").touch()
    (tmp_path / "a.png").touch()
    skipped, found = find_files(tmp_path)
    assert isinstance(skipped, Skipped)
    assert found == CorpusFile("b.txt", tmp_path.resolve() / "b.txt")
