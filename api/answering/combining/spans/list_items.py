"""Items of lists: "- Acme: $5 million", and what each of them is of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.spans.enumerations import ARTICLE, NAME
from index.records import Span

if TYPE_CHECKING:
    from api.answering.reading.reader import ScoredSpan
    from index.records import Chunk, Passage

_BULLET: Final = re.compile(rf"(?P<head>{NAME})(?=(?:,\s{NAME})?:\s)")
_HEAD_END: Final = re.compile(r":\s|\s[–—-]\s|\s\(|,\s|;\s|\sby\s|\Z|(?<=\w\w[.!?])\s")
_QUOTED: Final = re.compile(r"[\"“](?P<words>[^\"”\n]{2,80})[\"”]")
_MARKS: Final = ("- ", "* ", "• ", "+ ")
_NUMBER_MARK: Final = re.compile(r"(?:\A|\n)\s*\d{1,2}[.)]\s\Z")
_LONGEST_HEAD: Final = 8  # words


def list_heads(scored: ScoredSpan, passage: Passage, shared: frozenset[str]) -> list[Span]:
    """The heads of the list items beside one whose head is a span: "- Acme: $5 million in May".

    Args:
        scored: A span; it must be the head of a list item, or begin with it.
        passage: Its passage.
        shared: Words, in lower case, of which every item must have those that the span's has.
    """
    heads = [
        (sentence, head)
        for sentence in passage.chunk.sentences
        if (head := item_head(sentence, passage.chunk)) is not None
    ]
    own = next(
        (
            sentence
            for sentence, head in heads
            if sentence.start <= scored.span.start <= head.start and head.end <= scored.span.end + 1
        ),
        None,
    )
    if own is None:
        return []
    wanted = shared & _lower_words(passage, own)
    return [head for sentence, head in heads if wanted <= _lower_words(passage, sentence)]


def item_head(sentence: Span, chunk: Chunk) -> Span | None:
    """What a list item is of: its quoted title, the words before a colon or dash, or all of it.

    Args:
        sentence: The item.
        chunk: Its chunk.

    Returns:
        None where the sentence is no list item.
    """
    at = sentence.start - chunk.start
    before = chunk.text[:at]
    # The mark of an item that begins a chunk is left out of it.
    if at and before[-2:] not in _MARKS and not _NUMBER_MARK.search(before[-6:]):
        return None
    words = chunk.words(sentence)
    quoted = _QUOTED.match(words)
    if quoted is not None:
        return Span(sentence.start + quoted.start("words"), sentence.start + quoted.end("words"))
    end = _HEAD_END.search(words)
    head = words if end is None else words[: end.start()]
    head = head.rstrip(" .;")
    if not head or len(head.split()) > _LONGEST_HEAD:
        return None
    first = 0 if (article := ARTICLE.match(head)) is None else article.end()
    return Span(sentence.start + first, sentence.start + len(head))


def item_name(sentence: Span, passage: Passage) -> Span | None:
    """The name that a list item begins with, as in "- Acme: $5 million"; None where it has none.

    Unlike `item_head` it takes a colon for the end, and nothing that is no name.
    """
    chunk = passage.chunk
    at = sentence.start - chunk.start
    # The mark of an item that begins a chunk is left out of it.
    if at and chunk.text[max(0, at - 2) : at] not in _MARKS:
        return None
    match = _BULLET.match(passage.chunk.words(sentence))
    if match is None:
        return None
    return Span(sentence.start, sentence.start + match.end("head"))


def _lower_words(passage: Passage, span: Span) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", passage.chunk.words(span).lower()))
