"""Plain text: the author, title and day that stand above and below it."""

from __future__ import annotations

import datetime as dt

from index.formats.registry import FORMATS
from index.formats.text.plain import read_plain
from index.loading.describing import find_day


def test_byline_names_the_author_below_the_title() -> None:
    text = "QUAY CLOSES\n\nBy Ines Aldous and Tom de Wit\n\nSKERRY, May 20 (Wire) - Dogs travel.\n"
    article = read_plain(text.encode())
    assert article.text == text
    assert article.fields.title == "QUAY CLOSES"
    assert article.fields.author == "Ines Aldous and Tom de Wit"


def test_headers_are_metadata() -> None:
    fields = read_plain(b"Title: Quay closes\nBy: Ines Aldous\nDate: 20 May 2024\n\nDogs.").fields
    assert (fields.title, fields.author) == ("Quay closes", "Ines Aldous")
    assert fields.published_at == dt.date(2024, 5, 20)


def test_single_label_and_prose_are_no_metadata() -> None:
    assert read_plain(b"Date: 20 May 2024\n\nDogs.").fields.published_at is None
    assert read_plain(b"Dogs travel\nBy boat they go free.").fields.author is None


def test_day_below_the_text_counts_where_it_is_labelled() -> None:
    raw = read_plain(b"Dogs travel.\n\nPublished 20 May 2024 06:30 GMT\n")
    day = find_day(raw, "a.txt", FORMATS[".txt"])
    assert day is not None
    assert day.day == dt.date(2024, 5, 20)
    padding = "Dogs travel.\n" * 20
    assert (
        find_day(read_plain(f"{padding}20 May 2024\n".encode()), "a.txt", FORMATS[".txt"]) is None
    )
