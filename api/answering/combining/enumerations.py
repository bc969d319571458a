"""Enumerations: "A, B and C" in a sentence, taken apart or read as one answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.reading.reader import move_spans
from api.answering.sentences import sentence_around
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_WORD: Final = r"[^\W\d_a-z][\w’'&.-]*(?<![.’'])|\d[\w-]*"
_LINK: Final = r"of\sthe|of|de\sla|de|du|da|van\sder|van|von|der|bin|al"
_NAME: Final = rf"(?:the\s)?(?:{_WORD})(?:\s(?:(?:{_LINK})\s)?(?:{_WORD}))*(?:’s?|'s?)?"
_FULL_NAME: Final = rf"(?:{_WORD})(?:\s(?:(?:{_LINK})\s)?(?:{_WORD})){{1,3}}"
_PEOPLE: Final = re.compile(
    rf"{_FULL_NAME}(?:(?:,\s(?:who|an?|the|its|his|her|then|formerly|now)\s[^,;.]{{1,60}})?"
    rf",?\s(?:and\s)?(?:by\s)?{_FULL_NAME})+"
)
_NO_NAME: Final = (
    "Both|Either|Neither|And|But|Or|On|In|At|For|With|From|By|As|While|When|After|Before|Since|"
    "Under|Of|To|Like|Only|Also|January|February|March|April|May|June|July|August|September|"
    "October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
_NAMES: Final = re.compile(
    rf"(?<![\w’'-])(?!(?:{_NO_NAME})\b){_NAME}(?:,\s{_NAME})*,?\s(?:and|&)\s"
    rf"{_NAME}"
)
_PARTS: Final = re.compile(r",\s(?:and\s)?|,?\s(?:and|&)\s")
_LOWER_PARTS: Final = re.compile(r",\s(?:and\s)?|\sand\s")
_BULLET: Final = re.compile(rf"(?P<head>{_NAME})(?=(?:,\s{_NAME})?:\s)")
_MARKS: Final = ("- ", "* ", "• ", "+ ")
_LONGEST_PART: Final = 5  # words
_FOUNDERS: Final = re.compile(
    r"\Awho\s(?:(?:first|originally|jointly)\s)?(?:co-?)?(?:founded|established|set\sup|started|"
    r"created|invented|launched)\b|\Awho\s(?:are|were)\sthe\s(?:co-?)?(?:founders|creators)\b",
    re.IGNORECASE,
)


def asks_for_founders(question: str) -> bool:
    """Whether a question asks who founded something: those named together are one answer."""
    return _FOUNDERS.match(question) is not None


def taken_apart(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> list[ScoredSpan]:
    """Replace spans that are part of "A, B and C" by a span for each name, scored as they are.

    A span that holds the enumeration, or only some of its names, stands for all of them. What is
    written in lower case is parted only where the reader took the whole. Of equal spans the best
    stays.
    """
    return move_spans(spans, lambda scored: _parts_of(scored, passages[scored.passage]))


def people_together(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> list[ScoredSpan]:
    """Widen each span that is one of several people named together to all of them."""
    return move_spans(spans, lambda scored: [_people_around(scored, passages[scored.passage])])


def list_heads(scored: ScoredSpan, passage: Passage, shared: frozenset[str]) -> list[Span]:
    """The heads of the list items beside one whose head is a span: "- Acme: $5 million in May".

    Args:
        scored: A span; it must be the head of a list item.
        passage: Its passage.
        shared: Words, in lower case, of which every item must have those that the span's has.
    """
    heads = [
        (sentence, head)
        for sentence in passage.chunk.sentences
        if (head := head_of_item(sentence, passage)) is not None
    ]
    own = next((sentence for sentence, head in heads if head == scored.span), None)
    if own is None:
        return []
    wanted = shared & _lower_words(passage, own)
    return [head for sentence, head in heads if wanted <= _lower_words(passage, sentence)]


def head_of_item(sentence: Span, passage: Passage) -> Span | None:
    """The name that a list item begins with, as in "- Acme: $5 million"; None where it has none."""
    chunk = passage.chunk
    at = sentence.start - chunk.start
    # The mark of an item that begins a chunk is left out of it.
    if at and chunk.text[max(0, at - 2) : at] not in _MARKS:
        return None
    match = _BULLET.match(passage.chunk.words(sentence))
    if match is None:
        return None
    return Span(sentence.start, sentence.start + match.end("head"))


def _parts_of(scored: ScoredSpan, passage: Passage) -> list[Span]:
    around = _names_around(scored, passage)
    if around is not None:
        return around
    words = passage.chunk.words(scored.span)
    parts = list(_split(words, scored.span.start, _LOWER_PARTS))
    short = all(len(passage.chunk.words(part).split()) <= _LONGEST_PART for part in parts)
    plain = short and " and " in words and not any(map(str.isdigit, words))
    return parts if len(parts) > 1 and plain else [scored.span]


def _names_around(scored: ScoredSpan, passage: Passage) -> list[Span] | None:
    """The names of the enumeration that a span is of; None where it is of none."""
    around = sentence_around(passage, scored.span)
    for match in _NAMES.finditer(passage.chunk.words(around)):
        start, end = around.start + match.start(), around.start + match.end()
        if start <= scored.span.start and scored.span.end <= end:
            return list(_split(match[0], start, _PARTS))
    return None


def _people_around(scored: ScoredSpan, passage: Passage) -> Span:
    around = sentence_around(passage, scored.span)
    for match in _PEOPLE.finditer(passage.chunk.words(around)):
        start, end = around.start + match.start(), around.start + match.end()
        if start <= scored.span.start and scored.span.end <= end and " and " in match[0]:
            return Span(start, end)
    return scored.span


def _split(words: str, start: int, separator: re.Pattern[str]) -> Iterator[Span]:
    at = 0
    for match in [*separator.finditer(words), None]:
        end = len(words) if match is None else match.start()
        part = words[at:end]
        first = at + (4 if part.startswith("the ") else 0)
        last = end - (len(part) - len(part.removesuffix("'s").removesuffix("’s")))
        if first < last:
            yield Span(start + first, start + last)
        if match is not None:
            at = match.end()


def _lower_words(passage: Passage, span: Span) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", passage.chunk.words(span).lower()))
