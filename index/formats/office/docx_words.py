"""Words of a Word document: every character that Word shows of a paragraph."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from docx.oxml.ns import qn

from index.formats.office.symbol_fonts import PRIVATE, is_symbol_font, symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_VALUE: Final = qn("w:val")
_TEXTS: Final = {qn("w:t"), f"{_MATH}t"}
_CHARACTERS: Final = {
    **dict.fromkeys(map(qn, ("w:tab", "w:ptab", "w:br", "w:cr")), " "),
    qn("w:noBreakHyphen"): "\u2011",
}
_RUN: Final = qn("w:r")
_BOX: Final = qn("w:txbxContent")
_NOTES: Final = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}
# Deletions, the reading of ruby characters, and what is written twice for old programs; drawings
# stand beside the text.
SKIPPED: Final = {
    *map(qn, ("w:del", "w:moveFrom", "w:drawing", "w:pict", "w:object", "w:rt")),
    _FALLBACK,
}
_SUPERSCRIPTS: Final = str.maketrans("0123456789+-=()nivx", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵛˣ")
_ROMAN: Final = {10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}


class Words:
    """Reads the words of elements, and counts what Word does not show or a text cannot.

    Args:
        hidden_styles: Ids of the styles of hidden text.
    """

    def __init__(self, hidden_styles: frozenset[str]) -> None:
        self.left_out: Counter[str] = Counter()
        self.notes: list[tuple[str, str, str]] = []
        self._hidden_styles = hidden_styles
        self._numbers: Counter[str] = Counter()

    def of(self, element: _Element) -> str:
        """The words of an element with everything inside it, links and fields included."""
        tag = element.tag
        if tag in _TEXTS or tag in _CHARACTERS:
            return _CHARACTERS.get(tag, element.text or "")
        if tag in _NOTES:
            return self._note(_NOTES[tag], element.get(qn("w:id"), ""))
        if tag == qn("w:sym"):
            return self._symbol(element)
        if tag == f"{_MATH}f":
            return "/".join(self.of(part) for part in element if part.tag != f"{_MATH}fPr")
        if tag == _RUN and self._is_hidden(element):
            texts = (text.text or "" for text in element.iter(qn("w:t")))
            self.left_out["passages of hidden text"] += any(text.strip() for text in texts)
            return ""
        words = self._inside(element)
        return _raised(words) if tag == f"{_MATH}sup" else words

    def _inside(self, element: _Element) -> str:
        return "".join(self.of(child) for child in element if child.tag not in SKIPPED)

    def _symbol(self, element: _Element) -> str:
        """The character of a symbol."""
        font, written = element.get(qn("w:font"), ""), element.get(qn("w:char"), "")
        try:
            code = int(written, 16)
        except ValueError:
            code = -1
        if is_symbol_font(font):
            character = symbol(font, code)
        else:
            code -= PRIVATE.start if code in PRIVATE else 0
            is_shown = 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800
            character = chr(code) if is_shown else None
        if character is None:
            self.left_out[f"symbols of the font {font[:40]}"] += 1
            return ""
        return character

    def _note(self, kind: str, note: str) -> str:
        self._numbers[kind] += 1
        number = self._numbers[kind]
        mark = str(number) if kind == "footnote" else _roman(number)
        mark = mark.translate(_SUPERSCRIPTS)
        self.notes.append((kind, note, mark))
        return mark

    def _is_hidden(self, run: _Element) -> bool:
        properties = run.find(qn("w:rPr"))
        if properties is None:
            return False
        vanish = properties.find(qn("w:vanish"))
        if vanish is not None:
            return vanish.get(_VALUE, "true") not in {"0", "false", "off"}
        style = properties.find(qn("w:rStyle"))
        return style is not None and style.get(_VALUE, "") in self._hidden_styles


def text_boxes(element: _Element) -> Iterator[_Element]:
    """The text boxes in an element, once each, with those inside them."""
    for child in element:
        if child.tag == _BOX:
            yield child
        elif child.tag not in {_FALLBACK, qn("w:del"), qn("w:moveFrom")}:
            yield from text_boxes(child)


def _raised(words: str) -> str:
    plain = words.strip()
    raised = plain.translate(_SUPERSCRIPTS)
    return (
        raised
        if all(ord(new) != ord(old) for new, old in zip(raised, plain, strict=True))
        else f"^{plain}"
    )


def _roman(number: int) -> str:
    numeral = ""
    for value, letters in _ROMAN.items():
        while number >= value:
            numeral += letters
            number -= value
    return numeral
