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
