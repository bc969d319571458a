"""Running headers and footers go, data stays, and what went is said."""

from __future__ import annotations

from index.formats.pdf.document import read_pdf
from index.formats.pdf.layout import Line
from index.formats.pdf.running_lines import without_running_lines
from tests.index.formats.pdf.making import Words, column, make_pdf


def _page(*lines: str, top: float = 700) -> list[Line]:
    return [
        Line(words, 50, 50 + 5 * len(words), top - 12 * at, 10) for at, words in enumerate(lines)
    ]


def _words(pages: list[list[Line]]) -> list[list[str]]:
    return [[line.words for line in page] for page in pages]


def test_headers_and_footers_are_left_out_and_named() -> None:
    pages = [
        [*_page("The Gazette", top=800), *_page(words), *_page(f"page {number} of 3", top=30)]
        for number, words in enumerate(("First.", "Second.", "Third."), start=1)
    ]
    kept, left_out = without_running_lines(pages)
    assert _words(kept) == [["First."], ["Second."], ["Third."]]
    assert left_out == ("page numbers: 3", "running line on 3 pages: The Gazette")


def test_headers_of_left_and_right_pages_are_left_out() -> None:
    pages = [
        _page(f"{number} | Harbour report" if number % 2 else f"The Gazette | {number}", words)
        for number, words in enumerate(("First.", "Second.", "Third.", "Fourth."), start=1)
    ]
    assert _words(without_running_lines(pages)[0]) == [
        ["First."],
        ["Second."],
        ["Third."],
        ["Fourth."],
    ]


def test_line_of_one_page_is_no_header() -> None:
    pages = [_page("The Gazette")]
    assert without_running_lines(pages) == (pages, ())
    pages = [_page("Same."), _page("Same.", top=500)]
    assert without_running_lines(pages) == (pages, ())


def test_lines_whose_numbers_differ_stay() -> None:
    pages = [
        column(f"Quarter {number} of 2024", f"Revenue: {350 + number} million crowns")
        for number in range(1, 5)
    ]
    read = read_pdf(make_pdf(*pages))
    for number in range(1, 5):
        assert f"Quarter {number} of 2024\nRevenue: {350 + number} million crowns" in read.text
    assert read.left_out == ()


def test_every_value_of_a_tide_table_stays() -> None:
    days = [
        _page("Tides", f"Day {day}", f"High water 06:{7 * day:02} 4.{day} m") for day in (1, 2, 3)
    ]
    kept, left_out = without_running_lines(days)
    assert _words(kept) == [
        [f"Day {day}", f"High water 06:{7 * day:02} 4.{day} m"] for day in (1, 2, 3)
    ]
    assert left_out == ("running line on 3 pages: Tides",)


def test_header_that_carries_data_stays_once() -> None:
    pages = [
        [*_page("Quarter 2 of 2024", top=800), *_page(words), *_page("Hotline: 555 0199", top=30)]
        for words in ("First.", "Second.", "Third.")
    ]
    kept, left_out = without_running_lines(pages)
    assert _words(kept) == [
        ["Quarter 2 of 2024", "First."],
        ["Second."],
        ["Third.", "Hotline: 555 0199"],
    ]
    assert left_out == (
        "running line on 2 pages: Hotline: 555 0199",
        "running line on 2 pages: Quarter 2 of 2024",
    )


def test_page_that_stands_twice_stays() -> None:
    page = column("Revenue was 355 million crowns.", "It rose.")
    text = read_pdf(make_pdf(page, page)).text
    assert text.count("Revenue was 355 million crowns.") == 2


def test_page_with_nothing_else_stays() -> None:
    pages = [_page("The Gazette", "First."), _page("The Gazette"), _page("The Gazette", "Third.")]
    assert _words(without_running_lines(pages)[0]) == [["First."], ["The Gazette"], ["Third."]]


def test_number_that_counts_up_in_a_row_of_data_stays() -> None:
    pages = [
        [Words(str(rank), 50, 800), Words(town, 120, 800), *column(f"{town} is a port.")]
        for rank, town in enumerate(("Auk", "Tern", "Eider"), start=1)
    ]
    text = read_pdf(make_pdf(*pages)).text
    assert [f"{rank} {town}" in text for rank, town in enumerate(("Auk", "Tern", "Eider"), 1)] == [
        True,
        True,
        True,
    ]
