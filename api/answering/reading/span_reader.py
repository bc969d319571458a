"""Reading single passages: the spans that a network scores highest in windows of each passage."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from api.answering.reading.batches import LargeBatches
from api.answering.reading.span_text import tidy_span
from api.answering.sentences import dateline_end
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from api.answering.reading.batches import Batches
    from api.answering.reading.network import SpanLogits
    from api.answering.reading.pair_encoding import Encoded, PairEncoder
    from index.records import Passage

_LONGEST_ANSWER = 30
_STARTS = 12


@dataclass(frozen=True, slots=True)
class ReadablePassage:
    """A passage to read.

    Attributes:
        text: Its text.
        context: Article title and headings, which help but are never an answer.
        cuts: Where sentences begin in the text, and where one ends before the marker of a list
            item, rising; no span runs across one.
    """

    text: str
    context: str = ""
    cuts: tuple[int, ...] = ()

    @classmethod
    def of(cls, passage: Passage) -> ReadablePassage:
        """What is read of a passage: a span stays in its sentence, and out of the dateline."""
        chunk = passage.chunk
        cuts = {dateline_end(passage), *(sentence.start for sentence in chunk.sentences)}
        # Between list items stands the marker of the next one: it is part of neither.
        cuts.update(
            before.end
            for before, after in pairwise(chunk.sentences)
            if chunk.words(Span(before.end, after.start)).strip()
        )
        return cls(chunk.text, chunk.context, tuple(sorted(cut - chunk.start for cut in cuts)))


@dataclass(frozen=True, slots=True)
class ReadSpan:
    """A span ``[start, end)`` of a passage, in code points of the passage's text.

    Attributes:
        score: Sum of the start and end logits; higher is better, comparable between the passages
            of one question.
        null_score: The same sum at [CLS], "not here", in the span's window.
    """

    start: int
    end: int
    score: float
    null_score: float


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What was read in one passage.

    Attributes:
        spans: Best first; no two overlap.
        answerable: Log-odds that the passage answers the question, the best of its windows.
    """

    spans: tuple[ReadSpan, ...]
    answerable: float


class SpanReader:
    """Reads passages with a network and the pair encoding that it was trained on.

    Args:
        network: Scores the tokens of a batch, as `SpanNetwork.forward` does.
        pairs: Encodes questions and passages.
        best: The most spans of one passage.
        batches: How windows are computed.
    """

    def __init__(
        self,
        network: Callable[[Tensor, Tensor, Tensor], SpanLogits],
        pairs: PairEncoder,
        *,
        best: int = 4,
        batches: Batches | None = None,
    ) -> None:
        self._network, self._pairs, self._best = network, pairs, best
        self._batches = LargeBatches() if batches is None else batches

    def read(self, question: str, passages: Sequence[ReadablePassage]) -> list[PassageReading]:
        """Read passages for one question: a reading each, in order."""
        return self.read_many([(question, passage) for passage in passages])

    def read_many(self, pairs: Sequence[tuple[str, ReadablePassage]]) -> list[PassageReading]:
        """Read (question, passage) pairs in batches of similar length: a reading each, in order."""
        spans: list[list[ReadSpan]] = [[] for _ in pairs]
        answerable = [-math.inf] * len(pairs)
        batches = self.batches(pairs)
        for batch, logits in zip(batches, self.compute(batches), strict=True):
            start, end = logits.start.numpy(), logits.end.numpy()
            for row, window in enumerate(batch):
                cuts = pairs[window.owner][1].cuts
                spans[window.owner] += _spans(window, start[row], end[row], cuts, self._best)
                log_odds = float(logits.answerable[row])
                answerable[window.owner] = max(answerable[window.owner], log_odds)
        return [
            PassageReading(_distinct(passage.text, own, self._best), log_odds)
            for (_, passage), own, log_odds in zip(pairs, spans, answerable, strict=True)
        ]

    def batches(self, pairs: Sequence[tuple[str, ReadablePassage]]) -> list[list[Encoded]]:
        """Encode pairs into batches of similar length."""
        windows = self._pairs.encode([(q, p.context, p.text) for q, p in pairs])
        return self._batches.split(windows, self._pairs.max_length)

    def compute(self, batches: Sequence[Sequence[Encoded]]) -> list[SpanLogits]:
        """Run the network alone on encoded batches; their logits are in order."""
        return self._batches.compute(self._forward, [self._tensors(batch) for batch in batches])

    def _tensors(self, batch: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
        """Token ids, token types and attention mask of a batch, ``(batch, length)`` int64 each."""
        longest = max(len(window.ids) for window in batch)
        width = self._batches.width(longest, self._pairs.max_length)
        ids = np.full((len(batch), width), self._pairs.pad_id, dtype=np.int64)
        types = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for row, window in enumerate(batch):
            length = len(window.ids)
            ids[row, :length] = window.ids
            types[row, window.second : length] = self._pairs.second_type
            mask[row, :length] = 1
        return torch.from_numpy(ids), torch.from_numpy(types), torch.from_numpy(mask)

    def _forward(self, tensors: tuple[Tensor, Tensor, Tensor]) -> SpanLogits:
        with torch.inference_mode():
            return self._network(*tensors)


def _spans(
    window: Encoded,
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    cuts: Sequence[int],
    best: int,
) -> list[ReadSpan]:
    """The best spans of a window, best first; its logits are ``(length,)`` float32."""
    first, last = window.passage, window.passage + len(window.offsets)
    if first == last:
        return []
    null = float(start[0] + end[0])
    starts, ends = start[first:last], end[first:last]
    heads = np.argsort(-starts)[:_STARTS]
    tails = np.argsort(-ends)[:_STARTS]
    length = tails[None, :] - heads[:, None]
    sentence = np.searchsorted(cuts, [first for first, _ in window.offsets], side="right")
    within = sentence[heads][:, None] == sentence[tails]
    scores = np.where(
        within & (length >= 0) & (length < _LONGEST_ANSWER),
        starts[heads][:, None] + ends[tails],
        -np.inf,
    )
    order = np.argsort(-scores, axis=None)[: 4 * best]
    spans = []
    for flat in order:
        row, column = divmod(int(flat), len(tails))
        if not np.isfinite(scores[row, column]):
            break
        a, b = window.offsets[heads[row]][0], window.offsets[tails[column]][1]
        spans.append(ReadSpan(a, b, float(scores[row, column]), null))
    return spans


def _distinct(text: str, spans: Sequence[ReadSpan], best: int) -> tuple[ReadSpan, ...]:
    """The best spans, tidied; none overlaps a better one."""
    kept: list[ReadSpan] = []

    def apart(start: int, end: int) -> bool:
        return all(end <= other.start or start >= other.end for other in kept)

    for span in sorted(spans, key=lambda read: (-read.score, read.start, read.end)):
        if apart(span.start, span.end):  # most overlap already, before they are tidied
            start, end = tidy_span(text, span.start, span.end)
            if start < end and apart(start, end):
                kept.append(replace(span, start=start, end=end))
        if len(kept) == best:
            break
    return tuple(kept)
