"""A cell stands after the heading of its column, in the line of its row."""

from __future__ import annotations

import io

import docx

from index.formats.docx_document import read_docx
from index.formats.pdf import read_pdf
from index.formats.tables import labelled_rows
from tests.index.formats.pdf_making import Words, make_pdf

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
