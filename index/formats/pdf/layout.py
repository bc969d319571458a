"""Page layout: positioned lines of text to paragraphs, whatever the document format."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from index.formats.pdf.hyphens import HYPHENS, Hyphenation, Joint
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARKER: Final = re.compile(r"(?:[•‣▪◦–*-]|\d{1,3}[.)]) ")
_SENTENCE_END: Final = re.compile(r"[.!?…:。！？][\"'”’»)\]]*\Z")
_GAP: Final = 1.3  # times the usual pitch: a greater one separates paragraphs
_LARGER: Final = 1.15  # times the usual font size: a heading is larger
_DEEPEST: Final = 6
_HEADING_WORDS: Final = 16
_NUMBERING: Final = re.compile(r"\A\d{1,3}(?:\.\d{1,3})*\.?\s+(?=[^\W\d_a-z])")
_STATEMENT: Final = re.compile(r"\d|[%$€£¥]|:\s")  # what states a value heads nothing
_PARAGRAPH: Final = "\n\n"
_JOINED: Final = " "  # or nothing, where a word is hyphenated
_SAME: Final = 2.0  # points, within which two lines have the same height on the page


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; lengths are in points.

    Attributes:
        words: Its words.
        left: Where it begins.
        right: Where it ends.
        bottom: How high its base line stands above the page's foot.
        height: The font size.
        gaps: Where each word but the last ends and the next begins; empty where they were not
            measured.
        is_cell: Whether it is a cell of a table whose columns stand close together.
    """

    words: str
    left: float
    right: float
    bottom: float
    height: float
    gaps: tuple[tuple[float, float], ...] = ()
    is_cell: bool = False


def lay_out(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[Span, ...]]:
    """Join lines to paragraphs, across page breaks too.

    Blank lines separate paragraphs. A line break stays where it was made on purpose: the next word
    would have fitted on the line. Headings, by their larger font, are marked as in Markdown.

    Returns:
        The text, and the span of each page in it. A page without text has an empty span.
    """
    pitches = _usual_pitches(pages)
    text = _Text(_heading_levels(pages), Hyphenation([line.words for p in pages for line in p]))
    for page in pages:
        text.begin_page()
        for block in _blocks(page, pitches):
            text.add(block)
        text.end_page()
    return text.result()


class _Text:
    """A text that grows by blocks, with the spans of its pages."""

    def __init__(self, levels: dict[int, int], hyphenation: Hyphenation) -> None:
        self._levels = levels
        self._hyphenation = hyphenation
        self._parts: list[str] = []
        self._length = 0
        self._spans: list[Span] = []
        self._start: int | None = None  # of the page
        self._previous: Line | None = None
        self._was_item = self._was_heading = False

    def begin_page(self) -> None:
        self._start = None

    def end_page(self) -> None:
        start = self._length if self._start is None else self._start
        self._spans.append(Span(start, self._length))

    def result(self) -> tuple[str, tuple[Span, ...]]:
        return "".join(self._parts), tuple(self._spans)

    def add(self, block: Sequence[Line]) -> None:
        is_item = _MARKER.match(block[0].words) is not None
        is_heading = _is_heading(block, self._levels)
        margin = max(line.right for line in block)
        for at, line in enumerate(block):
            if self._previous is None:
                separator = ""
            elif at > 0:
                separator = _within_block(self._previous, line, margin)
                separator = _JOINED if is_heading else separator
            elif is_heading or self._was_heading:
                separator = _PARAGRAPH
            elif self._start is None:
                separator = _across_pages(self._previous, line)
            elif is_item and self._was_item:
                separator = "\n"
            else:
                separator = _between_blocks(self._previous, line)
            marker = f"{'#' * self._levels[_size(line)]} " if is_heading and at == 0 else ""
            self._append(separator, marker, line)
        self._was_item, self._was_heading = is_item, is_heading

    def _append(self, separator: str, marker: str, line: Line) -> None:
        if separator == _JOINED and self._previous is not None:
            joint = self._hyphenation.joint(self._previous.words, line.words)
            separator = joint.separator
            if joint is Joint.NOTHING:
                self._remove_hyphen()
        if self._start is None:
            self._start = self._length + len(separator)
        words = f"{marker}{line.words}"
        self._parts.extend((separator, words))
        self._length += len(separator) + len(words)
        self._previous = line

    def _remove_hyphen(self) -> None:
        self._parts[-1] = self._parts[-1][:-1]
        self._length -= 1
        self._spans = [
            Span(min(start, self._length), min(end, self._length)) for start, end in self._spans
        ]


def _heading_levels(pages: Sequence[Sequence[Line]]) -> dict[int, int]:
    """The level of headings of each font size above that of most of the text."""
    letters: Counter[int] = Counter()
    for line in (line for page in pages for line in page):
        letters[_size(line)] += len(line.words)
    if not letters:
        return {}
    (usual, _), *_ = letters.most_common(1)
    larger = sorted((size for size in letters if size > usual * _LARGER), reverse=True)
    return {size: min(level, _DEEPEST) for level, size in enumerate(larger, start=1)}


def _is_heading(block: Sequence[Line], levels: dict[int, int]) -> bool:
    """Whether a block is larger than the text, short, and states no value."""
    words = " ".join(line.words for line in block)
    return (
        _size(block[0]) in levels
        and len(words.split()) <= _HEADING_WORDS
        and words[0].isalnum()
        and _SENTENCE_END.search(words) is None
        and _STATEMENT.search(_NUMBERING.sub("", words)) is None
    )


def _blocks(page: Sequence[Line], pitches: dict[int, float]) -> Iterator[list[Line]]:
    """Split a page at gaps, changes of font size, columns and list items."""
    block: list[Line] = []
    for line in page:
        if block and _begins_block(block[-1], line, pitches):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _begins_block(above: Line, line: Line, pitches: dict[int, float]) -> bool:
    pitch = above.bottom - line.bottom
    return (
        _size(line) != _size(above)
        or pitch <= _SAME
        or pitch > pitches[_size(line)] * _GAP
        or _MARKER.match(line.words) is not None
    )


def _size(line: Line) -> int:
    return round(line.height)


def _usual_pitches(pages: Sequence[Sequence[Line]]) -> dict[int, float]:
    """The usual distance between lines of each font size; a guess where a size is rare."""
    pitches: dict[int, Counter[float]] = {}
    for page in pages:
        for above, line in pairwise(page):
            pitch = above.bottom - line.bottom
            counter = pitches.setdefault(_size(line), Counter())
            if _size(above) == _size(line) and pitch > _SAME:
                counter[round(pitch * 2) / 2] += 1
    usual: dict[int, float] = {}
    for line in (line for page in pages for line in page):
        counter = pitches.get(_size(line), Counter())
        pitch, times = counter.most_common(1)[0] if counter else (0.0, 0)
        usual[_size(line)] = pitch if times > 1 else 1.8 * line.height
    return usual


def _within_block(above: Line, line: Line, margin: float) -> str:
    if above.words[-1] in HYPHENS and above.words[-2:-1].isalnum():
        return _JOINED
    character = (above.right - above.left) / max(len(above.words), 1)
    first_word = line.words.split(" ", 1)[0]
    if margin - above.right > (len(first_word) + 2) * character:  # it would have fitted
        return _PARAGRAPH if _SENTENCE_END.search(above.words) else "\n"
    return _JOINED


def _across_pages(above: Line, line: Line) -> str:
    runs_on = _SENTENCE_END.search(above.words) is None and line.words[0].islower()
    return _JOINED if runs_on and _size(above) == _size(line) else _PARAGRAPH


def _between_blocks(above: Line, line: Line) -> str:
    to_next_column = line.bottom > above.bottom + _SAME
    return _across_pages(above, line) if to_next_column else _PARAGRAPH
