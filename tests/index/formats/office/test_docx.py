"""Every character that Word shows is in the text once; what is left out is named."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.errors import ArticleError
from index.formats.office.docx_document import read_docx

if TYPE_CHECKING:
    from index.formats.raw_article import RawArticle

_W = nsdecls("w")
_M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_FOOTNOTES = (
    f'<w:footnotes {_W}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
    '<w:footnote w:id="5"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>By the budget.</w:t></w:r>'
    "</w:p></w:footnote></w:footnotes>"
)


def _file(*paragraphs: str, parts: dict[str, str] | None = None) -> bytes:
    """A document of paragraphs, given as the XML inside them, with further parts."""
    document = docx.Document()
    for inside in paragraphs:
        element = parse_xml(f"<w:p {_W} {_M} {_MC}>{inside}</w:p>")
        document.element.body.insert(len(document.element.body) - 1, element)
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue() if parts is None else _with_parts(raw.getvalue(), parts)


def _with_parts(raw: bytes, parts: dict[str, str]) -> bytes:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(changed, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name).decode("utf-8", "surrogateescape")
            for kind in parts:
                content = content.replace(
                    "</Types>",
                    f'<Override PartName="/word/{kind}.xml" ContentType="application/vnd.'
                    f'openxmlformats-officedocument.wordprocessingml.{kind}+xml"/></Types>',
                )
                if name == "word/_rels/document.xml.rels":
                    content = content.replace(
                        "</Relationships>",
                        f'<Relationship Id="x{kind}" Target="{kind}.xml" Type="http://schemas.'
                        f'openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
                        "</Relationships>",
                    )
            copy.writestr(name, content.encode("utf-8", "surrogateescape"))
        for kind, content in parts.items():
            copy.writestr(f"word/{kind}.xml", content)
    return changed.getvalue()


def _run(words: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{words}</w:t></w:r>'


def _read(*paragraphs: str) -> RawArticle:
    return read_docx(_file(*paragraphs))


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (_run("2026") + "<w:r><w:noBreakHyphen/></w:r>" + _run("2027"), "2026\u20112027"),
        ('<w:r><w:sym w:font="Arial" w:char="F0A3"/></w:r>' + _run("9 a tonne"), "£9 a tonne"),
        ('<w:r><w:sym w:font="Arial" w:char="00A3"/></w:r>' + _run("9 a tonne"), "£9 a tonne"),
        (_run("4 ") + '<w:r><w:sym w:font="Symbol" w:char="F0B0"/></w:r>' + _run("C"), "4 °C"),
        (_run("engi") + "<w:r><w:softHyphen/></w:r>" + _run("neer"), "engineer"),
        (
            "<w:r><w:ruby><w:rt>" + _run("kan") + "</w:rt><w:rubyBase>" + _run("漢")
            + "</w:rubyBase></w:ruby></w:r>",
            "漢",
        ),
        (
            _run("It is ") + "<m:oMath><m:r><m:t>E=m</m:t></m:r><m:sSup><m:e><m:r><m:t>c</m:t>"
            "</m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>",
            "It is E=mc²",
        ),
    ],
)  # fmt: skip
def test_every_character_that_word_shows_is_read(inside: str, words: str) -> None:
    assert _read(inside).text == words


def test_hidden_text_is_left_out_and_named() -> None:
    hidden = _run("secret ", "<w:rPr><w:vanish/></w:rPr>")
    shown = _run("shown", '<w:rPr><w:vanish w:val="0"/></w:rPr>')
    read = _read(_run("All is ") + hidden + shown)
    assert read.text == "All is shown"
    assert read.left_out == ("passages of hidden text: 1",)


CODES = ("F0FC", "F021")  # a tick, and a pencil that Unicode has in another shape


def test_symbol_without_a_character_is_named() -> None:
    symbols = "".join(f'<w:r><w:sym w:font="Wingdings" w:char="{at}"/></w:r>' for at in CODES)
    read = _read(_run("Done ") + symbols)
    assert (read.text, read.left_out) == ("Done ✓", ("symbols of the font Wingdings: 1",))


def test_footnote_follows_the_text_after_its_mark() -> None:
    inside = _run("It cost 355 crowns") + '<w:r><w:footnoteReference w:id="5"/></w:r>' + _run(".")
    read = read_docx(_file(inside, parts={"footnotes": _FOOTNOTES}))
    assert read.text == "It cost 355 crowns¹.\n\n¹ By the budget."


def test_text_box_is_read_once() -> None:
    box = f"<w:txbxContent><w:p>{_run('In the box.')}</w:p></w:txbxContent>"
    alternative = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert _read(_run("Outside.") + alternative).text == "Outside.\n\nIn the box."


def test_nested_table_is_read_once() -> None:
    document = docx.Document()
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "Boats"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Auk", "1978"
    raw = io.BytesIO()
    document.save(raw)
    text = read_docx(raw.getvalue()).text
    assert [text.count(word) for word in ("Boats", "Auk", "1978")] == [1, 1, 1]


def test_headers_are_named() -> None:
    document = docx.Document()
    document.add_paragraph("The text.")
    document.sections[0].header.paragraphs[0].text = "Gazette"
    raw = io.BytesIO()
    document.save(raw)
    read = read_docx(raw.getvalue())
    assert (read.text, read.left_out) == ("The text.", ("page headers and footers: 1",))


def test_charts_diagrams_and_objects_are_named() -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    parts = (
        f"<w:r><w:drawing><c:chart xmlns:c='{drawing}/chart'/></w:drawing></w:r>"
        f"<w:r><w:drawing><d:relIds xmlns:d='{drawing}/diagram'/></w:drawing></w:r>"
        "<w:r><w:object/></w:r>"
    )
    read = _read(_run("The text.") + parts)
    assert read.text == "The text."
    assert read.left_out == ("charts: 1", "diagrams: 1", "embedded objects: 1")


def test_strict_document_is_read() -> None:
    raw, strict = _file(_run("Dogs travel free.")), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(strict, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            for group, kind in (
                (b"wordprocessingml", b"main"),
                (b"officeDocument", b"relationships"),
            ):
                content = content.replace(
                    b"http://schemas.openxmlformats.org/" + group + b"/2006/" + kind,
                    b"http://purl.oclc.org/ooxml/" + group + b"/" + kind,
                )
            copy.writestr(name, content)
    assert read_docx(strict.getvalue()).text == "Dogs travel free."


def test_archive_of_something_else_is_refused() -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("note.txt", "nothing")
    with pytest.raises(ArticleError, match=r"not a \.docx document"):
        read_docx(raw.getvalue())
