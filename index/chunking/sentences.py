"""Text -> sentences as spans, with boundaries from the sentencex library."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import sentencex

from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# The splitter takes quadratic time where quotes are not closed. Far longer than any sentence that
# stays whole in a chunk.
_WINDOW: Final = 4000  # characters
# Where the splitter takes an English word for an abbreviation, and the next one for what it stands
# before, although a sentence ends there: "May." is none, and "A" before a word in small letters is
# an initial or a number only behind "Mr.", "No." or "fig.", and goes on behind "e.g." or "Skar v.".
_MISSED: Final = re.compile(
    r"\bMay\.[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[A-Z])"
    r"|(?<!\b(?:Mr|Ms|Dr|No|vs|Ex|[Cc]f|[Cc]l|[Pp]p|[Pp]t))(?<!\b[Nn]os)(?<!\bMrs)"
    r"(?<!\b(?:[Ff]ig|[Ss]ec|[Vv]ol|App|Art))(?<!\b(?:Prof|[Ff]igs|[Vv]ols))"
    r"(?<!\b(?:e\.g|i\.e))(?<!\bv)"
    r"\.[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*An?\s[a-z])"
)
_BREAK: Final = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def split_sentences(text: str, within: Span, language: str) -> Iterator[Span]:
    """Split part of a text into sentences without outer white space.

    Args:
        text: The text of an article.
        within: The part to split, usually one paragraph.
        language: ISO 639 code; a language without rules of its own gets the general rules.

    Yields:
        Spans of ``text`` in order; together they hold every word of the part.
    """
    # A line break inside a paragraph is only white space; the splitter would cut there.
    paragraph = _BREAK.sub(" ", text[within.start : within.end])
    start = 0
    for end in _sentence_ends(paragraph, language):
        span = Span(within.start + start, within.start + end)
        if (sentence := strip_span(text, span)) is not None:
            yield sentence
        start = end
    if (rest := strip_span(text, Span(within.start + start, within.end))) is not None:
        yield rest


def _sentence_ends(paragraph: str, language: str) -> Iterator[int]:
    """Find the ends of sentences, in windows that follow one another.

    The last sentence of a window may go on behind it, so the next window begins with it. A window
    of a single sentence is cut at white space.
    """
    start = 0
    while len(paragraph) - start > _WINDOW:
        window = paragraph[start : start + _WINDOW]
        ends = _boundaries(window, language)
        ends = [end for end in ends if 0 < end < _WINDOW] or [_last_gap(window)]
        yield from (start + end for end in ends)
        start += ends[-1]
    yield from (start + end for end in _boundaries(paragraph[start:], language))


def _boundaries(text: str, language: str) -> list[int]:
    found = sentencex.get_sentence_boundaries(language, text)
    ends = {int(boundary["end_index"]) for boundary in found}
    if language == "en":
        ends |= {match.end() for match in _MISSED.finditer(text)}
    return sorted(ends)


def _last_gap(window: str) -> int:
    """Where to cut a window that is one sentence: behind its last white space, if it has any."""
    gap = max(window.rfind(" "), window.rfind("\t"))
    return gap + 1 if gap > 0 else len(window)


def strip_span(text: str, span: Span) -> Span | None:
    """Strip the outer white space of a span; None if it holds nothing else."""
    raw = text[span.start : span.end]
    words = raw.strip()
    if not words:
        return None
    start = span.start + len(raw) - len(raw.lstrip())
    return Span(start, start + len(words))
