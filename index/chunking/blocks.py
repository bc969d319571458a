"""Article text -> blocks: headings, list items and paragraphs, with their spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from index.formats.text.fences import Fences
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class BlockKind(Enum):
    """The kind of a block; headings are context, never answers."""

    HEADING = "heading"
    ITEM = "item"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a list item (or table row), or a paragraph.

    Attributes:
        kind: Heading, item or paragraph.
        span: The words, without markers such as ``#`` or ``-`` and without outer white space.
        level: 1 to 6 for a heading, else 0.
    """

    kind: BlockKind
    span: Span
    level: int = 0


_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_HASH_HEADING: Final = re.compile(
    r"(?P<marks>#{1,6})[ \t]+(?P<words>\S.*?)(?:(?<![ \t])[ \t]++#++)?\Z", re.DOTALL
)
_UNDERLINE: Final = re.compile(r"(?:={3,}|-{3,})\Z")
# Possessive quantifiers: a long line that only begins like a rule must not backtrack.
_RULE: Final = re.compile(r"(?:[-*_=][ \t]*+){3,}+\Z|\|?(?:[ \t]*+:?-{2,}+:?[ \t]*+\|?)++\Z")
_ITEM: Final = re.compile(r"(?:[-*+•‣–]|\d{1,3}[.)])[ \t]+(?=\S)")
_TABLE_ROW: Final = re.compile(r"\|.*\|\Z", re.DOTALL)
_SENTENCE_END: Final = re.compile(r"[.!?…:;,。！？][\"'”’»)\]]*\Z")
_UNWRAPPED: Final = 100  # characters; a longer line was not wrapped by hand: it is a paragraph
_HEADING_WORDS: Final = 14
_PLAIN_LEVEL: Final = 2
_CODE_INDENT: Final = 4  # columns; indented so far, a number sign does not mark a heading
# What states a value and heads nothing: "Price: 55 crowns", "Founded in 1907", "Open 9 to 5 daily".
_LABELLED: Final = re.compile(r"[^:]*[^\s:]:[ \t]+\S")
_ENDS_IN_VALUE: Final = re.compile(
    r"(?:\S*\d\S*|[%°$€£¥]\S*)\Z"
    r"|(?<![^\s(])(?!(?:1[89]|20)\d\d\b)[$€£¥]?\d\S*(?:[ \t]+[^\sA-Z]{1,20}){1,3}\Z"
)
_TAIL: Final = 100  # characters in which the end of a line is looked at


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    words: str
    indented: bool
    marked: bool
    code: bool
    fence: bool
    guessed: bool


def split_blocks(text: str, *, guess_headings: bool = False) -> list[Block]:
    """Split an article into blocks; together they hold every word of it.

    Headings are Markdown headings (``## Title`` or underlined). A line of fenced code is an item,
    whatever it looks like. A text of headings alone becomes paragraphs.

    Args:
        text: The text of an article.
        guess_headings: Whether headings are not marked in it, so that short lines that stand
            alone, end without punctuation, state no value and are followed by prose or a list are
            headings, too.
    """
    lines = list(_lines(text, guess_headings=guess_headings))
    blocks: list[Block] = []
    position = 0
    while position < len(lines):
        block, position = _next_block(lines, position)
        if block is not None:
            blocks.append(block)
    if all(block.kind is BlockKind.HEADING for block in blocks):
        return [Block(BlockKind.PARAGRAPH, block.span) for block in blocks]
    return blocks


def _lines(text: str, *, guess_headings: bool) -> Iterator[_Line]:
    fences = Fences()
    for match in _LINE.finditer(text):
        raw = match.group()
        words = raw.strip()
        before = len(raw) - len(raw.lstrip())
        start = match.start() + before
        code, fence = fences.step(raw)
        yield _Line(
            Span(start, start + len(words)),
            words,
            indented=raw[:1] in {" ", "\t"},
            marked=len(raw[:before].expandtabs(_CODE_INDENT)) < _CODE_INDENT,
            code=code,
            fence=fence,
            guessed=guess_headings,
        )


def _next_block(lines: Sequence[_Line], at: int) -> tuple[Block | None, int]:
    """Take one block; returns it, or None for a blank line or rule, and the next line's number."""
    line = lines[at]
    if line.code or line.fence:
        code = line.words and not line.fence
        return Block(BlockKind.ITEM, line.span) if code else None, at + 1
    if (heading := _heading(lines, at)) is not None:
        return heading
    if not line.words or _RULE.match(line.words) is not None:
        return None, at + 1
    if (item := _ITEM.match(line.words)) is not None:
        end = at + 1
        while end < len(lines) and lines[end].indented and _is_prose(lines[end]):
            end += 1
        span = Span(line.span.start + item.end(), lines[end - 1].span.end)
        return Block(BlockKind.ITEM, span), end
    if _TABLE_ROW.match(line.words) is not None:
        return Block(BlockKind.ITEM, line.span), at + 1
    end = at + 1
    while end < len(lines) and _continues(lines, end):
        end += 1
    return Block(BlockKind.PARAGRAPH, Span(line.span.start, lines[end - 1].span.end)), end


def _heading(lines: Sequence[_Line], at: int) -> tuple[Block, int] | None:
    """Take a heading of any of the three kinds; None if no heading begins here."""
    span = lines[at].span
    marked = _HASH_HEADING.match(lines[at].words) if lines[at].marked else None
    if marked is not None:
        words = Span(span.start + marked.start("words"), span.start + marked.end("words"))
        return Block(BlockKind.HEADING, words, len(marked["marks"])), at + 1
    if _is_underlined(lines, at):
        level = 1 if lines[at + 1].words[0] == "=" else _PLAIN_LEVEL
        return Block(BlockKind.HEADING, span, level), at + 2
    if _is_plain_heading(lines, at):
        return Block(BlockKind.HEADING, span, _PLAIN_LEVEL), at + 1
    return None


def _is_prose(line: _Line) -> bool:
    """Whether the line is prose: not blank, and not marked as anything else."""
    if not line.words or line.code or line.fence:
        return False
    patterns = (_RULE, _ITEM, _TABLE_ROW, *([_HASH_HEADING] if line.marked else []))
    return not any(pattern.match(line.words) for pattern in patterns)


def _is_underlined(lines: Sequence[_Line], at: int) -> bool:
    return (
        at + 1 < len(lines)
        and _is_prose(lines[at])
        and len(lines[at].words.split()) <= _HEADING_WORDS
        and _UNDERLINE.match(lines[at + 1].words) is not None
        and _begins_paragraph(lines, at)
    )


def _continues(lines: Sequence[_Line], at: int) -> bool:
    """Whether a line belongs to the same paragraph as the line above it."""
    line, above = lines[at], lines[at - 1]
    return (
        _is_prose(line)
        and len(line.words) <= _UNWRAPPED
        and len(above.words) <= _UNWRAPPED
        and not _is_underlined(lines, at)
        and not _is_plain_heading(lines, at)
    )


def _begins_paragraph(lines: Sequence[_Line], at: int) -> bool:
    """Whether the line above is blank, a block of another kind, or ends a sentence."""
    if at == 0 or not _is_prose(lines[at - 1]):
        return True
    return _SENTENCE_END.search(lines[at - 1].words) is not None


def _looks_like_heading(line: _Line) -> bool:
    return (
        _is_prose(line)
        and not line.indented
        and len(line.words) <= _UNWRAPPED
        and len(line.words.split()) <= _HEADING_WORDS
        and _SENTENCE_END.search(line.words) is None
        and (line.words[0].isupper() or line.words[0].isdigit())
        and _LABELLED.match(line.words) is None
        and _ENDS_IN_VALUE.search(line.words[-_TAIL:]) is None
    )


def _is_plain_heading(lines: Sequence[_Line], at: int) -> bool:
    """Whether an unmarked line is a heading: it looks like a heading and the next line does not.

    Without a blank line in between, the next line must be a list item or too long to continue it.
    """
    line = lines[at]
    if not (line.guessed and _looks_like_heading(line) and _begins_paragraph(lines, at)):
        return False
    below = at + 1
    while below < len(lines) and not lines[below].words:
        below += 1
    if below == len(lines):
        return False
    follower = lines[below]
    if _ITEM.match(follower.words) is not None:
        return True
    if not _is_prose(follower) or _looks_like_heading(follower):
        return False
    return below > at + 1 or len(follower.words) > _UNWRAPPED
