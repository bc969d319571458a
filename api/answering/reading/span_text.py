"""Tidying a predicted span: whole words, no loose punctuation, figures complete.

Pure functions on half-open `[start, end)` offsets in code points of one text.
"""

import re

from api.answering.values.quantities import complete_quantity
from index.formats.tables import row_values

_LEADING = " \t\n\r,;:.!?)]}»”’–—-"
_TRAILING = " \t\n\r,;:!?([{«“‘–—-"
_BRACKETS = {")": "(", "]": "[", "”": "“", "’": "‘"}
_CLOSING = {opening: closing for closing, opening in _BRACKETS.items()}


def tidy_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Grow a span to whole words and complete figures, and trim its punctuation.

    In a row of a table it stays in one cell; the heading of a cell stands for its value.

    Returns:
        Start and end, equal if only punctuation was left.
    """
    start, end = _whole_words(text, *_within_cell(text, start, end))
    start, end = _trimmed(text, start, end)
    return complete_quantity(text, start, end) if start < end else (start, end)


def _within_cell(text: str, start: int, end: int) -> tuple[int, int]:
    line = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", line)
    row = text[line : len(text) if line_end < 0 else line_end]
    words = row.removeprefix("- ")
    line += len(row) - len(words)
    for cell, value, cell_end in row_values(words):
        if line + cell <= start < line + cell_end:
            if start < line + value:
                return line + value, line + cell_end
            return start, min(end, line + cell_end)
    return start, end


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and start < len(text) and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    before = -1, -1
    while before != (start, end) and start < end:
        before = start, end
        while start < end and text[start] in _LEADING and not _signed(text, start):
            start += 1
        while start < end and text[end - 1] in _TRAILING:
            end -= 1
        if start < end and text[end - 1] == "." and not _abbreviated(text, start, end):
            end -= 1
        start, end = _with_paired_marks(text, start, end)
        if end - start > 1:
            start, end = _without_lone_bracket(text, start, end)
    return start, end


def _with_paired_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop an unpaired Markdown mark at an end, or take in its other half just outside."""
    for mark in "*`":
        words = text[start:end]
        if len(re.findall(rf"{re.escape(mark)}+", words)) % 2 == 0:
            continue
        if words.startswith(mark):
            start = end - len(words.lstrip(mark))
        elif words.endswith(mark):
            end = start + len(words.rstrip(mark))
        elif start > 0 and text[start - 1] == mark:
            start = len(text[:start].rstrip(mark))
        else:
            end = len(text) - len(text[end:].lstrip(mark))
    return start, end


def _without_lone_bracket(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = text[start], text[end - 1]
    if last in _BRACKETS and _BRACKETS[last] not in text[start:end]:
        if last != "’":
            return start, end - 1
    elif first in _CLOSING and _CLOSING[first] not in text[start:end]:
        return start + 1, end
    elif first == '"' == last and end - start > 2:
        return start + 1, end - 1
    elif text.count('"', start, end) == 1 and last == '"':
        return start, end - 1
    elif text.count('"', start, end) == 1 and first == '"':
        return start + 1, end
    return start, end


def _signed(text: str, at: int) -> bool:
    """Whether a minus sign or decimal point belongs to a number."""
    return text[at] in "-–." and text[at + 1 : at + 2].isdigit() and not text[at - 1 : at].isalnum()


def _abbreviated(text: str, start: int, end: int) -> bool:
    """Whether the final dot belongs to the word ("U.S.", "Jr.", "Inc."), not to the sentence."""
    word = re.split(r"\s", text[start:end])[-1]
    return word.count(".") > 1 or word in (
        "Jr.",
        "Sr.",
        "Inc.",
        "Ltd.",
        "Co.",
        "Corp.",
        "St.",
        "Dr.",
    )
