"""Days in words and numbers."""

from __future__ import annotations

import datetime as dt

import pytest

from index.formats.days import parse_day, parse_property_day

DAY = dt.date(2025, 3, 4)


@pytest.mark.parametrize(
    "words",
    [
        "2025-03-04",
        "2025/3/4",
        "2025-03-04T23:59:00+02:00",
        "2025-03-04 10:00:00 +0100",
        "20250304",
        "March 4, 2025",
        "Mar. 4 2025",
        "4 March 2025",
        "4th of March, 2025",
        "04-Mar-2025",
        "Tuesday, 4 March 2025, 10:15",
        "Tue, 04 Mar 2025 10:15:00 GMT",
        "March 4, 2025 at 9:05 am",
        "4.3.2025",
        " 4  March\n2025 ",
    ],
)
def test_day_is_read_however_it_is_written(words: str) -> None:
    assert parse_day(words) == DAY


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("3/14/2025", dt.date(2025, 3, 14)),
        ("14/3/2025", dt.date(2025, 3, 14)),
        ("3/3/2025", dt.date(2025, 3, 3)),
        ("3/4/2025", None),
        ("2025-02-30", None),
        ("31 February 2025", None),
        ("March 2025", None),
        ("2025", None),
        ("tomorrow", None),
        ("", None),
        ("4 March 2025 was a good day for the harbour", None),
        ("9" * 100_000, None),
    ],
)
def test_ambiguous_or_missing_day_is_none(words: str, day: dt.date | None) -> None:
    assert parse_day(words) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("D:20250304101500+01'00'", DAY),
        ("20250304", DAY),
        ("D:2025", None),
        ("D:20251304", None),
        ("", None),
        (None, None),
    ],
)
def test_day_in_the_properties_of_a_pdf(words: str | None, day: dt.date | None) -> None:
    assert parse_property_day(words) == day
