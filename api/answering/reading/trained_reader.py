"""The trained readers: a span-extraction network over windows of each passage."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch
from safetensors import SafetensorError
from torch import nn

from api.answering.errors import ReaderError
from api.answering.reading.adapter import AdapterConfig
from api.answering.reading.base_encoder import find_base
from api.answering.reading.batches import batches_for
from api.answering.reading.configuration import (
    ADAPTER,
    CONFIG_FILE,
    SPAN_MODEL,
    stated_format,
)
from api.answering.reading.large_network import LargeModel
from api.answering.reading.network import (
    HuggingFaceNetwork,
    SpanModel,
    check_precision,
    resolved_precision,
    with_precision,
)
from api.answering.reading.pair_encoding import HuggingFacePairs, SpanModelPairs
from api.answering.reading.reader import (
    ReaderFacts,
    ReaderOptions,
    ReaderPrecision,
    ScoredSpan,
    Unit,
    best_first,
)
from api.answering.reading.span_reader import ReadablePassage, SpanReader
from index.embedding.encoder import DEFAULT_MODEL, model_folder
from index.embedding.torch_threads import TorchThreads
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.span_reader import PassageReading
    from index.embedding.encoder import Encoder
    from index.records import Passage

_DTYPES: Final = {ReaderPrecision.BFLOAT16: torch.bfloat16}


def load_span_reader(folder: Path, encoder: Path, options: ReaderOptions) -> SpanReader:
    """Load a reader of ours, or any Hugging Face extractive question-answering model.

    Args:
        folder: Where the model is.
        encoder: The sentence-transformers folder that readers of ours take the tokenizer from,
            and the small one its word embeddings.
        options: The number format to compute in, and where the base of a large reader is.

    Raises:
        ReaderError: If there is no configuration, the base of a large reader is missing or
            another, or the processor does not compute in the number format.
    """
    if not (folder / CONFIG_FILE).is_file():
        raise ReaderError(f"reader '{folder}': no such folder, or no {CONFIG_FILE} in it")
    kind = stated_format(folder)
    batches = batches_for(resolved_precision(options.precision))
    if kind == ADAPTER:
        network = load_large_network(folder, options)
        length = AdapterConfig.load(folder).max_length
        return SpanReader(network, SpanModelPairs.load(encoder, max_length=length), batches=batches)
    if kind == SPAN_MODEL:
        small = SpanModel.load(folder, encoder)
        pairs = SpanModelPairs.load(encoder, max_length=small.config.max_length)
        return SpanReader(with_precision(small, options.precision).eval(), pairs, batches=batches)
    network = HuggingFaceNetwork.load(folder)
    return SpanReader(
        with_precision(network, options.precision).eval(),
        HuggingFacePairs.load(folder),
        batches=batches,
    )


def load_large_network(folder: Path, options: ReaderOptions) -> nn.Module:
    """Load a large reader's network to read with: an adapter in the weights of its base.

    Args:
        folder: Of the adapter.
        options: The number format to compute in, and where the base is.

    Raises:
        ReaderError: If the base is missing or another, or the processor does not compute in the
            number format.
    """
    precision = resolved_precision(options.precision)
    check_precision(precision)
    dtype = _DTYPES.get(precision, torch.float32)
    name = f"{model_fingerprint(folder)}-{str(dtype).removeprefix('torch.')}.safetensors"
    merged = options.models_dir / "merged" / name
    large = LargeModel.load(folder, find_base(options), dtype, merged)
    return with_precision(large, precision).eval()


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
        encoder: The sentence-transformers folder that a reader of ours takes the tokenizer and
            word embeddings from.
        options: The number format of its network, and where the base of a large reader is.

    Attributes:
        span_reader: Reads single passages, in offsets of their text.

    Raises:
        ReaderError: If there is no such model, or the base of a large reader is missing or
            another.
    """

    def __init__(self, folder: Path, encoder: Path, options: ReaderOptions) -> None:
        try:
            self.span_reader = load_span_reader(folder, encoder, options)
            large = stated_format(folder) == ADAPTER
        except (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError) as error:
            raise ReaderError(
                f"reader '{folder}': expected the folder of a reader; "
                f"{' '.join(str(error).split())[:300]}"
            ) from error
        self._facts = ReaderFacts(
            name="large" if large else "span",
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
                    (question.text, ReadablePassage.of(passage))
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
    return best_first(spans)


def load(folder: Path, encoder: Encoder, options: ReaderOptions) -> TrainedReader:  # noqa: ARG001
    """Load the reader in a folder; see `registry.ReaderLoader`."""
    return TrainedReader(folder, Path(model_folder(DEFAULT_MODEL)), options)
