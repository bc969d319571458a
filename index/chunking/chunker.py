"""Article -> chunks: overlapping windows of whole sentences, under their headings."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.chunking.blocks import Block, BlockKind, split_blocks
from index.chunking.sentences import split_sentences
from index.formats.tables import row_values
from index.records import Article, Chunk, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# An estimate of word-piece tokens: part of a long word, a punctuation mark, or one character of a
# script that is written without spaces. Long white space counts, so that no chunk is full of it.
_TOKEN: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|\w{1,12}|[^\w\s]|\s{12}"
)
_LONGEST_TOKEN: Final = 16  # characters, with some white space
_CONTEXT_SEPARATOR: Final = " — "
_LONGEST_HEADING: Final = 200  # characters of a heading that go into the context of its chunks


@dataclass(frozen=True, slots=True)
class ChunkingParameters:
    """Parameters of the chunker.

    Attributes:
        max_tokens: The most tokens in a chunk, without its context.
        overlap_tokens: The most tokens that a chunk repeats of the previous chunk.
        language: ISO 639 code for the sentence splitter.

    Raises:
        ValueError: If a number is out of range.
    """

    max_tokens: int = 100
    overlap_tokens: int = 30
    language: str = "en"

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise ValueError(f"max_tokens is {self.max_tokens}; expected at least 1")
        if not 0 <= self.overlap_tokens < self.max_tokens:
            raise ValueError(
                f"overlap_tokens is {self.overlap_tokens}; "
                f"expected 0 to {self.max_tokens - 1} (below max_tokens)"
            )


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    tokens: int


def count_tokens(text: str) -> int:
    """Count tokens as `ChunkingParameters` does."""
    return sum(1 for _ in _TOKEN.finditer(text))


def chunk_article(article: Article, parameters: ChunkingParameters) -> list[Chunk]:
    """Cut one article into chunks, in the order of the text.

    A sentence is cut only if it is longer than ``max_tokens`` by itself. Paragraphs under one
    heading are packed together, and apart from list items; each row of a table is a chunk. Every
    sentence and list item is in at least one chunk, and every chunk equals its slice of the text.
    """
    text = article.text
    headings: dict[int, str] = {}
    chunks: list[Chunk] = []
    for run in _runs(split_blocks(text, guess_headings=not article.info.marks_headings)):
        if run[0].kind is BlockKind.HEADING:
            for block in run:
                headings = {
                    level: words for level, words in headings.items() if level < block.level
                }
                words = " ".join(text[slice(*block.span)].split())
                headings[block.level] = words[:_LONGEST_HEADING]
            continue
        context = _context(article.info.title, headings)
        if run[0].kind is BlockKind.ITEM and (lead := _lead_in(text, chunks, run[0])) is not None:
            context = _CONTEXT_SEPARATOR.join(filter(None, (context, lead)))
        for part in _rows_apart(text, run):
            sentences = [
                _Sentence(span, count_tokens(text[slice(*span)]))
                for sentence in _sentences(text, part, parameters.language)
                for span in _cut(text, sentence, parameters.max_tokens)
            ]
            for window in _windows(sentences, parameters):
                start, end = window[0].start, window[-1].end
                chunks.append(
                    Chunk(article.info.id, start, end, text[start:end], context, tuple(window))
                )
    return chunks


def _rows_apart(text: str, run: Sequence[Block]) -> Iterator[list[Block]]:
    """Part a run so that each row of a table stands alone: its neighbours only mislead a reader."""
    together: list[Block] = []
    for block in run:
        if not _is_row(text, block):
            together.append(block)
            continue
        if together:
            yield together
        yield [block]
        together = []
    if together:
        yield together


def _is_row(text: str, block: Block) -> bool:
    return block.kind is BlockKind.ITEM and bool(row_values(text[slice(*block.span)]))


def _sentences(text: str, blocks: Sequence[Block], language: str) -> Iterator[Span]:
    """The sentences of blocks; a row of a table is one."""
    for block in blocks:
        if _is_row(text, block):
            yield block.span
        else:
            yield from split_sentences(text, block.span, language)


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Group neighbouring blocks of the same kind."""
    run: list[Block] = []
    for block in blocks:
        if run and run[-1].kind is not block.kind:
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _context(title: str | None, headings: dict[int, str]) -> str:
    """Join title and headings, without repetition."""
    parts = [*([] if title is None else [title]), *(headings[level] for level in sorted(headings))]
    return _CONTEXT_SEPARATOR.join(dict.fromkeys(parts))


def _lead_in(text: str, chunks: Sequence[Chunk], first_item: Block) -> str | None:
    """Find the sentence that introduces a list: it ends in a colon just above the list."""
    if not chunks:
        return None
    last = chunks[-1].sentences[-1]
    words = text[slice(*last)]
    # Only white space and the list's first marker may come in between.
    between = text[last.end : first_item.span.start].split()
    if words.endswith(":") and len(between) <= 1:
        return " ".join(words.split())
    return None


def _cut(text: str, sentence: Span, max_tokens: int) -> Iterator[Span]:
    """Cut a sentence that is longer than a chunk; a shorter one stays whole."""
    ends = [match.end() for match in _TOKEN.finditer(text, sentence.start, sentence.end)]
    start = sentence.start
    for last in range(max_tokens - 1, len(ends) - 1, max_tokens):
        words = text[start : ends[last]].rstrip()
        if words:
            yield Span(start, start + len(words))
            start = ends[last]
            while text[start].isspace():
                start += 1
    yield Span(start, sentence.end)


def _windows(
    sentences: Sequence[_Sentence], parameters: ChunkingParameters
) -> Iterator[list[Span]]:
    """Pack sentences greedily; each window repeats the last sentences of the previous one."""
    window: deque[_Sentence] = deque()
    size = 0
    longest = parameters.max_tokens * _LONGEST_TOKEN

    def is_full(following: _Sentence) -> bool:
        length = following.span.end - window[0].span.start
        return size + following.tokens > parameters.max_tokens or length > longest

    for sentence in sentences:
        if window and is_full(sentence):
            yield [each.span for each in window]
            while window and (size > parameters.overlap_tokens or is_full(sentence)):
                size -= window.popleft().tokens
        window.append(sentence)
        size += sentence.tokens
    if window:
        yield [each.span for each in window]
