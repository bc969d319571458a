"""A cell stands after the heading of its column, in the line of its row."""

from __future__ import annotations

import io

import docx
import pytest

from index.formats.office.docx_document import read_docx
from index.formats.pdf.document import read_pdf
from index.formats.tables import Cell, labelled_rows, row_values, table_lines
from index.formats.text.markdown_tables import rewrite_tables
from index.formats.web.markup import fragment_text
from tests.index.formats.pdf.making import Words, make_pdf

ROWS = [
    ["Country", "Sales", "Change"],
    ["Sweden", "540", "20%"],
    ["Denmark", "450", "-3%"],
]
LINES = "- Country: Sweden; Sales: 540; Change: 20%\n- Country: Denmark; Sales: 450; Change: -3%"


def test_years_are_headings_and_empty_cells_are_left_out() -> None:
    rows = [["", "2023", "2024"], ["Sweden", "540", "560"], ["Denmark", "", "450"]]
    assert labelled_rows(rows) == ["Sweden; 2023: 540; 2024: 560", "Denmark; 2024: 450"]


def test_table_without_headings_or_with_merged_cells_is_not_labelled() -> None:
    assert labelled_rows([["Auk", "1978 tons"], ["Tern", "2001 tons"]]) is None
    assert labelled_rows([["Country", "Sales"], ["All of them"]]) is None
    assert labelled_rows([["Country", "Sales"]]) is None


def test_table_of_a_word_document_is_labelled() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    raw = io.BytesIO()
    document.save(raw)
    assert read_docx(raw.getvalue()).text == LINES


def test_table_of_a_pdf_is_labelled() -> None:
    page = [
        Words(words, 50 + 120 * at, 700 - 14 * number)
        for number, cells in enumerate(ROWS)
        for at, words in enumerate(cells)
    ]
    assert read_pdf(make_pdf(page)).text == LINES


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (
            "<tr><th>Country<th>Sales</tr><tr><td>Sweden<td>540</tr>",
            "- Country: Sweden; Sales: 540",
        ),
        (
            (
                "<caption>In crowns</caption><tr><th rowspan=2>Country<th colspan=2>Sales</tr>"
                "<tr><th>2023<th>2024</tr><tr><td colspan=3>Nordics</tr>"
                "<tr><th>Sweden<td>540<td>560</tr><tr><td>Norway<td colspan=2>closed</tr>"
            ),
            (
                "In crowns\n\n- Nordics\n- Country: Sweden; Sales 2023: 540; Sales 2024: 560\n"
                "- Country: Norway; Sales 2023, Sales 2024: closed"
            ),
        ),
        ("<tr><th colspan=2>Auk</tr><tr><th>Built:<td>1978</tr>", "- Auk\n- Built: 1978"),
        (
            "<tr><td rowspan=9>Nordics<td>Sweden</tr><tr><td>Norway</tr>",
            "- Nordics; Sweden\n- Nordics; Norway",
        ),
        ("<tr><td><p>One.</p><p>Two.</p><td>Three.</tr>", "One.\n\nTwo.\n\nThree."),
        (
            "<tr><td>Side<td><table><tr><th>Boat<th>Built</tr><tr><td>Auk<td>1978</tr></table></tr>",
            "Side\n\n- Boat: Auk; Built: 1978",
        ),
    ],
)
def test_table_of_a_web_page_is_labelled_and_layout_is_text(table: str, text: str) -> None:
    assert fragment_text(f"<table>{table}</table>") == text


def test_spans_of_hostile_tables_are_bounded() -> None:
    rows = [[Cell("x", rows=10**6, columns=10**6)], *([Cell("y")] for _ in range(5000))]
    assert len(table_lines(rows)) == 5001


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (
            "Before:\n| Country | Sales |\n|:--|--:|\n| Sweden | **540** |\n| a \\| b | 1 |\nAfter",
            "Before:\n\n- Country: Sweden; Sales: 540\n- Country: a | b; Sales: 1\n\nAfter",
        ),
        ("| | |\n|-|-|\n| Founded | 1907 |\n", "- Founded: 1907\n"),
        ("a | b\r\n-|-\r\n1 | 2\r\n", "- a: 1; b: 2\r\n"),
        ("```\n| a |\n|---|\n```\n", "```\n| a |\n|---|\n```\n"),
        ("Heading\n-------\na | b\n", "Heading\n-------\na | b\n"),
    ],
)
def test_table_of_markdown_is_labelled(written: str, text: str) -> None:
    assert rewrite_tables(written) == text


def test_long_row_goes_on_with_its_first_cell() -> None:
    headings = [Cell(f"Column {at}", is_heading=True) for at in range(40)]
    lines = table_lines([headings, [Cell(f"{at}") for at in range(40)]])
    assert len(lines) > 1
    assert all(line.startswith("Column 0: 0; ") for line in lines)


@pytest.mark.parametrize("is_heading", [True, False])
def test_long_cell_is_not_repeated_in_every_line(is_heading: bool) -> None:
    long, rows = "word " * 100, [[Cell(f"value {number}")] * 2 for number in range(50)]
    headings = [Cell(long, is_heading), Cell("Sales", is_heading)]
    assert len("".join(table_lines([headings, *rows]))) < 2500
    wide = [Cell(long), *(Cell(f"value {number}") for number in range(200))]
    assert len("".join(table_lines([wide]))) < 3500


def test_headings_above_each_other_are_bounded() -> None:
    """Each value would stand after all of them."""
    headings = [[Cell(f"Heading {number}", is_heading=True), Cell("")] for number in range(300)]
    rows = [[Cell(f"value {number}"), Cell("x")] for number in range(300)]
    lines = table_lines([*headings, *rows])
    assert len("".join(lines)) < 60_000
    assert lines[0] == "Heading 0:"
    assert lines[-1].startswith("Heading 290 Heading 291")


def test_merged_cells_of_a_word_document_are_repeated() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, cells in zip(
        table.rows, [["Region", "Country", "Sales"], ["North", "Sweden", "5"], ["", "Norway", "6"]],
        strict=True,
    ):  # fmt: skip
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    raw = io.BytesIO()
    document.save(raw)
    assert read_docx(raw.getvalue()).text == (
        "- Region: North; Country: Sweden; Sales: 5\n- Region: North; Country: Norway; Sales: 6"
    )


def test_values_of_a_row_are_found_again() -> None:
    (line,) = table_lines([[Cell("", is_heading=True), Cell("2023", is_heading=True)],
                           [Cell("Sweden"), Cell("540")]])  # fmt: skip
    assert [line[value:end] for _, value, end in row_values(line)] == ["Sweden", "540"]
    assert row_values("Price: 55 crowns a night") == row_values("One; two") == []


def test_headings_of_a_row_in_doubt_are_none() -> None:
    assert labelled_rows([["Founded", "1907"], ["People", "12,000"], ["Mayor", "Ines"]]) is None
