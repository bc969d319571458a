"""Workbooks and presentations: values as they are shown, tables with headings, slides as pages."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pptx
import pytest
from openpyxl.styles import Font
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml

from index.formats.office.number_formats import shown_value
from index.formats.office.pptx_presentation import read_pptx
from index.formats.office.xlsx_workbook import read_xlsx


@pytest.mark.parametrize(
    ("value", "number_format", "words"),
    [
        (0.2, "0%", "20%"),
        (0.125, "0.0%", "12.5%"),
        (1210, "#,##0", "1,210"),
        (-3.5, "#,##0.00;(#,##0.00)", "(3.50)"),
        (-3.5, "0.0", "-3.5"),
        (55, '"€"#,##0.00', "€55.00"),
        (55, "#,##0.00\\ [$kr-41D]", "55.00 kr"),
        (2.345, "0.00", "2.35"),
        (2.5, "0.0##", "2.5"),
        (4200000, '0.0,,"m"', "4.2m"),
        (0.1 + 0.2, "General", "0.3"),
        (12.0, "General", "12"),
        (5, "# ?/?", "5"),
        (5, '[Red]0"x"', "5x"),
        (1e300, "0.00", "1e+300"),
        (True, "General", "TRUE"),
        (dt.datetime(2025, 3, 4), "yyyy-mm-dd", "2025-03-04"),  # noqa: DTZ001
        (dt.datetime(2025, 3, 4, 9, 30), "General", "2025-03-04 09:30"),  # noqa: DTZ001
        (dt.time(6, 15), "hh:mm", "06:15"),
        (dt.time(6, 15, 30), "h:mm:ss", "06:15:30"),
        (None, "0", ""),
    ],
)
def test_value_is_shown_as_its_format_says(value: object, number_format: str, words: str) -> None:
    assert shown_value(value, number_format) == words


def _workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = "Sales"
    return book


def _saved(book: openpyxl.Workbook) -> bytes:
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def test_sheet_is_titles_and_rows_with_headings() -> None:
    book = _workbook()
    sheet = book.active
    for row in (["Brandt Paper"], [], ["Country", "Sales", "Q1"], ["Sweden", 540, 0.2], ["Sum", 5]):
        sheet.append(row)
    sheet["C4"].number_format = "0%"
    other = book.create_sheet("Notes")
    other.append(["Mayor", "Ines"])
    other.append(["Pilot", "Oluf"])
    hidden = book.create_sheet("Secret")
    hidden.sheet_state = "hidden"
    read = read_xlsx(_saved(book))
    assert read.text == (
        "## Sales\n\nBrandt Paper\n\n- Country: Sweden; Sales: 540; Q1: 20%\n"
        "- Country: Sum; Sales: 5\n\n## Notes\n\n- Mayor; Ines\n- Pilot; Oluf"
    )
    assert read.left_out == ("hidden sheets: 1",)


def test_bold_row_is_headings_and_formulas_without_a_value_are_named() -> None:
    book = _workbook()
    for row in (["Boat", "Master"], ["Auk", "Ines"], ["Tern", "=A1"]):
        book.active.append(row)
    for cell in book.active[1]:
        cell.font = Font(bold=True)
    read = read_xlsx(_saved(book))
    assert read.text == "- Boat: Auk; Master: Ines\n- Boat: Tern"
    assert read.left_out == ("formulas without a value: 1",)


def test_slides_are_pages_with_titles_tables_and_notes() -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Fares"
    table = slide.shapes.add_table(2, 2, 0, 0, 99, 99).table
    for at, words in enumerate(("Who", "Price", "Adult", "38")):
        table.cell(at // 2, at % 2).text = words
    slide.notes_slide.notes_text_frame.text = "Say it twice."
    hidden = show.slides.add_slide(show.slide_layouts[5])
    hidden.shapes.title.text = "Secret"
    hidden.element.set("show", "0")
    last = show.slides.add_slide(show.slide_layouts[1])
    last.shapes.title.text = "End"
    last.placeholders[1].text = "Thanks\nBye"
    raw = io.BytesIO()
    show.save(raw)
    read = read_pptx(raw.getvalue())
    assert [read.text[slice(*page)] for page in read.pages] == [
        "## Fares\n\n- Who: Adult; Price: 38\n\nSay it twice.",
        "## End\n\n- Thanks\n- Bye",
    ]
    assert read.left_out == ("hidden slides: 1",)
    assert read.fields.title in {"Fares", "PowerPoint Presentation"}


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"


def test_equation_of_a_slide_is_named() -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Fares"
    math = f"{OFFICE}/math"
    slide.shapes.title.text_frame.paragraphs[0]._p.append(
        parse_xml(f"<m:oMath xmlns:m='{math}'><m:r><m:t>E=mc</m:t></m:r></m:oMath>")
    )
    raw = io.BytesIO()
    show.save(raw)
    assert read_pptx(raw.getvalue()).left_out == ("equations: 1",)


def test_comments_of_a_slide_are_counted() -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Fares"
    comments = Part(
        PackURI("/ppt/comments/comment1.xml"),
        "application/vnd.openxmlformats-officedocument.presentationml.comments+xml",
        show.part.package,
        b"<p:cmLst xmlns:p='p'><p:cm idx='1'/><p:cm><p:text>Why?</p:text></p:cm></p:cmLst>",
    )
    slide.part.relate_to(comments, f"{OFFICE}/relationships/comments")
    raw = io.BytesIO()
    show.save(raw)
    assert read_pptx(raw.getvalue()).left_out == ("comments: 2",)


def test_drawings_and_headers_of_a_sheet_are_named() -> None:
    book = _workbook()
    book.active.append(["Mayor", "Ines"])
    book.active.oddHeader.center.text = "Draft"
    changed = io.BytesIO(_saved(book))
    with zipfile.ZipFile(changed, "a") as archive:
        archive.writestr(
            "xl/drawings/drawing1.xml",
            "<xdr:wsDr><xdr:txBody><a:p><a:r><a:t>Note</a:t></a:r></a:p></xdr:txBody>"
            "<xdr:txBody><a:p/></xdr:txBody></xdr:wsDr>",
        )
    read = read_xlsx(changed.getvalue())
    assert read.left_out == ("page headers and footers: 1", "texts in drawings: 1")
