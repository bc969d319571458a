"""Text -> sentences as spans, with boundaries from the sentencex library."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import sentencex

from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    start = within.start
    for boundary in sentencex.get_sentence_boundaries(language, paragraph):
        end = within.start + boundary["end_index"]
        if (sentence := strip_span(text, Span(start, end))) is not None:
            yield sentence
        start = end
    if (rest := strip_span(text, Span(start, within.end))) is not None:
        yield rest


def strip_span(text: str, span: Span) -> Span | None:
    """Strip the outer white space of a span; None if it holds nothing else."""
    raw = text[span.start : span.end]
    words = raw.strip()
    if not words:
        return None
    start = span.start + len(raw) - len(raw.lstrip())
    return Span(start, start + len(words))
