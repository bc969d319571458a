"""Questions on the news families with the passages that retrieval brings up for them, as served.

All passages of a question form one group, so that the reader learns to choose among what it will
have to choose among.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.words import STOP_WORDS, text_words
from scripts.training.questions.windows import Pair

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence
    from itertools import count

    from index.records import Chunk, Passage
    from index.retriever import Retriever
    from scripts.training.questions.news import NewsFamily, NewsQuestion

_RETRIEVED: Final = 12
_SOUGHT: Final = 40  # passages among which one that answers is sought
_PER_ANSWERABLE: Final = 5
_PER_UNANSWERABLE: Final = 3
_ANSWERING: Final = 2
_SURE_NEGATIVES: Final = 2  # the first of the passages without the answer are always there
_DRAWN_FROM: Final = 8
_WITH_CONTEXT: Final = 0.9


def news_bundles(
    families: Sequence[NewsFamily],
    retriever: Retriever,
    rng: random.Random,
    groups: count[int],
    unlabelled: int = 0,
    *,
    sought: bool = False,
) -> Iterator[list[Pair]]:
    """A bundle a question: the passages that answer it, and the nearest that do not.

    A question whose answer is in no retrieved passage is left out: it could only be learnt that
    nothing answers it; unless the passage is ``sought`` with the answer's words. A passage of
    another article that holds the answer's words is left out too, since it may answer or not. Of
    what is left out, the nearest come in without a label.

    Args:
        families: Whose questions are asked.
        retriever: Over the families' articles.
        rng: Draws the passages that do not answer.
        groups: Gives each question its number.
        unlabelled: Passages of each question without a label, at most.
        sought: Whether to seek a passage that answers where none is retrieved.
    """
    for question in (question for family in families for question in family.questions):
        passages = retriever.retrieve(question.text, _RETRIEVED + unlabelled).passages
        labelled = _labelled(question, passages[:_RETRIEVED], rng)
        if sought and question.answers and not labelled:
            found = _sought(question, retriever)
            labelled = _labelled(question, [*found, *passages[:_RETRIEVED]], rng)
        own = [chunk for chunk, _ in labelled]
        others = [passage.chunk for passage in passages if passage.chunk not in own]
        if not labelled and not unlabelled:
            continue
        with_context, group = rng.random() < _WITH_CONTEXT, next(groups)
        yield [
            Pair(
                question.text,
                chunk.context if with_context else "",
                chunk.text,
                span,
                group,
                labelled=place < len(labelled),
            )
            for place, (chunk, span) in enumerate(
                [*labelled, *((chunk, None) for chunk in others[:unlabelled])]
            )
        ]


def _sought(question: NewsQuestion, retriever: Retriever) -> list[Passage]:
    """The first passage of its articles that answers, with the best answer's words to help."""
    words = f"{question.text} {question.answers[0]}"
    return next(
        (
            [passage]
            for passage in retriever.retrieve(words, _SOUGHT).passages
            if _sorted_out(question, [passage])[0]
        ),
        [],
    )


def _labelled(
    question: NewsQuestion, passages: Sequence[Passage], rng: random.Random
) -> list[tuple[Chunk, tuple[int, int] | None]]:
    """The chunks to learn from with their spans; none where the answer is in no passage."""
    answering, others = _sorted_out(question, passages)
    if question.answers and not answering:
        return []
    most = _PER_ANSWERABLE if question.answers else _PER_UNANSWERABLE
    drawn = others[_SURE_NEGATIVES:_DRAWN_FROM]
    room = max(0, most - min(len(answering), _ANSWERING) - _SURE_NEGATIVES)
    chosen = [*others[:_SURE_NEGATIVES], *rng.sample(drawn, min(room, len(drawn)))]
    return [*answering[:_ANSWERING], *((chunk, None) for chunk in chosen)]


def _sorted_out(
    question: NewsQuestion, passages: Sequence[Passage]
) -> tuple[list[tuple[Chunk, tuple[int, int] | None]], list[Chunk]]:
    """The chunks that answer with the span that does, and those that do not hold the answer."""
    answering: list[tuple[Chunk, tuple[int, int] | None]] = []
    others: list[Chunk] = []
    for passage in passages:
        spans = [answer_span(passage.chunk, answer, question.text) for answer in question.answers]
        span = next((span for span in spans if span is not None), None)
        if span is None:
            others.append(passage.chunk)
        elif passage.article.id in question.articles:
            answering.append((passage.chunk, span))
    return answering, others


def answer_span(chunk: Chunk, answer: str, question: str) -> tuple[int, int] | None:
    """Where an answer stands in a chunk: in the sentence that shares most words with the question.

    Returns:
        A half-open span in code points of the chunk's text; None where it is not there as whole
        words.
    """
    words = text_words(question) - STOP_WORDS
    best: tuple[int, tuple[int, int]] | None = None
    for match in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", chunk.text):
        start, end = match.span()
        sentence = next(
            (
                chunk.words(span)
                for span in chunk.sentences
                if span.start <= chunk.start + start < span.end
            ),
            chunk.text,
        )
        shared = len(words & text_words(sentence))
        if best is None or shared > best[0]:
            best = shared, (start, end)
    return None if best is None else best[1]
