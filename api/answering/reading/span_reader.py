"""Serving the trained reader: a question and passages in, scored spans out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from api.answering.reading.network import (
    HuggingFaceNetwork,
    SpanLogits,
    SpanModel,
    is_span_model,
    with_precision,
)
from api.answering.reading.pair_encoding import (
    Encoded,
    HuggingFacePairs,
    PairEncoder,
    SpanModelPairs,
)
from api.answering.reading.reader import ReaderPrecision
from api.answering.reading.span_text import tidy_span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_LONGEST_ANSWER = 30
_STARTS = 12
# Sequences are padded to a multiple of this, so that few shapes come up: oneDNN compiles and keeps
# code for every new one, which would take memory and time for a long while.
_WIDTH_STEP = 16


@dataclass(frozen=True, slots=True)
class ReadablePassage:
    """A passage to read; `context` (article title, headings) helps but is never an answer."""

    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class ReadSpan:
    """A span of a passage, `[start, end)` in code points of the passage's text.

    score is the sum of the start and end logits and compares across passages of one question;
    null_score is the same for "not here" in the window the span came from. Higher is better.
    """

    start: int
    end: int
    score: float
    null_score: float


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the reader found in one passage: spans best first, none overlapping another.

    answerable: log-odds that the passage answers the question, the best of its windows.
    """

    spans: tuple[ReadSpan, ...]
    answerable: float


class _Network(Protocol):
    def __call__(self, ids: Tensor, types: Tensor, mask: Tensor) -> SpanLogits: ...


class SpanReader:
    """Reads passages for a question with one network and the pair encoding it was trained on."""

    def __init__(
        self, network: _Network, pairs: PairEncoder, *, best: int = 4, batch_tokens: int = 2048
    ) -> None:
        self._network, self._pairs = network, pairs
        self._best, self._batch_tokens = best, batch_tokens

    @classmethod
    def load(
        cls,
        folder: Path,
        base: Path,
        precision: ReaderPrecision = ReaderPrecision.FLOAT32,
    ) -> SpanReader:
        """The reader in `folder`: ours, or any Hugging Face extractive-QA model.

        Ours takes its word embeddings from the encoder in `base`.
        """
        if is_span_model(folder):
            model = SpanModel.load(folder, base)
            pairs: PairEncoder = SpanModelPairs.load(base, max_length=model.config.max_length)
            network: nn.Module = model
        else:
            network, pairs = HuggingFaceNetwork.load(folder), HuggingFacePairs.load(folder)
        return cls(with_precision(network, precision).eval(), pairs)

    def read(self, question: str, passages: Sequence[ReadablePassage]) -> list[PassageReading]:
        """One reading per passage, in order."""
        return self.read_many([(question, passage) for passage in passages])

    def read_many(self, asked: Sequence[tuple[str, ReadablePassage]]) -> list[PassageReading]:
        """One reading per (question, passage), in order; windows run in length-sorted batches."""
        spans: list[list[ReadSpan]] = [[] for _ in asked]
        answerable = [-math.inf] * len(asked)
        for batch in self.batches(asked):
            logits = self.forward(self.tensors(batch))
            start, end = logits.start.numpy(), logits.end.numpy()
            for row, window in enumerate(batch):
                found = _spans(window, start[row], end[row], self._best)
                spans[window.owner].extend(found)
                known = float(logits.answerable[row])
                answerable[window.owner] = max(answerable[window.owner], known)
        return [
            PassageReading(_distinct(passage.text, found, self._best), known)
            for (_, passage), found, known in zip(asked, spans, answerable, strict=True)
        ]

    def batches(self, asked: Sequence[tuple[str, ReadablePassage]]) -> list[list[Encoded]]:
        """The windows of every pair in length-sorted batches."""
        windows = self._pairs.encode([(q, p.context, p.text) for q, p in asked])
        return _batches(windows, self._batch_tokens, self._width)

    def tensors(self, batch: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
        """(batch, length) int64 token ids, token types and attention mask."""
        width = self._width(max(len(window.ids) for window in batch))
        ids = np.full((len(batch), width), self._pairs.pad_id, dtype=np.int64)
        types = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for row, window in enumerate(batch):
            length = len(window.ids)
            ids[row, :length] = window.ids
            types[row, window.second : length] = self._pairs.second_type
            mask[row, :length] = 1
        return torch.from_numpy(ids), torch.from_numpy(types), torch.from_numpy(mask)

    def _width(self, length: int) -> int:
        """How wide a batch is whose longest sequence has so many tokens."""
        return min(-(-length // _WIDTH_STEP) * _WIDTH_STEP, max(length, self._pairs.max_length))

    def forward(self, tensors: tuple[Tensor, Tensor, Tensor]) -> SpanLogits:
        """The network alone."""
        with torch.inference_mode():
            return self._network(*tensors)


def _batches(
    windows: Sequence[Encoded], tokens: int, width: Callable[[int], int]
) -> list[list[Encoded]]:
    """Windows by length, longest first, at most `tokens` a batch with padding."""
    batches: list[list[Encoded]] = []
    room = 0
    for window in sorted(windows, key=lambda one: -len(one.ids)):
        if room < 1:
            batches.append([])
            room = max(1, tokens // width(len(window.ids)))
        batches[-1].append(window)
        room -= 1
    return batches


def _spans(
    window: Encoded, start: NDArray[np.float32], end: NDArray[np.float32], best: int
) -> list[ReadSpan]:
    """The best spans of one window's (length,) logits, in code points, best first."""
    first, last = window.passage, window.passage + len(window.offsets)
    if first == last:
        return []
    null = float(start[0] + end[0])
    starts, ends = start[first:last], end[first:last]
    heads = np.argsort(-starts)[:_STARTS]
    tails = np.argsort(-ends)[:_STARTS]
    length = tails[None, :] - heads[:, None]
    scores = np.where(
        (length >= 0) & (length < _LONGEST_ANSWER), starts[heads][:, None] + ends[tails], -np.inf
    )
    order = np.argsort(-scores, axis=None)[: 4 * best]
    found = []
    for flat in order:
        row, column = divmod(int(flat), len(tails))
        if not np.isfinite(scores[row, column]):
            break
        a, b = window.offsets[heads[row]][0], window.offsets[tails[column]][1]
        found.append(ReadSpan(a, b, float(scores[row, column]), null))
    return found


def _distinct(text: str, spans: Sequence[ReadSpan], best: int) -> tuple[ReadSpan, ...]:
    """The best spans, made presentable, each apart from the better ones."""
    kept: list[ReadSpan] = []

    def apart(start: int, end: int) -> bool:
        return all(end <= other.start or start >= other.end for other in kept)

    for span in sorted(spans, key=lambda one: (-one.score, one.start, one.end)):
        if apart(span.start, span.end):  # most are not, and need not be tidied to see it
            start, end = tidy_span(text, span.start, span.end)
            if start < end and apart(start, end):
                kept.append(replace(span, start=start, end=end))
        if len(kept) == best:
            break
    return tuple(kept)
