"""Rich Text Format: paragraphs, headings, tables and notes; what is left out is named."""

from __future__ import annotations

import datetime as dt

import pytest

from index.errors import ArticleError
from index.formats.office.rtf import read_rtf


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"One.\par Two.\par", "One.\n\nTwo."),
        (rb"It costs \'80\u53 ?, \u8364 ?6 \u-10179 ?\u-8704 ?.", "It costs €5, €6 😀."),
        (rb"2026\_2027 and engi\-neer\~2", "2026\u20112027 and engineer 2"),
        (rb"\pard\outlinelevel1 Fares\par\pard It is 55.\par", "## Fares\n\nIt is 55."),
        (rb"{\listtext\bullet\tab}One\par", "- One"),
        (
            (rb"{\field{\*\fldinst{HYPERLINK "
            rb'"https://a.example"}}{\fldrslt the plan}} came.'),
            "the plan came.",
        ),
        (
            (rb"\trowd Country\cell Sales\cell Share\cell\row\trowd Auk\cell 540\cell 20%\cell\row"
            rb"\pard After.\par"),
            "- Country: Auk; Sales: 540; Share: 20%\n\nAfter.",
        ),
        (rb"It is 55{\footnote\chftn By {\b the} board.} crowns.",
         "It is 55¹ crowns.\n\n¹ By the board."),
    ],
)  # fmt: skip
def test_words_of_a_document_are_read(body: bytes, text: str) -> None:
    assert read_rtf(rb"{\rtf1\ansi\ansicpg1252\uc1 " + body + b"}").text == text


FONTS = rb"{\fonttbl{\f0 Times;}{\f1\fcharset204 Arial;}{\f2\fcharset78 Osaka;}}"


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (rb"\ansi\ansicpg1252" + FONTS, rb"Caf\'e9 {\f1\'cf\'f0\'e8\'e2\'e5\'f2}", "Café Привет"),
        (rb"\ansi\deff0" + FONTS, rb"\f0 Caf\'e9, {\f2\'93\'fa}", "Café, 日"),
        (rb"\mac", rb"Caf\'8e at 4 \'a1C", "Café at 4 °C"),
        (rb"\ansi\ansicpg10000", rb"Caf\'8e", "Café"),
        (rb"\pc", rb"Caf\'82", "Café"),
        (
            rb"\ansi",
            rb"310 million{\super 3} of 5 m{\b\super 2}, 10{\super -3}",
            "310 million³ of 5 m², 10⁻³",
        ),
        (rb"\ansi", b"One.\\\nTwo, a \\\\\nback.\\\r\nThree.", "One.\n\nTwo, a \\back.\n\nThree."),
        (rb"\ansi", rb"One.\column Two.\sect Three.", "One.\n\nTwo.\n\nThree."),
        (rb"\ansi", rb"{\object\objemb{\*\objdata 01}{\result It is 55.}}", "It is 55."),
        (rb"\ansi", rb"{\upr{It is 55.}{\*\ud It is 55.}}", "It is 55."),
        (
            rb"\ansi",
            rb"It is \v not \v0 55 {\b and \deleted no\plain  more}.",
            "It is 55 and more.",
        ),
    ],
    ids="Cyrillic Japanese mac 10000 pc powers TextEdit columns object upr hidden".split(),
)
def test_what_programs_write_in_their_own_ways_is_read(head: bytes, body: bytes, text: str) -> None:
    assert read_rtf(rb"{\rtf1" + head + rb"\uc1 " + body + rb"\par}").text == text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (
            r"The share is C:\\v and then the rest of it.",
            r"The share is C:\v and then the rest of it.",
        ),
        (r"It is in D:\\result and more.", r"It is in D:\result and more."),
        (
            r"E:\\column 1 and F:\\super 3\\ and G:\\ansicpg1.",
            r"E:\column 1 and F:\super 3\ and G:\ansicpg1.",
        ),
        (r"A set \{\v secret\v0  of two \} is.", "A set { of two } is."),
    ],
    ids="v result others brace".split(),
)
def test_backslash_or_brace_of_the_text_is_no_markup(source: str, shown: str) -> None:
    read = read_rtf(rf"{{\rtf1\ansi {source}\par Another.\par}}".encode())
    assert read.text == f"{shown}\n\nAnother."


def test_properties_are_read_and_what_is_left_out_is_named() -> None:
    read = read_rtf(
        rb"{\rtf1\ansi{\info{\title Faster ferry}{\author Ines Aldous}{\creatim\yr2025\mo3\dy4}}"
        rb"{\header Gazette}{\b\v secret}{\deleted old}It crosses.\par}"
    )
    assert (read.fields.title, read.fields.author) == ("Faster ferry", "Ines Aldous")
    assert (read.text, read.created) == ("It crosses.", dt.date(2025, 3, 4))
    assert read.left_out == (
        "page headers and footers: 1",
        "passages of hidden or deleted text: 2",
    )


def test_file_of_something_else_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"not an \.rtf file"):
        read_rtf(b"Just words.")
