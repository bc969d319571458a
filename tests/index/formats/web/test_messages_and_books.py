"""E-mail, saved pages, books and OpenDocument: the words, the metadata, and what is left out."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from index.errors import ArticleError
from index.formats.office.odt import read_odt
from index.formats.web.email_message import read_email
from index.formats.web.epub import read_epub
from index.formats.web.html_page import read_html
from index.formats.web.mhtml import read_mhtml
from tests.conftest import FILES

PROGRAMS = FILES / "programs"
MAIL = b"""From: Ines Aldous <ines@skerry.example>
Subject: =?utf-8?q?F=C3=A4hre?=
Date: Tue, 04 Mar 2025 23:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

It costs =805.
--c
Content-Type: text/html; charset=utf-8

<p>It costs &euro;5.</p><table><tr><th>Who<th>Price</tr><tr><td>Dogs<td>free</tr></table>
--c--
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="plan.pdf"

x
--b--
"""


def test_message_is_its_html_with_sender_and_day() -> None:
    read = read_email(MAIL)
    assert read.text == "It costs €5.\n\n- Who: Dogs; Price: free"
    assert (read.fields.title, read.fields.author) == ("Fähre", "Ines Aldous")
    assert read.fields.published_at == dt.date(2025, 3, 4)
    assert read.left_out == ("attachment: plan.pdf",)


def test_message_without_html_is_its_text_in_the_stated_encoding() -> None:
    plain = MAIL.replace(b"Content-Type: text/html", b"Content-Type: text/x-other")
    assert read_email(plain).text.strip() == "It costs €5."


def test_saved_page_has_the_address_it_was_saved_from() -> None:
    read = read_mhtml((PROGRAMS / "chromium.mhtml").read_bytes())
    assert read.fields.url == "https://skerry.example/report.html"
    assert "A berth costs 55 crowns a night." in read.text


def test_saved_wiki_page_is_without_edit_links_marks_and_boxes() -> None:
    words = "The Auk crosses the sound in nineteen minutes, the board said in its report. " * 5
    page = (
        "<html><body><div id='content'><h1>Auk</h1><div class='hatnote'>For the bird, see "
        "<a href='/b'>Auk (bird)</a>.</div><table class='infobox'><tr><th colspan=2>Auk</tr><tr>"
        f"<th>Built<td>1978</tr></table><p>{words}It cost 40 crowns.<sup class='reference'>"
        "<a href='#n'>[1]</a></sup></p><h2>Fate<span class='mw-editsection'>[<a href='/e'>edit</a>]"
        f"</span></h2><p>{words}</p><div class='navbox'>Boats: <a href='/t'>Tern</a></div></div>"
        "</body></html>"
    )
    text = read_html(page.encode()).text
    assert text.replace(words.strip(), "LONG").replace(words, "LONG ") == (
        "# Auk\n\n- Auk\n- Built: 1978\n\nLONG It cost 40 crowns.\n\n## Fate\n\nLONG"
    )


def _changed(name: str, changes: dict[str, tuple[bytes, bytes]]) -> bytes:
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(PROGRAMS / name) as archive,
        zipfile.ZipFile(changed, "w") as copy,
    ):
        for part in archive.namelist():
            content = archive.read(part)
            if part in changes:
                assert changes[part][0] in content
                content = content.replace(*changes[part], 1)
            copy.writestr(part, content)
    return changed.getvalue()


def test_book_reads_the_named_characters_of_html() -> None:
    raw = _changed("pandoc.epub", {"EPUB/text/ch001.xhtml": (b"Dogs", b"D&ouml;gs&nbsp;&amp;")})
    assert "- Dögs & must be kept" in read_epub(raw).text


def test_protected_book_and_document_are_refused() -> None:
    container = _changed(
        "pandoc.epub", {"META-INF/container.xml": (b"EPUB/content.opf", b"EPUB/none.opf")}
    )
    with pytest.raises(ArticleError, match=r"not a \.epub file: it has no part 'EPUB/none.opf'"):
        read_epub(container)
    manifest = (b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")
    with pytest.raises(ArticleError, match="encrypted: it opens with a password only"):
        read_odt(_changed("libreoffice.odt", {"META-INF/manifest.xml": manifest}))


def test_document_names_comments_and_hidden_words() -> None:
    inside = (
        b"<office:annotation><text:p>Really?</text:p></office:annotation>"
        b"<text:hidden-text>secret</text:hidden-text>4<text:s text:c='2'/>x<text:tab/>Dogs"
    )
    read = read_odt(_changed("libreoffice.odt", {"content.xml": (b"Dogs", inside)}))
    assert "- 4 x Dogs must be kept" in read.text
    assert "comments: 1" in read.left_out
    assert "passages of hidden text: 1" in read.left_out


def test_note_of_a_newsletter_on_itself_is_left_out() -> None:
    body = (
        "<table><tr><td><p>Dogs travel free on the ferry, says the board of the harbour.</p>"
        "</td></tr>"
        '<tr><td>You are receiving this. <a href="/u">Unsubscribe</a></td></tr></table>'
    )
    message = f"From: a@b.example\nSubject: Ferry\nContent-Type: text/html\n\n{body}\n"
    article = read_email(message.encode())
    assert article.text == "Dogs travel free on the ferry, says the board of the harbour."
    assert article.left_out == ("notes of a newsletter on itself: 1",)
    only = read_email(
        b"From: a@b.example\nContent-Type: text/html\n\n<p>Unsubscribe me, please.</p>"
    )
    assert only.text == "Unsubscribe me, please."
