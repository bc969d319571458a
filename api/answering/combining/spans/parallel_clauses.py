"""Clauses of one shape in a sentence: "Acme bought 30 of them, Beta 24 and Gamma 20"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.sentences import dateline_end, sentence_around
from index.records import Span

if TYPE_CHECKING:
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_WORD: Final = r"[^\W\d_a-z][\w’'&.-]*(?<![.’'])"
_FIGURE: Final = (
    r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|none|all)\b)"
)
_HEADED: Final = re.compile(
    r"(?:\A|;\s(?:(?:and|while)\s)?|,\s(?:(?:and|while)\s)?|\s(?:and|while)\s)"
    r"(?:(?:[Tt]he|[Aa]n?)\s(?:[a-z][\w-]*\s){0,2})?"
    rf"(?P<head>(?:{_WORD})(?:\s(?:of\s)?(?:{_WORD}))*)"
    r"(?P<rest>\s(?:(?!\s(?:and|while)\s(?:the\s|an?\s(?:[a-z]+\s){0,2})?[A-Z])[^;,]|,(?=\d))*)"
)


def parallel_heads(scored: ScoredSpan, passage: Passage) -> list[Span]:
    """The names that begin the clauses of a sentence, each with a figure, if a span is of one.

    Returns:
        The names; none where the span touches no such name, or the sentence has only one.
    """
    around = sentence_around(passage, scored.span)
    start = max(around.start, dateline_end(passage))
    words = passage.chunk.words(Span(start, max(start, around.end)))
    heads = [
        Span(start + match.start("head"), start + match.end("head"))
        for match in _HEADED.finditer(words)
        if re.search(_FIGURE, match["rest"])
    ]
    touched = any(head.start < scored.span.end and scored.span.start < head.end for head in heads)
    return heads if touched and len(heads) > 1 else []
