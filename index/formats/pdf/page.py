"""Pages of a PDF: the characters that PDFium places on a page, to lines with their places."""

from __future__ import annotations

import math
import re
from ctypes import c_double, c_ushort
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from index.errors import ArticleError
from index.formats.pdf.layout import Line
from index.formats.pdf.narrow_tables import parted_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
# PDFium writes the first and the last for a hyphen at a line end; a soft hyphen is a drawn one.
_DRAWN_HYPHENS: Final = str.maketrans(dict.fromkeys("\x02\u00ad\ufffe", "-"))
_SUPERSCRIPTS: Final = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_DIGIT: Final = re.compile(r"[0-9]")
_WORD: Final = re.compile(r"\S+")
_LINE_END: Final = re.compile(r"[\r\n\x02\ufffe]")
_MARKS: Final = "".join(_SUPERSCRIPTS.values())
_LEADING_MARK: Final = re.compile(rf"[{_MARKS}]+(?=[^\W\d_])")
_SMALLER: Final = 0.85  # times the font size of the line: a superscript is smaller than that
_RAISED: Final = 0.2  # times the font size of the line: a superscript stands higher than that
_WIDE: Final = 1.2  # times the font size of the line: a wider gap parts columns
_SPACE: Final = 0.15  # times the font size of the line: a narrower gap is none


class _Shape(NamedTuple):
    bottom: float  # the base line
    size: float  # of the font, as it is drawn


def page_lines(document: pdfium.PdfDocument, number: int) -> list[Line]:
    """The lines of a page, in the order of the file, parted at wide gaps.

    A superscript number is written as one, so that it cannot be taken for the last digits of a
    number before it. A hyphen at the end of a line is the line's last character.

    Raises:
        ArticleError: If the page is broken.
    """
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise ArticleError(f"page {number + 1} cannot be read: {error}") from None
    lines = parted_rows(_merged([*_Characters(text_page).lines()]))
    text_page.close()
    page.close()
    return lines


class _Characters:
    """The characters of a page, measured where that decides something."""

    def __init__(self, text_page: pdfium.PdfTextPage) -> None:
        self._page = text_page
        self._characters = _characters(text_page)
        self._rectangle = pdfium_c.FS_RECTF()
        self._matrix = pdfium_c.FS_MATRIX()
        self._x, self._y = c_double(), c_double()

    def lines(self) -> Iterator[Line]:
        start = 0
        for match in _LINE_END.finditer(self._characters):
            at = match.start()
            if match[0] in "\r\n":
                yield from self._pieces(start, at)
            elif pdfium_c.FPDFText_IsHyphen(self._page, at) == 1:
                yield from self._pieces(start, at + 1)
            else:
                continue
            start = at + 1
        yield from self._pieces(start, len(self._characters))

    def _pieces(self, start: int, end: int) -> Iterator[Line]:
        """Part a line at its wide gaps."""
        words = [match.span() for match in _WORD.finditer(self._characters, start, end)]
        if not words:
            return
        line = self._line_shape(words)
        first = words[0][0]
        left, right = self._sides(first)
        gaps: list[tuple[float, float]] = []
        for (_, before), (after, _) in pairwise(words):
            right = self._sides(before - 1)[1]
            begin = self._sides(after)[0]
            if begin - right > _WIDE * line.size or begin - right < -line.size:
                yield self._piece(first, before, line, (left, right), gaps)
                first, left, gaps = after, begin, []
            else:
                gaps.append((right, begin))
        last = words[-1][1]
        yield self._piece(first, last, line, (left, self._sides(last - 1)[1]), gaps)

    def _line_shape(self, words: Sequence[tuple[int, int]]) -> _Shape:
        """The base line and font size of the larger characters at the ends of a line."""
        shapes = [self._shape(words[0][0]), self._shape(words[-1][1] - 1)]
        if len(words) > 1:
            shapes.append(self._shape(words[1][0]))
        size = max(shape.size for shape in shapes)
        return next(shape for shape in shapes if shape.size == size)

    def _sides(self, at: int) -> tuple[float, float]:
        rectangle = self._rectangle
        pdfium_c.FPDFText_GetLooseCharBox(self._page, at, rectangle)
        return rectangle.left, rectangle.right

    def _base(self, at: int) -> float:
        pdfium_c.FPDFText_GetCharOrigin(self._page, at, self._x, self._y)
        return self._y.value

    def _shape(self, at: int) -> _Shape:
        pdfium_c.FPDFText_GetMatrix(self._page, at, self._matrix)
        scale = math.hypot(self._matrix.b, self._matrix.d)
        return _Shape(self._base(at), pdfium_c.FPDFText_GetFontSize(self._page, at) * scale)

    def _piece(
        self,
        first: int,
        end: int,
        line: _Shape,
        sides: tuple[float, float],
        gaps: Sequence[tuple[float, float]],
    ) -> Line:
        characters = self._characters[first:end]
        if _DIGIT.search(characters) is not None:
            characters = self._with_superscripts(first, characters, line)
        # PDFium gives a character beyond 16 bits as two surrogates; a lone one is replaced.
        whole = characters.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        words = " ".join(whole.translate(_LIGATURES).translate(_DRAWN_HYPHENS).split())
        if (mark := _LEADING_MARK.match(words)) is not None:
            words = f"{mark[0]} {words[mark.end() :]}"
        # A mark that was joined to the word before it takes a gap away.
        measured = tuple(gaps) if words.count(" ") == len(gaps) else ()
        return Line(words, *sides, line.bottom, line.size, measured)

    def _with_superscripts(self, first: int, characters: str, line: _Shape) -> str:
        shown = [*characters]
        lowest = line.bottom + _RAISED * line.size
        for match in _DIGIT.finditer(characters):
            at = match.start()
            if self._base(first + at) > lowest and self._is_smaller(first + at, line):
                shown[at] = _SUPERSCRIPTS[match[0]]
                if at > 0 and shown[at - 1].isspace():
                    shown[at - 1] = ""  # a gap before the mark, not a space
        return "".join(shown)

    def _is_smaller(self, at: int, line: _Shape) -> bool:
        return self._shape(at).size < _SMALLER * line.size


def _characters(text_page: pdfium.PdfTextPage) -> str:
    """The characters of a page, a UTF-16 unit each."""
    count = text_page.count_chars()
    units = (c_ushort * (count + 1))()
    if pdfium_c.FPDFText_GetText(text_page, 0, count, units) == count + 1:
        return "".join(map(chr, units[:count]))
    return "".join(chr(pdfium_c.FPDFText_GetUnicode(text_page, at)) for at in range(count))


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Join the lines that PDFium parts at a superscript or subscript, though they are the same."""
    merged: list[Line] = []
    for line in lines:
        above = merged[-1] if merged else None
        if above is None or not _is_continued(above, line):
            merged.append(line)
            continue
        larger = max(above, line, key=lambda each: each.height)
        gap = line.left - above.right > _SPACE * larger.height
        marked = above.words[-1] in _MARKS and line.words[0].isalpha()
        space = " " if gap or marked else ""
        merged[-1] = Line(
            f"{above.words}{space}{line.words}",
            above.left,
            line.right,
            larger.bottom,
            larger.height,
            _joined_gaps(above, line) if space else (),
        )
    return merged


def _joined_gaps(above: Line, line: Line) -> tuple[tuple[float, float], ...]:
    """The gaps of two lines that are joined by a space; none where they were not measured."""
    if any(each.words.count(" ") != len(each.gaps) for each in (above, line)):
        return ()
    return (*above.gaps, (above.right, line.left), *line.gaps)


def _is_continued(above: Line, line: Line) -> bool:
    height = max(above.height, line.height)
    return (
        above.bottom < line.bottom + line.height
        and line.bottom < above.bottom + above.height
        and abs(above.bottom - line.bottom) < 0.5 * height
        and -0.3 * height < line.left - above.right <= _WIDE * height
    )
