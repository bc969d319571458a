"""Rich Text Format: text boxes, equations, symbols and styles, where Word shows them."""

from __future__ import annotations

import pytest

from index.formats.office.rtf import read_rtf

FONTS = (
    rb"{\fonttbl{\f0 Arial;}{\f3\ftech\fcharset2{\*\panose 05}Symbol;}"
    rb"{\f4\fnil\fcharset2 Wingdings;}{\f5\fnil\fcharset2 ZapfDingbats;}}"
)
STYLES = rb"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 Top;}{\s2\sbasedon1 heading 2;}}"
BOX = rb"{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 202}}{\shptxt \pard In a box.\par}}"
OLD = rb"{\*\do\dptxbx{\dptxbxtext\pard In a box.\par}\dpx1}"


def _text(body: bytes) -> str:
    return read_rtf(rb"{\rtf1\ansi\ansicpg1252\uc1" + FONTS + STYLES + body + b"}").text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (BOX + rb"}Before.\par After.\par", "Before.\n\nIn a box.\n\nAfter."),
        (rb"It " + BOX + rb"{\shprslt" + OLD + rb"}}is 55.\par", "It is 55.\n\nIn a box."),
        (rb"The end." + BOX + b"}", "The end.\n\nIn a box."),
        (OLD + rb"Before.\par", "Before.\n\nIn a box."),
        (rb"{\shpgrp{\*\shpinst" + BOX + BOX + rb"}}}}\par", "In a box.\n\nIn a box."),
        (
            rb"\trowd\intbl " + BOX + rb"}Name\cell Price\cell\row\pard After.\par",
            "- Name In a box.; Price\n\nAfter.",
        ),
    ],
)
def test_text_box_stands_behind_its_paragraph_once(body: bytes, text: str) -> None:
    assert _text(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            rb"{\*\moMath{\mr\mscr0 E=m}{\msSup{\msSupPr{\mctrlPr x}}{\me{\mr c}}{\msup{\mr 2}}}}.",
            "E=mc².",
        ),
        (rb"{\*\moMath{\mf{\mfPr\mtype0}{\mnum{\mr a}}{\mden{\mr b}}}}.", "a/b."),
        (rb"{\f3\'62} and {\f3 m}m, {\f4\'fc} done, {\f3\u-3999 ?}", "β and μm, ✓ done, α"),
        (rb"{\f3 a}{\b b}\f4\'e0\f0 c", "αb→c"),
        (rb"{\*\mmath{\*\moMath{\mr x=4}}}{\mmathPict{\pict 01}}.", "x=4."),
        (rb"{\upr{name: Zo?}{\*\ud{name: Zo\u235 ?}}}.", "name: Zoë."),
        (rb"{\pict\pngblip\bin5 }{}}{}is 55.", "is 55."),
        (rb"\pard\s1 Fares\par\pard\s2 Boats\par\pard\s0 55.", "# Fares\n\n## Boats\n\n55."),
        (rb"one\softline two", "one\n\ntwo"),
    ],
)
def test_what_word_shows_of_a_part_is_read(body: bytes, text: str) -> None:
    assert _text(body) == text


def test_symbols_that_only_their_font_has_are_named() -> None:
    read = read_rtf(rb"{\rtf1\ansi" + FONTS + rb"Done {\f4 !\'80}\u-4063 ?{\f5 4}.}")
    assert (read.text, read.left_out) == ("Done .", ("symbols: 4",))


@pytest.mark.parametrize(
    "hostile",
    [
        rb"{\shp" * 40_000,
        rb"{\upr{a}" * 40_000,
        rb"{\*\mmath{\mfPr" * 20_000,
        rb"{\fonttbl{\f3 Symbol;}}" + rb"\f3 a{" * 40_000,
        rb"{\stylesheet" + rb"{\s1 a" * 40_000,
        rb"\bin9" * 40_000,
    ],
)
def test_hostile_parts_are_read_in_steps_that_grow_with_the_file(hostile: bytes) -> None:
    assert isinstance(read_rtf(b"{\\rtf1 " + hostile).text, str)
