"""The trained reader: a span-extraction network over windows of each passage."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from api.answering.errors import ReaderError
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
from api.answering.reading.reader import ReaderFacts, ReaderPrecision, ScoredSpan, Unit
from api.answering.reading.span_text import tidy_span
from index.embedding.encoder import DEFAULT_MODEL, model_folder
from index.embedding.torch_threads import TorchThreads
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from api.answering.question import Question
    from index.embedding.encoder import Encoder
    from index.records import Passage

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


def model_fingerprint(folder: Path) -> str:
    """Hash the weights and the configuration of a reader, in 16 hex digits.

    Raises:
        ReaderError: If a file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for path in sorted([*folder.glob("*.safetensors"), *folder.glob("*.bin")]):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        digest.update((folder / "config.json").read_bytes())
    except OSError as error:
        raise ReaderError(f"reader '{folder}': {error.filename}: {error.strerror}") from error
    return digest.hexdigest()[:16]


class TrainedReader:
    """Reads passages, with title and headings as context, with a span-extraction network.

    Args:
        folder: A reader trained by `scripts.train_reader`, or any Hugging Face extractive
            question-answering model.
        base: The sentence-transformers folder that a reader of ours takes word embeddings from.
        precision: The number format of its network.

    Attributes:
        span_reader: Reads single passages, in offsets of their text.

    Raises:
        ReaderError: If there is no such model.
    """

    def __init__(
        self, folder: Path, base: Path, precision: ReaderPrecision = ReaderPrecision.FLOAT32
    ) -> None:
        try:
            self.span_reader = SpanReader.load(folder, base, precision)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ReaderError(
                f"reader '{folder}': expected the folder of a reader; "
                f"{' '.join(str(error).split())[:300]}"
            ) from error
        self._facts = ReaderFacts(
            name="span",
            fingerprint=model_fingerprint(folder),
            unit=Unit.SPAN,
            reads_apart=True,
            own_weights=True,
        )
        self._threads = TorchThreads()

    @property
    def facts(self) -> ReaderFacts:
        """What it says of itself."""
        return self._facts

    @property
    def threads(self) -> int:
        """Processor threads that one call computes with by default."""
        return self._threads.count

    def use_threads(self, count: int) -> None:
        """Compute with ``count`` processor threads in later calls from the calling thread."""
        self._threads.use(count)

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score the best spans of every passage, best first."""
        return self.read_many([(question, passages)])[0]

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        """Score the best spans of every passage of each question, in shared batches."""
        self._threads.begin()
        readings = iter(
            self.span_reader.read_many(
                [
                    (question.text, ReadablePassage(passage.chunk.text, passage.chunk.context))
                    for question, passages in questions
                    for passage in passages
                ]
            )
        )
        return [_placed(passages, [next(readings) for _ in passages]) for _, passages in questions]


def _placed(passages: Sequence[Passage], readings: Sequence[PassageReading]) -> list[ScoredSpan]:
    """Place what was read of each passage in its article, best first."""
    spans = [
        ScoredSpan(
            passage=index,
            span=Span(passage.chunk.start + found.start, passage.chunk.start + found.end),
            score=found.score,
            null_score=found.null_score,
            answerable=reading.answerable,
        )
        for index, (passage, reading) in enumerate(zip(passages, readings, strict=True))
        for found in reading.spans
    ]
    return sorted(spans, key=lambda found: (-found.score, found.passage, found.span))


def load(folder: Path, encoder: Encoder, precision: ReaderPrecision) -> TrainedReader:  # noqa: ARG001
    """Load the reader in a folder; see `registry.ReaderLoader`."""
    return TrainedReader(folder, Path(model_folder(DEFAULT_MODEL)), precision)
