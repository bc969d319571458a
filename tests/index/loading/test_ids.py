"""Ids of articles that stand with others in a file, and ids that no address can hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from index.loading.articles import load_articles
from index.loading.corpus_folder import Skipped
from index.records import Article

if TYPE_CHECKING:
    from pathlib import Path

FEED = '<rss version="2.0"><channel>{}</channel></rss>'


def _item(text: str, extra: str = "") -> str:
    return f"<item>{extra}<description>{text}</description></item>"


def _ids(folder: Path) -> dict[str, str]:
    """The text of each article by its id."""
    articles = list(load_articles(folder))
    assert all(isinstance(article, Article) for article in articles), articles
    return {article.info.id: article.text for article in articles if isinstance(article, Article)}


def test_new_entry_on_top_changes_no_id(tmp_path: Path) -> None:
    items = [
        _item("It is blue.", "<guid isPermaLink='false'>g1</guid><link>https://a.example/1</link>"),
        _item("It is red.", "<link>https://a.example/2</link>"),
        _item("It is green."),
    ]
    (tmp_path / "news.rss").write_text(FEED.format("".join(items)))
    before = _ids(tmp_path)
    assert list(before)[:2] == ["g1", "https://a.example/2"]
    assert list(before)[2].startswith("news.rss:")
    (tmp_path / "news.rss").write_text(FEED.format(_item("It is new.") + "".join(items)))
    after = _ids(tmp_path)
    assert len(after) == 4
    assert {key: after[key] for key in before} == before


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl"])
def test_new_row_on_top_changes_no_id(tmp_path: Path, name: str) -> None:
    rows = [
        {"id": "r1", "url": "https://a.example/1", "text": "It is blue."},
        {"id": "", "url": "https://a.example/2", "text": "It is red."},
        {"id": "", "url": "", "text": "It is green."},
    ]

    def write(rows: list[dict[str, str]]) -> dict[str, str]:
        if name.endswith("csv"):
            lines = ["id,url,text", *(",".join(row.values()) for row in rows)]
        else:
            lines = [json.dumps(row) for row in rows]
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return _ids(tmp_path)

    before = write(rows)
    assert list(before)[:2] == ["r1", "https://a.example/2"]
    after = write([{"id": "", "url": "", "text": "It is new."}, *rows])
    assert {key: after[key] for key in before} == before


def test_link_of_several_entries_is_no_id(tmp_path: Path) -> None:
    link = "<link>https://a.example/</link>"
    items = [_item("It is blue.", link), _item("It is red.", link)]
    (tmp_path / "news.rss").write_text(FEED.format("".join(items)))
    ids = _ids(tmp_path)
    assert len(ids) == 2
    assert all(article_id.startswith("news.rss:") for article_id in ids)


def test_link_that_no_address_can_hold_is_no_id(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"url": "https://a.example/../b", "text": "It is blue."}')
    (article_id,) = _ids(tmp_path)
    assert article_id.startswith("a.jsonl:")


@pytest.mark.parametrize(
    ("article_id", "fault"),
    [
        ("a\nb", "control character"),
        ("a\x00b", "control character"),
        ("a\u0085b", "control character"),
        ("..", "segment"),
        ("./a", "segment"),
        ("a/../b", "segment"),
        ("a/.", "segment"),
        ("a\\..\\b", "segment"),
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.md"])
def test_id_that_cannot_be_fetched_is_refused(
    tmp_path: Path, name: str, article_id: str, fault: str
) -> None:
    quoted = json.dumps(article_id)
    content = (
        f'{{"id": {quoted}, "text": "x"}}' if name == "a.jsonl" else f"---\nid: {quoted}\n---\nx"
    )
    (tmp_path / name).write_text(content)
    (skipped,) = load_articles(tmp_path)
    assert isinstance(skipped, Skipped)
    assert "field 'id'" in skipped.reason
    assert fault in skipped.reason


def test_dots_inside_a_name_are_no_segment(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "v1.2...final/.x", "text": "It is blue."}')
    assert list(_ids(tmp_path)) == ["v1.2...final/.x"]


def test_file_name_with_a_newline_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a\nb.txt").write_text("It is blue.")
    (skipped,) = load_articles(tmp_path)
    assert skipped == Skipped("a\\nb.txt", "its name holds a control character")
