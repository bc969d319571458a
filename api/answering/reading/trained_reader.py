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
# Sequences are padded to a multiple of this, so that there are few shapes: oneDNN compiles and
# keeps code for each new shape, which takes time and memory.
_WIDTH_STEP = 16


@dataclass(frozen=True, slots=True)
class ReadablePassage:
    """A passage to read; its context (article title, headings) helps but is never an answer."""

    text: str
    context: str = ""


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


class _Network(Protocol):
    def __call__(self, ids: Tensor, types: Tensor, mask: Tensor) -> SpanLogits: ...


class SpanReader:
    """Reads passages with a network and the pair encoding that it was trained on.

    Args:
        network: Scores the tokens of a batch.
        pairs: Encodes questions and passages.
        best: The most spans of one passage.
        batch_tokens: The most tokens of a batch, padding included.
    """

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
        """Load a reader of ours, or any Hugging Face extractive question-answering model.

        Args:
            folder: Where the model is.
            base: The encoder that a reader of ours takes its word embeddings from.
            precision: The number format to compute in.
        """
        if is_span_model(folder):
            model = SpanModel.load(folder, base)
            pairs: PairEncoder = SpanModelPairs.load(base, max_length=model.config.max_length)
            network: nn.Module = model
        else:
            network, pairs = HuggingFaceNetwork.load(folder), HuggingFacePairs.load(folder)
        return cls(with_precision(network, precision).eval(), pairs)

    def read(self, question: str, passages: Sequence[ReadablePassage]) -> list[PassageReading]:
        """Read passages for one question: a reading each, in order."""
        return self.read_many([(question, passage) for passage in passages])

    def read_many(self, pairs: Sequence[tuple[str, ReadablePassage]]) -> list[PassageReading]:
        """Read (question, passage) pairs in batches of similar length: a reading each, in order."""
        spans: list[list[ReadSpan]] = [[] for _ in pairs]
        answerable = [-math.inf] * len(pairs)
        for batch in self.batches(pairs):
            logits = self.forward(self.tensors(batch))
            start, end = logits.start.numpy(), logits.end.numpy()
            for row, window in enumerate(batch):
                spans[window.owner] += _spans(window, start[row], end[row], self._best)
                log_odds = float(logits.answerable[row])
                answerable[window.owner] = max(answerable[window.owner], log_odds)
        return [
            PassageReading(_distinct(passage.text, own, self._best), log_odds)
            for (_, passage), own, log_odds in zip(pairs, spans, answerable, strict=True)
        ]

    def batches(self, pairs: Sequence[tuple[str, ReadablePassage]]) -> list[list[Encoded]]:
        """Encode pairs into batches of similar length."""
        windows = self._pairs.encode([(q, p.context, p.text) for q, p in pairs])
        return _batches(windows, self._batch_tokens, self._width)

    def tensors(self, batch: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
        """Token ids, token types and attention mask of a batch, ``(batch, length)`` int64 each."""
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
        """The padded width of a batch whose longest sequence has ``length`` tokens."""
        return min(-(-length // _WIDTH_STEP) * _WIDTH_STEP, max(length, self._pairs.max_length))

    def forward(self, tensors: tuple[Tensor, Tensor, Tensor]) -> SpanLogits:
        """Run the network alone, as `SpanModel.forward` does."""
        with torch.inference_mode():
            return self._network(*tensors)


def _batches(
    windows: Sequence[Encoded], tokens: int, width: Callable[[int], int]
) -> list[list[Encoded]]:
    """Split windows into batches, longest first, of at most ``tokens`` with padding."""
    batches: list[list[Encoded]] = []
    room = 0
    for window in sorted(windows, key=lambda window: -len(window.ids)):
        if room < 1:
            batches.append([])
            room = max(1, tokens // width(len(window.ids)))
        batches[-1].append(window)
        room -= 1
    return batches


def _spans(
    window: Encoded, start: NDArray[np.float32], end: NDArray[np.float32], best: int
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
    scores = np.where(
        (length >= 0) & (length < _LONGEST_ANSWER), starts[heads][:, None] + ends[tails], -np.inf
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


def model_fingerprint(folder: Path) -> str:
    """Hash the weights and the configuration of a reader, in 16 hex digits.

    Raises:
        ReaderError: If a file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for path in sorted(folder.glob("*.safetensors")):
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
    """Shift the spans of each passage to offsets of its article, best first."""
    spans = [
        ScoredSpan(
            passage=index,
            span=Span(passage.chunk.start + read.start, passage.chunk.start + read.end),
            score=read.score,
            null_score=read.null_score,
            answerable=reading.answerable,
        )
        for index, (passage, reading) in enumerate(zip(passages, readings, strict=True))
        for read in reading.spans
    ]
    return sorted(spans, key=lambda scored: (-scored.score, scored.passage, scored.span))


def load(folder: Path, encoder: Encoder, precision: ReaderPrecision) -> TrainedReader:  # noqa: ARG001
    """Load the reader in a folder; see `registry.ReaderLoader`."""
    return TrainedReader(folder, Path(model_folder(DEFAULT_MODEL)), precision)
