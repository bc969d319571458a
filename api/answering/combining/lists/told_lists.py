"""Lists and tables that say themselves that they hold what a question lists: all of their items.

"The brands are:" stands above the items that "Which brands were recalled?" asks for, and rows of a
table have the heading "Company". A reader sees each item alone, and is seldom sure of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.answering.combining.spans.list_items import item_head
from api.answering.questions.answer_kind import AnswerKind, wanted_kind
from api.answering.word_stems import stems
from api.answering.words import text_words
from index.formats.tables import row_values
from index.records import Chunk, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

# Kinds of which any word for one names them all: a firm is a company.
_ONE_KIND = frozenset({AnswerKind.PERSON, AnswerKind.ORGANISATION})


def told_items(
    question: Question,
    noun: str | None,
    spans: Sequence[ScoredSpan],
    passages: Sequence[Passage],
    chunks_of: Callable[[str], Sequence[Chunk]],
) -> tuple[list[ScoredSpan], list[Passage]]:
    """Find the items of the lists and tables among some passages that say they hold the asked.

    Those do whose lead-in or column names what is asked for, and whose headings and labels have
    half of the question's other words and names, and not names alone. A word that only some items
    have chooses those.

    Args:
        question: The question.
        noun: What each item is called: "brand"; without it nothing is found.
        spans: What was read; each item is scored as the best of these in its list.
        passages: Where it was read.
        chunks_of: Loads the chunks of an article.

    Returns:
        The items, and the passages with those behind them that hold items and were not read.
    """
    held = list(passages)
    if noun is None:
        return [], held
    places = {(passage.article.id, passage.chunk.start): n for n, passage in enumerate(passages)}
    looked_at: set[tuple[str, str]] = set()
    told = []
    for number, passage in enumerate(passages):
        chunk = passage.chunk
        best = max(
            (scored for scored in spans if scored.passage == number),
            key=lambda scored: scored.margin,
            default=None,
        )
        key = passage.article.id, chunk.context
        if best is None or key in looked_at:
            continue
        own = [(chunk, item) for item in _items(noun, chunk)]
        if not own or not _tells(question, noun, chunk):
            continue
        looked_at.add(key)
        beside = [
            each
            for each in chunks_of(passage.article.id)
            if each.context == chunk.context and each.start != chunk.start
        ]
        items = own + [(each, item) for each in beside for item in _items(noun, each)]
        for each, item in _chosen(question, noun, items):
            place = passage.article.id, each.start
            if place not in places:
                places[place] = len(held)
                held.append(replace(passage, chunk=each))
            told.append(replace(best, passage=places[place], span=item))
    return told, held


def _tells(question: Question, noun: str, chunk: Chunk) -> bool:
    """Whether a list or table says in its headings and labels that it holds what is asked for."""
    labels = " ".join(chunk.words(label) for label in _labels(chunk))
    about = f"{chunk.context} {labels}"
    names = frozenset(name for name in question.names if stems(name))  # not months and years
    if len(question.lacking_names(text_words(about)) & names) * 2 > len(names):
        return False
    others = stems(question.text) - stems(noun)
    told = others & stems(about)
    plain = others - stems(" ".join(names))  # who voted against the league sponsors it not
    return len(told) * 2 >= len(others) and (not plain or not told.isdisjoint(plain))


def _items(noun: str, chunk: Chunk) -> Iterator[Span]:
    """The items of a chunk that a list or table calls by a noun."""
    lead_in = chunk.context.rpartition(" — ")[2]
    listed = lead_in.endswith(":") and any(_names(word, noun) for word in text_words(lead_in))
    for sentence in chunk.sentences:
        words = chunk.words(sentence)
        cells = row_values(words)
        if not cells:
            head = item_head(sentence, chunk) if listed else None
            if head is not None:
                yield head
            continue
        for start, value, end in cells:
            label = words[start:value].rstrip(": ")
            if label and _names(label.split()[-1], noun):
                yield Span(sentence.start + value, sentence.start + end)
                break


def _labels(chunk: Chunk) -> Iterator[Span]:
    for sentence in chunk.sentences:
        for start, value, _ in row_values(chunk.words(sentence)):
            yield Span(sentence.start + start, sentence.start + value)


def _names(word: str, noun: str) -> bool:
    """Whether a word, of one or of several, means the same as the noun."""
    if stems(word) & stems(noun):
        return True
    kind = wanted_kind(f"which {noun}")
    return kind in _ONE_KIND and wanted_kind(f"which {word.lower().removesuffix('s')}") is kind


def _chosen(
    question: Question, noun: str, items: Sequence[tuple[Chunk, Span]]
) -> list[tuple[Chunk, Span]]:
    """The items whose sentences have every word of the question that only some of them have."""
    asked = question.words - {noun, f"{noun}s"}
    told = [asked & text_words(_sentence(chunk, item)) for chunk, item in items]
    some = frozenset[str]().union(*told)
    return [pair for pair, words in zip(items, told, strict=True) if words == some]


def _sentence(chunk: Chunk, item: Span) -> str:
    return next(
        chunk.words(each) for each in chunk.sentences if each.start <= item.start < each.end
    )
