"""Tables with narrow gaps, and what browsers print around a page."""

from __future__ import annotations

from index.formats.pdf.document import read_pdf
from index.formats.pdf.layout import Line
from index.formats.pdf.narrow_tables import parted_rows
from tests.index.formats.pdf.making import Words, column, make_pdf


def test_rows_of_a_table_with_narrow_gaps_are_apart() -> None:
    rows = [("Month", "Tonnes"), ("January", "61"), ("February", "72"), ("March", "80")]
    lines = [
        Words(words, left, 700 - 16 * at)
        for at, row in enumerate(rows)
        for left, words in zip((50, 100), row, strict=True)
    ]
    assert read_pdf(make_pdf(lines)).text == (
        "- Month: January; Tonnes: 61\n- Month: February; Tonnes: 72\n- Month: March; Tonnes: 80"
    )


def test_prose_is_no_table() -> None:
    lines = column("Dogs go free on", "the old ferry to", "the big isle and", "they come back.")
    assert read_pdf(make_pdf(lines)).text == (
        "Dogs go free on the old ferry to the big isle and they come back."
    )


def test_justified_prose_is_no_table() -> None:
    gaps = (
        ((20, 25), (50, 55), (80, 85)),
        ((30, 35), (50, 55), (70, 75)),
        ((10, 15), (50, 55), (90, 95)),
    )
    lines = [Line("All of it was", 0, 110, 700 - 12 * at, 10, row) for at, row in enumerate(gaps)]
    assert parted_rows(lines) == lines


def _printed(number: int, pages: int) -> list[Words]:
    return [
        Words("3/4/25, 4:09 PM", 24, 800, 8),
        Words("Ferry", 300, 800, 8),
        *column(f"Dogs travel free on ferry {number}."),
        Words("https://skerry.example/ferry", 24, 17, 8),
        Words(f"{number}/{pages}", 560, 17, 8),
    ]


def test_browser_header_and_footer_go_and_the_address_stays() -> None:
    article = read_pdf(make_pdf(_printed(1, 1)))
    assert article.text == "Dogs travel free on ferry 1."
    assert article.fields.url == "https://skerry.example/ferry"
    assert article.left_out == ("a browser's header and footer on 1 pages",)


def test_printed_page_has_the_day_and_author_of_its_byline_not_those_of_printing() -> None:
    prose = ("Dogs go free on", "the old ferry to", "the big isle and", "come back.")
    head = column("Ferry gets faster", "", "By Ines Aldous, 4 March 2025", "", *prose)
    page = [*_printed(1, 1)[:2], *head, *_printed(1, 1)[3:]]
    info = b"9 0 obj\n<</Title(Ferry gets faster - Gazette)/CreationDate(D:20260101)>>\nendobj\n"
    raw = make_pdf(page).replace(b"trailer\n<<", info + b"trailer\n<</Info 9 0 R")
    article = read_pdf(raw)
    assert article.fields.title == "Ferry gets faster"
    assert article.fields.author == "Ines Aldous"
    assert article.created is None


def test_footer_that_does_not_count_the_pages_stays() -> None:
    assert "2/7" in read_pdf(make_pdf(_printed(2, 7))).text
