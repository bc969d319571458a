"""Filters: how they are made, and what passes them."""

from __future__ import annotations

import datetime as dt

import pytest

from index.records import NO_FILTERS, Filters
from tests.index.making import info

DAY = dt.date(2025, 1, 1)
ABOUT = info("a.md", source="Wire", day=DAY, tags=["capex", "chips"])
BARE = info("b.md")


def test_filters_of_lists_are_sets_and_none_is_empty() -> None:
    made = Filters.of(published_to=DAY, sources=["Wire", "Post", "Wire"], tags=iter("ab"))
    assert made == Filters(None, DAY, frozenset({"Post", "Wire"}), frozenset(), frozenset("ab"))
    assert not made.is_empty
    assert Filters.of() == NO_FILTERS
    assert NO_FILTERS.is_empty


def test_filters_with_days_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match=r"published_from \(2025-01-02\) is after .*2025-01-01"):
        Filters.of(published_from=DAY + dt.timedelta(days=1), published_to=DAY)


@pytest.mark.parametrize(
    ("filters", "passes", "bare_passes"),
    [
        (NO_FILTERS, True, True),
        (Filters.of(published_from=DAY, published_to=DAY), True, False),
        (Filters.of(published_from=DAY + dt.timedelta(days=1)), False, False),
        (Filters.of(published_to=DAY - dt.timedelta(days=1)), False, False),
        (Filters.of(sources=["Post", "Wire"]), True, False),
        (Filters.of(sources=["wire"]), False, False),
        (Filters.of(article_ids=["a.md", "c.md"]), True, False),
        (Filters.of(article_ids=["b.md"]), False, True),
        (Filters.of(tags=["social", "chips"]), True, False),
        (Filters.of(tags=["social"]), False, False),
        (Filters.of(sources=["Wire"], tags=["social"]), False, False),
    ],
)
def test_values_of_a_field_are_alternatives_and_fields_must_all_hold(
    filters: Filters, passes: bool, bare_passes: bool
) -> None:
    assert filters.matches(ABOUT) is passes
    assert filters.matches(BARE) is bare_passes
