"""Rows of a table: a name, or a group of the articles that pass the filters."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from api.answering.questions.table_rows import Grouping, rows_of_groups, rows_of_names
from index.generations.generation import open_current
from index.records import NO_FILTERS, Filters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.building.builder import BuildSummary
    from index.stores.backend import Articles
    from tests.conftest import FakeEncoder


@pytest.fixture
def articles(build: Callable[[], BuildSummary], index_dir: Path, encoder: FakeEncoder) -> Articles:
    build()
    return open_current(index_dir, encoder).articles


def test_names_are_put_into_the_slot_as_they_are() -> None:
    names = [r"Meta \1", "{x}"]
    table = rows_of_names(
        "How much is {company} spending, and {company}'s heir?", names, NO_FILTERS
    )
    assert [row.question for row in table.rows] == [
        r"How much is Meta \1 spending, and Meta \1's heir?",
        "How much is {x} spending, and {x}'s heir?",
    ]
    assert table.left_out == 0


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("source", ["Sample Markets", "Sample Wire"]),
        ("tag", ["capex", "social"]),
        ("month", ["2025-04", "2025-01"]),
        ("article", ["Meta raises its budget", "Microsoft keeps building", "rain"]),
    ],
)
def test_every_group_is_a_row_whose_filters_leave_its_articles(
    articles: Articles, by: Grouping, labels: list[str]
) -> None:
    table = rows_of_groups("How much?", by, NO_FILTERS, articles)
    assert sorted(row.label for row in table.rows) == sorted(labels)
    assert table.left_out == 0
    for row in table.rows:
        assert articles.infos(row.filters, 0, 1)[1] > 0


def test_groups_are_those_of_the_articles_that_pass(articles: Articles) -> None:
    filters = Filters.of(sources=["Sample Markets"])
    assert [row.label for row in rows_of_groups("?", "source", filters, articles).rows] == [
        "Sample Markets"
    ]
    assert [row.label for row in rows_of_groups("?", "tag", filters, articles).rows] == ["capex"]


def test_months_end_where_the_filter_by_day_does(articles: Articles) -> None:
    filters = Filters.of(published_from=dt.date(2025, 1, 3), published_to=dt.date(2025, 4, 2))
    (row,) = rows_of_groups("?", "month", filters, articles).rows[-1:]
    assert (row.label, row.filters.published_from, row.filters.published_to) == (
        "2025-01",
        dt.date(2025, 1, 3),
        dt.date(2025, 1, 31),
    )


@pytest.mark.parametrize("by", ["source", "article"])
def test_rows_beyond_the_most_are_counted(articles: Articles, by: Grouping) -> None:
    table = rows_of_groups("?", by, NO_FILTERS, articles, most=1)
    assert (len(table.rows), table.left_out) == (1, 1 if by == "source" else 2)
