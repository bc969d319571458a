"""Tables whose columns stand close together: lines parted where all rows leave the same gap."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.formats.pdf.layout import Line

_ROWS: Final = 3  # the heading and two more; fewer may agree by chance
_CLEAR: Final = 0.15  # times the font size: how wide the gap is that all rows leave
_WIDE: Final = 0.45  # times the font size: a gap that no space between words has
_MOST: Final = 0.5  # share of the rows whose gaps are that wide
_PITCH: Final = 2.6  # times the font size, from a row to the next one
_CELL_WORDS: Final = 4  # on average in a cell; columns of prose have more in a line
_VALUE_WORDS: Final = 1.5  # on average in a cell; where all are single words, all gaps are alike
_EVEN: Final = 1.3  # times the narrowest gap of a line: no wider one is in a line of prose
_EVEN_GAPS: Final = 3  # fewer may be alike by chance
_SAME: Final = 2.0  # points, within which two lines have the same height on the page
_Gap = tuple[float, float]  # where a word ends, and where the next one begins


def parted_rows(page: Sequence[Line]) -> list[Line]:
    """Part the lines of a page that are rows of a table; the others stay as they are.

    In prose a few lines may leave the same gap too, but not one wider than a space.
    """
    rows = [*_rows(page)]
    parted: list[Line] = []
    at = 0
    while at < len(rows):
        end, columns = _table(rows, at)
        for row in rows[at:end]:
            parted.extend(_parts(row.whole, columns))
        if not columns:
            end = at + 1
            parted.extend(rows[at].pieces)
        at = end
    return parted


class _Row(NamedTuple):
    whole: Line
    pieces: list[Line]  # between gaps as wide as those of columns of prose


def _rows(page: Sequence[Line]) -> Iterator[_Row]:
    pieces: list[Line] = []
    for line in page:
        last = pieces[-1] if pieces else None
        if last is not None and not (
            abs(last.bottom - line.bottom) <= _SAME and line.left >= last.right
        ):
            yield _Row(_joined(pieces), pieces)
            pieces = []
        pieces.append(line)
    if pieces:
        yield _Row(_joined(pieces), pieces)


def _joined(pieces: Sequence[Line]) -> Line:
    """The pieces of a row as one line; without gaps where one has gaps that were not measured."""
    if len(pieces) == 1:
        return pieces[0]
    gaps = [*pieces[0].gaps]
    for before, after in pairwise(pieces):
        gaps.extend(((before.right, after.left), *after.gaps))
    words = " ".join(piece.words for piece in pieces)
    measured = tuple(gaps) if words.count(" ") == len(gaps) else ()
    return replace(pieces[0], words=words, right=pieces[-1].right, gaps=measured)


def _table(rows: Sequence[_Row], at: int) -> tuple[int, list[_Gap]]:
    """The end of the table that begins with a row, and the gaps between its columns."""
    first = rows[at].whole
    if not any(_is_wide(gap, first) for gap in first.gaps):
        return at, []
    columns = [*first.gaps]
    ends: list[tuple[int, list[_Gap]]] = []
    end = at + 1
    while end < len(rows):
        above, line = rows[end - 1].whole, rows[end].whole
        if not 0 < above.bottom - line.bottom <= _PITCH * line.height:
            break
        columns = [*_common(columns, line)]
        if not columns:
            break
        end += 1
        if _gaps_wide(line, columns):
            ends.append((end, columns))
    for last, common in reversed(ends):
        lines = [row.whole for row in rows[at:last]]
        sure = [column for column in common if _is_column(column, lines)]
        if _gaps_wide(first, sure) and _is_close(rows[at:last], sure):
            return last, sure
    return at, []


def _is_close(rows: Sequence[_Row], columns: Sequence[_Gap]) -> bool:
    """Whether rows of short cells were not parted alike already."""
    words = sum(len(row.whole.words.split()) for row in rows)
    cells = len(rows) * (len(columns) + 1)
    return (
        len(rows) >= _ROWS
        and words <= _CELL_WORDS * cells
        and any(len(row.pieces) <= len(columns) for row in rows)
        and not (words > _VALUE_WORDS * cells and _is_justified([row.whole for row in rows]))
    )


def _is_justified(lines: Sequence[Line]) -> bool:
    """Whether most lines are stretched to a width, which makes all their spaces alike."""
    longer = [line.gaps for line in lines if len(line.gaps) >= _EVEN_GAPS]
    even = 0
    for gaps in longer:
        widths = [right - left for left, right in gaps]
        even += max(widths) <= _EVEN * min(widths)
    return even > _MOST * len(longer)


def _common(columns: Sequence[_Gap], line: Line) -> Iterator[_Gap]:
    """What a line leaves clear of the gaps of the rows above it."""
    for left, right in columns:
        for begin, end in line.gaps:
            narrow = max(left, begin), min(right, end)
            if narrow[1] - narrow[0] >= _CLEAR * line.height:
                yield narrow


def _is_column(column: _Gap, rows: Sequence[Line]) -> bool:
    wide = sum(_is_wide(_gap_at(line, column), line) for line in rows)
    return wide >= _MOST * len(rows)


def _gaps_wide(line: Line, columns: Sequence[_Gap]) -> bool:
    return any(_is_wide(_gap_at(line, column), line) for column in columns)


def _gap_at(line: Line, column: _Gap) -> _Gap:
    """The gap of a line that a gap of all rows lies in."""
    return next(gap for gap in line.gaps if gap[0] <= column[0] and column[1] <= gap[1])


def _is_wide(gap: _Gap, line: Line) -> bool:
    return gap[1] - gap[0] >= _WIDE * line.height


def _parts(line: Line, columns: Sequence[_Gap]) -> Iterator[Line]:
    """The cells of a row; a word stands behind each gap of a line."""
    words = line.words.split(" ")
    cuts = [line.gaps.index(_gap_at(line, column)) for column in columns]
    starts = [0, *(cut + 1 for cut in cuts)]
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        yield replace(
            line,
            words=" ".join(words[start:end]),
            left=line.left if start == 0 else line.gaps[start - 1][1],
            right=line.right if end == len(words) else line.gaps[end - 1][0],
            gaps=line.gaps[start : end - 1],
            is_cell=True,
        )
