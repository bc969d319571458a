"""One question asked of many: a row for each name, source, tag, month or article."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.records import FacetValue, Filters
    from index.stores.backend import Articles

Grouping = Literal["source", "tag", "month", "article"]
MAX_ROWS: Final = 100
_MOST_GROUPS: Final = 1000  # values of a field that are counted
SLOT: Final = re.compile(r"\{[^{}]{0,40}\}")


class TableRow(NamedTuple):
    """A row to be asked: what it is called, its question, and the articles that may answer it."""

    label: str
    question: str
    filters: Filters


class TableRows(NamedTuple):
    """The rows of a table, and how many more there would be than it may have."""

    rows: Sequence[TableRow]
    left_out: int = 0


def fill_slot(question: str, name: str) -> str:
    """Put a name into every slot (``{company}`` or the like) of a question."""
    return SLOT.sub(lambda _: name, question)


def rows_of_names(question: str, names: Iterable[str], filters: Filters) -> TableRows:
    """A row for each name, put into the slot of the question."""
    return TableRows([TableRow(name, fill_slot(question, name), filters) for name in names])


def rows_of_groups(
    question: str, by: Grouping, filters: Filters, articles: Articles, most: int = MAX_ROWS
) -> TableRows:
    """A row for each source, tag, month or article that passes the filters.

    The commonest sources and tags and the newest months come first, articles in corpus order.

    Args:
        question: Asked in every row.
        by: What the rows are.
        filters: Which articles may answer; a row has further ones.
        articles: The articles of the index.
        most: The most rows.
    """
    if by == "article":
        infos, total = articles.infos(filters, 0, most)
        rows = [
            TableRow(
                info.id if info.title is None else info.title,
                question,
                replace(filters, article_ids=frozenset([info.id])),
            )
            for info in infos
        ]
        return TableRows(rows, total - len(rows))
    groups = _groups(by, filters, articles)
    kept = groups[:most]
    rows = [TableRow(value, question, _narrowed(filters, by, value)) for value in kept]
    return TableRows(rows, len(groups) - len(kept))


def _groups(by: Grouping, filters: Filters, articles: Articles) -> list[str]:
    """The values of a field that articles which pass the filters have."""
    facets = articles.facets(_MOST_GROUPS, filters)
    values: Sequence[FacetValue]
    if by == "source":
        values, chosen = facets.sources, filters.sources
    elif by == "tag":
        values, chosen = facets.tags, filters.tags
    else:
        values, chosen = facets.months, frozenset[str]()
    if by != "month":
        values = sorted(values, key=lambda value: -value.articles)
    return [
        value
        for value, count in values
        if count > 0
        and (not chosen or value in chosen)
        and (by != "month" or _overlaps(_days_of(value), filters))
    ]


def _narrowed(filters: Filters, by: Grouping, value: str) -> Filters:
    if by == "source":
        return replace(filters, sources=frozenset([value]))
    if by == "tag":
        return replace(filters, tags=frozenset([value]))
    first, last = _days_of(value)
    if filters.published_from is not None:
        first = max(first, filters.published_from)
    if filters.published_to is not None:
        last = min(last, filters.published_to)
    return replace(filters, published_from=first, published_to=last)


def _days_of(month: str) -> tuple[dt.date, dt.date]:
    """The first and last day of a month such as 2025-01."""
    first = dt.date.fromisoformat(f"{month}-01")
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _overlaps(days: tuple[dt.date, dt.date], filters: Filters) -> bool:
    first, last = days
    return not (
        (filters.published_from is not None and last < filters.published_from)
        or (filters.published_to is not None and first > filters.published_to)
    )
