"""Running headers and footers of a paged document, which no paragraph continues through."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.formats.pdf.layout import Line

_NUMBER: Final = re.compile(r"\d+")
_ROWS: Final = 3  # at the top or bottom of a page that may be its header or footer
_SAME: Final = 2.0  # points, within which two lines have the same height on the page
_MARKS: Final = "|·•–—-/([)]"
_PAGE_WORDS: Final = frozenset(
    "page pages p pp pg seite s sida side sivu página pagina pág pag strona str blz".split()
)
_OF: Final = re.compile(r"(?:of|von|av|af|de|di|sur|van|z|/)\s*\d+", re.IGNORECASE)
_LABELLED: Final = re.compile(r"[^\s:][^:]*:\s+\S")
_SHOWN: Final = 80  # characters of a line in a message

_Place = tuple[str, int]


@dataclass
class _Group:
    """Lines of different pages that are the same but for numbers, at the same height."""

    lines: dict[int, Line] = field(default_factory=dict)  # by page

    @cached_property
    def is_running(self) -> bool:
        """Whether nothing but the number of the page differs."""
        return all(
            len(set(column)) == 1 or at in self._page_columns
            for at, column in enumerate(self._columns)
        )

    @cached_property
    def carries_data(self) -> bool:
        """Whether somebody may ask for what it says: a number, or a value with its label."""
        words = next(iter(self.lines.values())).words
        if _LABELLED.search(words) is not None:
            return True
        without_total = _OF.sub("", words) if self._page_columns else words
        return len(_NUMBER.findall(without_total)) > len(self._page_columns)

    @cached_property
    def is_page_number(self) -> bool:
        """Whether there is nothing in the lines but the number of the page."""
        words = re.findall(r"[^\W\d_]+", _OF.sub("", next(iter(self.lines.values())).words))
        return all(word.casefold() in _PAGE_WORDS for word in words)

    @cached_property
    def _page_columns(self) -> list[int]:
        """Which of the numbers in the lines is that of the page."""
        return [at for at in range(len(self._columns)) if self._counts_pages(at)]

    @cached_property
    def _columns(self) -> list[tuple[str, ...]]:
        rows = (_NUMBER.findall(line.words) for line in self.lines.values())
        return [*zip(*rows, strict=True)]

    def _counts_pages(self, at: int) -> bool:
        """Whether the number at a position goes up with the pages and is written as theirs is."""
        offsets = set()
        for page, line in self.lines.items():
            number = [*_NUMBER.finditer(line.words)][at]
            before, after = line.words[: number.start()].split(), line.words[number.end() :].strip()
            is_begun = not before or before[-1][-1] in _MARKS
            is_begun = is_begun or before[-1].rstrip(".").casefold() in _PAGE_WORDS
            if not is_begun or (after and after[0] not in _MARKS and _OF.match(after) is None):
                return False
            offsets.add(int(number[0]) - page)
        return len(offsets) == 1 and len(self.lines) > 1


def without_running_lines(
    pages: Sequence[Sequence[Line]],
) -> tuple[list[list[Line]], tuple[str, ...]]:
    """Leave out headers and footers: lines that recur at the same height of pages.

    Only the page's number may differ in them. One that carries data stays once: on its first page
    at the top, on its last at the bottom. A page that has nothing else stays as it is, and pages
    that are the same count as one.

    Returns:
        The pages, and a message for each line that was left out.
    """
    groups = _running_groups(pages)
    removed: dict[_Place, list[Line]] = {}
    kept: list[list[Line]] = []
    occurrences: dict[_Place, list[int]] = {place: [] for place in groups}
    for number, page in enumerate(pages):
        for place in _end_places(page) & groups.keys():
            occurrences[place].append(number)
    for number, page in enumerate(pages):
        dropped: list[Line] = []
        for row in _end_rows(page):
            places = [_place(line) for line in row]
            if all(place in groups for place in places):
                dropped.extend(
                    line
                    for line, place in zip(row, places, strict=True)
                    if not _stays(groups[place], number, occurrences[place], line, page)
                )
        if len(dropped) == len(page):
            dropped = []
        for line in dropped:
            removed.setdefault(_place(line), []).append(line)
        ids = {id(line) for line in dropped}
        kept.append([line for line in page if id(line) not in ids])
    return kept, tuple(_messages(groups, removed))


def _running_groups(pages: Sequence[Sequence[Line]]) -> dict[_Place, _Group]:
    different = {tuple(line.words for line in page): page for page in reversed(pages)}
    numbers = {id(page): number for number, page in enumerate(pages)}
    groups: dict[_Place, _Group] = {}
    for page in different.values():
        for row in _end_rows(page):
            for line in row:
                groups.setdefault(_place(line), _Group()).lines[numbers[id(page)]] = line
    return {
        place: group
        for place, group in groups.items()
        if len(group.lines) > 1 and len(group.lines) * 2 >= len(different) - 1 and group.is_running
    }


def _stays(
    group: _Group, number: int, occurrences: Sequence[int], line: Line, page: Sequence[Line]
) -> bool:
    if not group.carries_data:
        return False
    heights = [each.bottom for each in page]
    middle = (min(heights) + max(heights)) / 2
    return number == (occurrences[0] if line.bottom >= middle else occurrences[-1])


def _end_rows(page: Sequence[Line]) -> list[list[Line]]:
    """The highest and the lowest rows of a page, whatever their order in the file."""
    rows: dict[int, list[Line]] = {}
    for line in page:
        rows.setdefault(round(line.bottom / _SAME), []).append(line)
    by_height = [rows[height] for height in sorted(rows)]
    return [*by_height[:_ROWS], *by_height[_ROWS:][-_ROWS:]]


def _end_places(page: Sequence[Line]) -> set[_Place]:
    return {_place(line) for row in _end_rows(page) for line in row}


def _place(line: Line) -> _Place:
    return _NUMBER.sub("0", line.words), round(line.bottom / _SAME)


def _messages(groups: dict[_Place, _Group], removed: dict[_Place, list[Line]]) -> Iterator[str]:
    numbers = sum(len(lines) for place, lines in removed.items() if groups[place].is_page_number)
    if numbers:
        yield f"page numbers: {numbers}"
    counts: dict[str, int] = {}
    for place, lines in removed.items():
        if not groups[place].is_page_number:
            words = lines[0].words[:_SHOWN]
            counts[words] = counts.get(words, 0) + len(lines)
    for words, times in counts.items():
        yield f"running line on {times} pages: {words}"
