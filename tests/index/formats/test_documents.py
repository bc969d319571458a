"""Documents are read in a process of their own, which nothing in a file can turn on the build."""

from __future__ import annotations

import functools
import io
import sys
import zipfile
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest

from index.errors import ArticleError
from index.formats.documents import DocumentReader
from index.formats.registry import FORMATS
from tests.conftest import FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.formats.raw_article import Entry

_SCRIPT = "from index.formats import parser; parser.MAX_SECONDS = 0; parser.main()"
_HOSTILE = "tests.index.formats.hostile_readers"
_SHOUT = f"{_HOSTILE}:shout"


@pytest.fixture(scope="module")
def documents() -> Iterator[DocumentReader]:
    """The real parser process, kept for all tests: it has to survive every one of them."""
    reader = DocumentReader()
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def hostile() -> Iterator[DocumentReader]:
    reader = DocumentReader([sys.executable, "-c", _SCRIPT])
    yield reader
    reader.close()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("crash", "its reader crashed (SIGSEGV)"),
        ("leave", "its reader ended with status 3"),
        ("work_forever", "reading it took more than 60 seconds of processor time"),
        ("fill_memory", "reading it took more than 2147483648 bytes of memory"),
        ("nest", "it is nested too deeply"),
        ("connect", "it cannot be read: PermissionError: a reader may not do this: "),
        ("resolve", "it cannot be read: PermissionError: a reader may not do this: "),
        ("run", "it cannot be read: PermissionError: a reader may not do this: "),
    ],
)
def test_reader_that_misbehaves_is_reported_and_the_next_file_read(
    hostile: DocumentReader, name: str, reason: str
) -> None:
    with pytest.raises(ArticleError) as raised:
        hostile.read(".x", f"{_HOSTILE}:{name}", b"x")
    assert str(raised.value).startswith(reason)
    assert hostile.read(".x", _SHOUT, b"") == []


def test_reader_without_its_package_says_what_to_install(documents: DocumentReader) -> None:
    reason = r"reading '\.x' files needs the package of the module 'index\.formats\.not_there'"
    with pytest.raises(ArticleError, match=reason):
        documents.read(".x", "index.formats.not_there:read", b"x")


def test_reader_that_prints_does_not_disturb_the_answers(hostile: DocumentReader) -> None:
    assert [hostile.read(".x", _SHOUT, b"") for _ in range(3)] == [[], [], []]


def _read(documents: DocumentReader, suffix: str, raw: bytes) -> list[Entry]:
    return documents.read(suffix, FORMATS[suffix].reader, raw)


def test_text_that_is_too_long_stays_in_the_parser_process(hostile: DocumentReader) -> None:
    """A few bytes may say the same words often; the service must not hold them all."""
    entries = hostile.read(".x", f"{_HOSTILE}:repeat", b"2")
    assert [str(entry.content) for entry in entries] == [
        "its text has 16777217 characters; an article may have at most 16777216 bytes"
    ] * 2
    with pytest.raises(ArticleError, match="it has over 134217728 characters of text"):
        hostile.read(".x", f"{_HOSTILE}:repeat", b"8")


def test_reader_that_is_closed_starts_again(hostile: DocumentReader) -> None:
    first = _read(hostile, ".pdf", PDF)
    hostile.close()
    hostile.close()
    assert _read(hostile, ".pdf", PDF) == first


def _archive(parts: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return raw.getvalue()


@functools.cache
def _bomb() -> bytes:
    return _archive({"word/document.xml": bytes(128 * 1024 * 1024 + 1)})


@functools.cache
def _parts() -> bytes:
    return _archive({f"{number}": b"" for number in range(10_001)})


def _changed_docx(*words: bytes) -> bytes:
    """The ferry's document with words in its main part replaced: old, new, old, new."""
    with zipfile.ZipFile(FILES / "ferry.docx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for old, new in zip(words[::2], words[1::2], strict=True):
        assert old in parts["word/document.xml"]
        parts["word/document.xml"] = parts["word/document.xml"].replace(old, new)
    return _archive(parts)


def _blank_pdf(pages: int) -> bytes:
    raw = io.BytesIO()
    with pdfium.PdfDocument.new() as document:
        for _ in range(pages):
            document.new_page(100, 100)
        document.save(raw)
    return raw.getvalue()


def _with_part(file: str, part: str, old: bytes, new: bytes) -> bytes:
    """A file of a real program with some bytes of one part replaced."""
    with zipfile.ZipFile(FILES / "programs" / file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    return _archive({**parts, part: parts[part].replace(old, new, 1)})


ARCHIVES = {
    ".epub": ("pandoc.epub", "EPUB/text/ch001.xhtml", b"Dogs"),
    ".odt": ("libreoffice.odt", "content.xml", b"Dogs"),
    ".pptx": ("pandoc.pptx", "ppt/slides/slide2.xml", b"Dogs"),
    ".xlsx": ("libreoffice.xlsx", "xl/sharedStrings.xml", b"Denmark"),
}
PDF = (FILES / "ferry.pdf").read_bytes()
DOCX = (FILES / "ferry.docx").read_bytes()


@pytest.mark.parametrize(
    ("suffix", "raw", "reason"),
    [
        (".pdf", b"", "not a PDF that can be read: "),
        (".pdf", b"%PDF-1.7\n" + b"\xff" * 500, "not a PDF that can be read: "),
        (".pdf", (FILES / "locked.pdf").read_bytes(), "encrypted: it opens with a password only"),
        (".pdf", _blank_pdf(2), "no text on its 2 pages: they may be pictures of text"),
        (".docx", b"", "not a .docx file: File is not a zip file"),
        (".docx", DOCX[: len(DOCX) // 2], "not a .docx file: File is not a zip file"),
        (".docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, "encrypted, or a .doc file"),
        (".docx", _archive({"a": b"b"}), "not a .docx document: "),
        (
            ".docx",
            _changed_docx(b"<w:body>", b"<w:body>" + b"<w:sdt>" * 50_000),
            "it cannot be read: XMLSyntaxError: ",
        ),
        (".html", b"", "no main text was found in the page"),
        (".html", b"<html><body><script>alert(1)</script></body></html>", "no main text was fou"),
        (".html", b"\xff\x00" * 99, "not UTF-8: byte 0xff at offset 0"),
        (".xml", b"", "not an RSS or Atom feed"),
        (".xml", b"<note><to>nobody</to></note>", "not an RSS or Atom feed"),
        (".rss", b"\x00\xff" * 99, "not an RSS or Atom feed"),
    ],
)
def test_broken_or_hostile_document_is_an_error_that_says_why(
    documents: DocumentReader, suffix: str, raw: bytes, reason: str
) -> None:
    _check_refused(documents, suffix, raw, reason)


@pytest.mark.parametrize(
    ("suffix", "make", "reason"),
    [
        (".pdf", lambda: _blank_pdf(5001), "5001 pages; at most 5000 are read"),
        (
            ".docx",
            _bomb,
            "it unpacks to 134217729 bytes; at most 134217728 are unpacked",
        ),
        (
            ".docx",
            _parts,
            "it has 10001 parts; at most 10000 are unpacked",
        ),
    ],
    ids=["pages", "bytes", "parts"],
)
def test_huge_document_is_an_error_that_says_what_is_too_much(
    documents: DocumentReader, suffix: str, make: Callable[[], bytes], reason: str
) -> None:
    _check_refused(documents, suffix, make(), reason)


def _check_refused(documents: DocumentReader, suffix: str, raw: bytes, reason: str) -> None:
    with pytest.raises(ArticleError) as raised:
        _read(documents, suffix, raw)
    assert str(raised.value).startswith(reason)
    assert "\n" not in str(raised.value)


def _outcome(documents: DocumentReader, suffix: str, raw: bytes) -> str:
    """The text of a document, or why there is none."""
    try:
        (entry,) = _read(documents, suffix, raw)
    except ArticleError as error:
        return str(error)
    return str(entry.content) if isinstance(entry.content, ArticleError) else entry.content.text


@pytest.mark.parametrize("cut", [0.25, 0.5, 0.9, 0.99])
def test_pdf_that_is_cut_off_is_read_as_far_as_it_goes_or_refused(
    documents: DocumentReader, cut: float
) -> None:
    found = _outcome(documents, ".pdf", PDF[: int(len(PDF) * cut)])
    assert found.startswith(("not a PDF", "page ", "no text", "Skerry Sound gets"))


def test_html_nested_without_end_is_read_or_refused(documents: DocumentReader) -> None:
    raw = b"<html><body>" + b"<div>" * 100_000 + b"<p>In nineteen minutes.</p>"
    found = _outcome(documents, ".html", raw)
    assert found in {
        "In nineteen minutes.",
        "it is nested too deeply",
        "no main text was found in the page",
    }


FEED = """<?xml version="1.0"?><!DOCTYPE rss [{entities}]>
<rss version="2.0"><channel><title>Gazette</title>
<item><title>Ferry</title><description>It crosses. &a;</description></item></channel></rss>"""


@pytest.mark.parametrize("suffix", [".rss", ".docx", ".html"])
def test_external_entity_is_never_read(
    documents: DocumentReader, tmp_path: Path, suffix: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the combination is 4711")
    entity = f'<!ENTITY a SYSTEM "{secret.as_uri()}">'
    head = f"<!DOCTYPE w:document [{entity}]><w:document ".encode()
    raw = {
        ".rss": FEED.format(entities=entity).encode(),
        ".docx": _changed_docx(
            b"<w:document ", head, b"Dogs travel free.", b"Dogs travel free. &a;"
        ),
        ".html": f"<!DOCTYPE html [{entity}]><body><p>It crosses.</p><p>&a;</p>".encode(),
    }[suffix]
    (entry,) = _read(documents, suffix, raw)
    assert not isinstance(entry.content, ArticleError)
    assert "4711" not in entry.content.text
    assert entry.content.text


MULTIPLYING = '<!ENTITY x "xxxxxxxxxx">' + "".join(
    f'<!ENTITY {name} "{f"&{below};" * 10}">'
    for below, name in zip("xihgfedcb", "ihgfedcba", strict=True)
)


def test_entities_that_multiply_do_not(documents: DocumentReader) -> None:
    assert len(_outcome(documents, ".rss", FEED.format(entities=MULTIPLYING).encode())) < 1000
    head = f"<!DOCTYPE w:document [{MULTIPLYING}]><w:document ".encode()
    docx = _changed_docx(b"<w:document ", head, b"Dogs travel free.", b"Dogs travel free. &a;")
    assert len(_outcome(documents, ".docx", docx)) < 1000


@pytest.mark.parametrize("kids", [b"2 0 R 2 0 R", b"2 0 R " * 4000])
def test_pdf_whose_pages_go_round_in_a_circle_is_refused(
    documents: DocumentReader, kids: bytes
) -> None:
    raw = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n"
        b"<</Type/Pages/Count 4000/Kids[" + kids + b"]>>\nendobj\n"
        b"trailer\n<</Size 3/Root 1 0 R>>\n%%EOF"
    )
    assert _outcome(documents, ".pdf", raw).startswith(("page 1 cannot be read", "not a PDF"))


every_archive = pytest.mark.parametrize("suffix", ARCHIVES)


@every_archive
def test_archive_that_unpacks_to_too_much_is_refused(
    documents: DocumentReader, suffix: str
) -> None:
    bomb = _bomb()
    assert _outcome(documents, suffix, bomb) == (
        "it unpacks to 134217729 bytes; at most 134217728 are unpacked"
    )
    many = _parts()
    assert _outcome(documents, suffix, many) == "it has 10001 parts; at most 10000 are unpacked"
    other = _outcome(documents, suffix, _archive({"note.txt": b"nothing"}))
    assert other.startswith(f"not a{'n' if suffix == '.xlsx' else ''} {suffix} ")


@every_archive
def test_entity_in_an_archive_neither_multiplies_nor_reads_a_file(
    documents: DocumentReader, suffix: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the combination is 4711")
    file, part, word = ARCHIVES[suffix]
    with zipfile.ZipFile(FILES / "programs" / file) as archive:
        content = archive.read(part)
    start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
    for entities in (MULTIPLYING, f'<!ENTITY a SYSTEM "{secret.as_uri()}">'):
        declared = f"<!DOCTYPE x [{entities}]>".encode()
        changed = content[:start] + declared + content[start:].replace(word, b"&a;", 1)
        changed = changed.replace(b"<!DOCTYPE html>", b"")
        outcome = _outcome(documents, suffix, _with_part(file, part, content, changed))
        assert "4711" not in outcome
        assert "xxxx" not in outcome
        assert len(outcome) < 3000


@pytest.mark.parametrize(
    ("suffix", "old", "new"),
    [
        (".epub", b"<body", b"<body>" + b"<div>" * 50_000 + b"<p"),
        (".odt", b"<office:text", b"<office:text>" + b"<text:section>" * 50_000 + b"<text:p"),
        (".pptx", b"<p:cSld", b"<p:x>" * 50_000 + b"<p:cSld"),
        (".xlsx", b"<si", b"<x>" * 50_000 + b"<si"),
    ],
)
def test_archive_nested_without_end_is_read_or_refused(
    documents: DocumentReader, suffix: str, old: bytes, new: bytes
) -> None:
    file, part, _ = ARCHIVES[suffix]
    outcome = _outcome(documents, suffix, _with_part(file, part, old, new))
    assert len(outcome) < 3000


def test_sheet_of_many_columns_and_a_far_row_is_read_in_limits(documents: DocumentReader) -> None:
    file, part = "libreoffice.xlsx", "xl/worksheets/sheet1.xml"
    far = b'<row r="999"><c r="XFD999" t="n"><v>7</v></c></row></sheetData>'
    outcome = _outcome(documents, ".xlsx", _with_part(file, part, b"</sheetData>", far))
    assert "Country: Denmark; Boats: 121" in outcome


@pytest.mark.parametrize(
    ("suffix", "raw"),
    [
        (".rtf", b"{\\rtf1 " + b"{" * 20_000 + b"Dogs" + b"}" * 20_000),
        (".rtf", b"{\\rtf1 " + b"{\\footnote " * 20_000 + b"Dogs"),
        (".rtf", b"{\\rtf1 " + b'{\\field{\\*\\fldinst{HYPERLINK "a"}}{x ' * 1_000 + b"Dogs"),
        (
            ".eml",
            b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1001,
        ),
        (".mhtml", b"Subject: a\n" * 500 + b"\n"),
        (
            ".eml",
            b"Subject: a\nContent-Type: text/html\n\n<p>Dogs" + b"<table><tr><td>" * 2_000,
        ),
    ],
)
def test_hostile_text_format_is_read_or_refused_in_time(
    documents: DocumentReader, suffix: str, raw: bytes
) -> None:
    assert _outcome(documents, suffix, raw)
