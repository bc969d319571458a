"""Tables, encodings and the text that documents become."""

from __future__ import annotations

import datetime as dt

import pytest

from index.errors import ArticleError
from index.formats.encodings import decode_detected
from index.formats.fields import ArticleFields, lenient_fields
from index.formats.raw_article import Entry, RawArticle
from index.formats.text.csv_table import read_csv
from index.formats.web.feed import read_feed
from index.formats.web.html_page import read_html
from index.formats.web.markup import fragment_text
from index.records import ArticleInfo, Span

GERMAN = "Die Fähre nach Süderoog fährt künftig öfter, sagte der Bürgermeister am Donnerstag. " * 3
CZECH = "Starosta řekl, že přívoz přes úžinu bude od května jezdit častěji než dříve. " * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-32"),
        (GERMAN, "cp1252"),
        (CZECH, "cp1250"),
        ("Мэр сказал, что паром через пролив будет ходить чаще. " * 3, "cp1251"),
    ],
)
def test_encoding_is_detected(text: str, encoding: str) -> None:
    assert decode_detected(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"caf\xe9", "not UTF-8: byte 0xe9 at offset 3; .*no other encoding was detected"),
        (b"\xff" + bytes(range(256)) * 4, "not UTF-8: byte 0xff at offset 0"),
        (b"\xff\xfea", "not UTF-16, although it begins with its byte order mark: truncated data"),
    ],
)
def test_bytes_of_no_encoding_are_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        decode_detected(raw)


def _article(text: str, **fields: object) -> RawArticle:
    return RawArticle(ArticleFields.model_validate(fields), text)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_is_an_article_a_row_with_the_fields_of_its_header(mark: str) -> None:
    rows = [
        ["ID", " Title", "text", "published_at", "tags", "pages"],
        ["a", "Ferry", '"It is ""blue"",\nreally."', "2025-05-01", '"boats, fares"', "3"],
        ["", "", "", "", "", ""],
        ["b", "", "Second.", "", "", ""],
        ["c", "Short row", "Third."],
    ]
    raw = "\r\n".join(mark.join(row) for row in rows).encode("utf-8-sig")
    assert list(read_csv(raw)) == [
        Entry(
            2,
            _article(
                'It is "blue",\nreally.',
                id="a",
                title="Ferry",
                published_at=dt.date(2025, 5, 1),
                tags=["boats", "fares"],
            ),
        ),
        Entry(5, _article("Second.", id="b")),
        Entry(6, _article("Third.", id="c", title="Short row")),
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "header: expected a column 'text' in the first row, got ''"),
        (b"title\na", "header: expected a column 'text' in the first row, got 'title'"),
        (b"text,Text\na,b", "header: column 'text' appears twice"),
        (b'"text\na', "header: expected a column 'text'"),
    ],
)
def test_csv_with_a_wrong_header_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(ArticleError) as raised:
        list(read_csv(raw))
    assert str(raised.value).startswith(reason)


def test_csv_rows_that_are_wrong_are_named_and_the_others_read() -> None:
    raw = b'id,text,published_at\na,x,soon\nb,One, two,2025-01-01\nc,ok,\nd,"open\ne,z,\n'
    found = [
        (entry.number, str(entry.content) if isinstance(entry.content, ArticleError) else "read")
        for entry in read_csv(raw)
    ]
    assert found == [
        (2, "read"),
        (
            3,
            "4 cells, 3 columns in the header; a cell that holds the delimiter needs quotes",
        ),
        (4, "read"),
        (5, "broken CSV: unexpected end of data; the rows from here on are not read"),
    ]


def test_csv_of_too_many_columns_is_refused() -> None:
    columns = ",".join(f"c{number}" for number in range(40_000))
    with pytest.raises(ArticleError, match="header: 40001 columns; at most 1000 are read"):
        list(read_csv(f"text,{columns}\nRain,1\n".encode()))


def test_csv_cell_may_be_longer_than_the_library_allows_by_default() -> None:
    (entry,) = read_csv(b"text\n" + b"x" * 200_000)
    assert isinstance(entry.content, RawArticle)
    assert len(entry.content.text) == 200_000


RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Skerry Harbour Gazette</title><link>https://gazette.example/</link>
<item><title>Ferry &amp;amp; fares</title><link>https://gazette.example/ferry</link>
<guid isPermaLink="false">gazette-17</guid><dc:creator>Ines Aldous</dc:creator>
<pubDate>Wed, 07 May 2025 23:30:00 -0500</pubDate><category>boats</category>
<description>In short: it is blue.</description>
<content:encoded><![CDATA[<h2>Fares</h2><p>A ticket costs <b>38</b> crowns.<br>Dogs are free.</p>
<ul><li><p>One</p></li><li>Two<script>alert(1)</script></li></ul>
<table><tr><th>Boat</th><td>Auk</td></tr></table><img src="https://gazette.example/x.png">]]>
</content:encoded></item>
<item><description>Gulls stole a sandwich in Søby.</description></item>
<item><title>Nothing</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour log</title>
<entry><id>urn:log:1</id><title>Buffer arrives</title><updated>2025-03-02T08:00:00Z</updated>
<author><name>Oluf Renner</name></author><link href="https://log.example/1"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It weighs nine tonnes.</p></div>
</content></entry></feed>"""


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_rss_is_an_article_an_entry(encoding: str) -> None:
    first, second, third = read_feed(RSS.format(encoding=encoding).encode(encoding))
    assert first == Entry(
        1,
        _article(
            "## Fares\n\nA ticket costs 38 crowns. Dogs are free.\n\n- One\n- Two\n\n- Boat: Auk",
            id="gazette-17",
            title="Ferry & fares",
            url="https://gazette.example/ferry",
            source="Skerry Harbour Gazette",
            author="Ines Aldous",
            published_at=dt.date(2025, 5, 8),
            tags=["boats"],
        ),
    )
    source = "Skerry Harbour Gazette"
    assert second == Entry(2, _article("Gulls stole a sandwich in Søby.", source=source))
    assert third == Entry(3, _article("", title="Nothing", source=source))


def test_atom_is_an_article_an_entry() -> None:
    (entry,) = read_feed(ATOM.encode())
    assert entry.content == _article(
        "It weighs nine tonnes.",
        id="urn:log:1",
        title="Buffer arrives",
        url="https://log.example/1",
        source="Harbour log",
        author="Oluf Renner",
        published_at=dt.date(2025, 3, 2),
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("a\x00b\x0b", "ab"),
        ("just words &amp; signs", "just words & signs"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("a<!-- hidden -->b<style>p{}</style>", "ab"),
        ("<div>one<div>two</div>three</div>", "one\n\ntwo\n\nthree"),
        ("<h1>Head <i>line</i></h1>text", "# Head line\n\ntext"),
        ("<ol><li>one<ul><li>two</li></ul></li></ol>", "- one\n- two"),
        ("<table><tr><td><p>a</p><p>b</p></td><td> </td></tr></table>", "a\n\nb"),
    ],
)
def test_html_fragment_becomes_text(html: str, text: str) -> None:
    assert fragment_text(html) == text


PAGE = """<html><head><meta charset="{charset}"><title>Fähre</title></head><body><article>
<p>{text}</p></article></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("iso-8859-1", "cp1252"), ("x-unknown", "cp1252"), ("koi8-r", "utf-8")],
)
def test_html_is_decoded_as_utf8_else_as_it_declares_else_as_it_looks(
    charset: str, encoding: str
) -> None:
    read = read_html(PAGE.format(charset=charset, text=GERMAN).encode(encoding))
    assert read.text == GERMAN.strip()
    assert read.fields.title == "Fähre"


def test_html_with_an_xml_declaration_is_read() -> None:
    page = PAGE.format(charset="utf-8", text=GERMAN)
    assert read_html(f'<?xml version="1.0" encoding="UTF-8"?>\n{page}'.encode()).text == (
        GERMAN.strip()
    )


def test_extracted_metadata_that_is_invalid_is_left_out() -> None:
    extracted = {
        "title": "x" * 2001,
        "author": "A",
        "published_at": "soon",
        "tags": ["a"],
        "id": None,
    }
    assert lenient_fields(extracted) == ArticleFields(author="A", tags=["a"])


@pytest.mark.parametrize(
    ("offset", "number"), [(0, 1), (4, 1), (5, 1), (6, 3), (9, 3), (10, 3), (11, 4), (99, 4)]
)
def test_page_at_counts_pages_from_one(offset: int, number: int) -> None:
    pages = (Span(0, 5), Span(5, 5), Span(6, 10), Span(11, 12))
    info = ArticleInfo("a", None, None, None, None, None, (), "", "a.pdf", pages)
    expected = 2 if offset == 5 else number  # an empty page ends where it begins
    assert info.page_at(offset) == expected
    assert ArticleInfo("a", None, None, None, None, None, (), "", "a.txt").page_at(offset) is None


def test_csv_without_texts_is_a_table() -> None:
    raw = "Schiff;Ankunft;Gebühr\r\nAnna;01.03.2024;1.250,00\r\n".encode("cp1252")
    (entry,) = read_csv(raw)
    assert entry == Entry(0, _article("- Schiff: Anna; Ankunft: 01.03.2024; Gebühr: 1.250,00"))


def test_csv_with_long_cells_is_no_table() -> None:
    with pytest.raises(ArticleError, match="header: expected a column 'text'"):
        list(read_csv(f"a,b\n1,{'x' * 301}\n".encode()))
