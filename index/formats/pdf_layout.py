"""Page layout: positioned lines of text to paragraphs, whatever the document format."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARKER: Final = re.compile(r"(?:[•‣▪◦–*-]|\d{1,3}[.)]) ")
_SENTENCE_END: Final = re.compile(r"[.!?…:。！？][\"'”’»)\]]*\Z")
_HYPHENS: Final = "-\u2010\u00ad\x02\ufffe"  # PDFium writes the last two for a hyphen
_DIGITS: Final = re.compile(r"\d+")
_GAP: Final = 1.3  # times the usual pitch: a greater one separates paragraphs
_SAME: Final = 2.0  # points, within which two lines have the same height on the page
_RUNNING: Final = 3  # lines at the top or bottom of a page that may be its header or footer


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; lengths are in points, ``bottom`` is measured from the page's foot."""

    words: str
    left: float
    right: float
    bottom: float
    height: float


def lay_out(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[Span, ...]]:
    """Join lines to paragraphs, across page breaks too.

    Blank lines separate paragraphs. A line break stays where it was made on purpose: the next word
    would have fitted on the line. Running headers and footers are left out.

    Returns:
        The text, and the span of each page in it. A page without text has an empty span.
    """
    kept = _without_running_lines(pages)
    pitches = _usual_pitches(kept)
    parts: list[str] = []
    length = 0
    spans: list[Span] = []
    previous: Line | None = None
    is_item = was_item = False
    for page in kept:
        start: int | None = None
        for block in _blocks(page, pitches):
            is_item, was_item = _MARKER.match(block[0].words) is not None, is_item
            margin = max(line.right for line in block)
            for at, line in enumerate(block):
                if previous is None:
                    separator = ""
                elif at > 0:
                    separator = _within_block(previous, line, margin)
                elif start is None:
                    separator = _across_pages(previous, line)
                elif is_item and was_item:
                    separator = "\n"
                else:
                    separator = _between_blocks(previous, line)
                if separator == "" and previous is not None:
                    parts[-1] = parts[-1][:-1]  # the hyphen
                    length -= 1
                    spans = [Span(min(begin, length), min(end, length)) for begin, end in spans]
                if start is None:
                    start = length + len(separator)
                parts.extend((separator, line.words))
                length += len(separator) + len(line.words)
                previous = line
        spans.append(Span(length if start is None else start, length))
    return "".join(parts), tuple(spans)


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
        usual[_size(line)] = pitch if times > 1 else 1.5 * line.height
    return usual


def _within_block(above: Line, line: Line, margin: float) -> str:
    character = (above.right - above.left) / max(len(above.words), 1)
    first_word = line.words.split(" ", 1)[0]
    if margin - above.right > (len(first_word) + 2) * character:  # it would have fitted
        return "\n\n" if _SENTENCE_END.search(above.words) else "\n"
    return _joined(above, line)


def _across_pages(above: Line, line: Line) -> str:
    runs_on = _SENTENCE_END.search(above.words) is None and line.words[0].islower()
    return _joined(above, line) if runs_on and _size(above) == _size(line) else "\n\n"


def _between_blocks(above: Line, line: Line) -> str:
    to_next_column = line.bottom > above.bottom + _SAME
    return _across_pages(above, line) if to_next_column else "\n\n"


def _joined(above: Line, line: Line) -> str:
    """A space; nothing where a hyphen splits a word, and is then removed."""
    split = above.words[-1] in _HYPHENS and above.words[-2:-1].islower() and line.words[0].islower()
    return "" if split else " "


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Drop headers and footers: lines that recur, but for numbers, at the same height of pages."""
    ends = [{_place(line) for line in _ends(page)} for page in pages]
    places = Counter(place for page in ends for place in page)
    running = {place for place, times in places.items() if times > 1 and times * 2 > len(pages)}
    return [
        [line for line in page if _place(line) not in running & at_ends]
        for page, at_ends in zip(pages, ends, strict=True)
    ]


def _ends(page: Sequence[Line]) -> list[Line]:
    """The highest and the lowest lines of a page, whatever their order in the file."""
    by_height = sorted(page, key=lambda line: line.bottom)
    return [*by_height[:_RUNNING], *by_height[_RUNNING:][-_RUNNING:]]


def _place(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.words), round(line.bottom / _SAME)
