"""What a filter leaves, against a comparison of every article."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given

from index.records import Article, Filters
from index.stores.article_store import ArticleStore
from index.stores.article_writer import ArticleWriter
from index.stores.filter_columns import FilterColumns
from tests.index.making import DAYS, SOURCES, TAGS, chunk, filters, info

if TYPE_CHECKING:
    from pathlib import Path


def _articles() -> list[tuple[Article, int]]:
    """Articles of every kind, each third one a copy of the one before, with numbers of chunks."""
    made: list[tuple[Article, int]] = []
    for number in range(60):
        text = f"Text {number - (number % 3 == 2)}."
        about = info(
            ["one", "folder/two.md", "four ☂"][number] if number < 3 else str(number),
            source=[*SOURCES, None][number % 4],
            day=[None, *DAYS][number * 7 % 4],
            tags=TAGS[number % 5 : number % 5 + number % 3],
            text=text,
        )
        made.append((Article(about, text), number * 5 % 4 + 1))
    return made


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ArticleStore:
    path = tmp_path_factory.mktemp("columns") / "articles.sqlite"
    with ArticleWriter(path) as writer:
        for article, count in _articles():
            if not writer.add_copy(article):
                writer.add(article, [chunk(article.text, article.info.id)] * count)
    return ArticleStore(path)


@given(wanted=filters)
def test_filters_leave_what_a_comparison_of_every_article_leaves(
    store: ArticleStore, wanted: Filters
) -> None:
    shown: dict[str, str] = {}  # the first of equal articles that passes
    for article, _ in _articles():
        if wanted.matches(article.info):
            shown.setdefault(article.text, article.info.id)
    expected_ids, expected_chunks, at = list[str](), list[int](), 0
    seen = set[str]()
    for article, count in _articles():
        if article.text in seen:
            continue
        seen.add(article.text)
        if article.text in shown:
            expected_ids.append(shown[article.text])
            expected_chunks.extend(range(at, at + count))
        at += count
    allowed = store.allowed_chunks(wanted)
    assert (list(range(at)) if allowed is None else allowed.tolist()) == expected_chunks
    infos, total = store.infos(wanted, 0, 100)
    assert ([one.id for one in infos], total) == (expected_ids, len(expected_ids))
    assert store.infos(wanted, 3, 2) == (infos[3:5], total)


def test_columns_of_nothing_leave_nothing(tmp_path: Path) -> None:
    with ArticleWriter(tmp_path / "articles.sqlite"):
        pass
    with closing(sqlite3.connect(tmp_path / "articles.sqlite")) as connection:
        columns = FilterColumns(connection)
    assert columns.chunks(Filters(sources=frozenset({"Wire"})), []).tolist() == []
    assert columns.articles(Filters(), []).dtype == np.int64
