"""What encoders share that do something around the work of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from index.embedding.encoder import ChunkEncoder


class WrappedEncoder:
    """Is the model that it wraps, and embeds chunks as that does.

    Args:
        encoder: What is wrapped.
    """

    def __init__(self, encoder: ChunkEncoder) -> None:
        self._wrapped = encoder

    @property
    def model(self) -> str:
        """The name or path that the model was asked for by."""
        return self._wrapped.model

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._wrapped.dimension

    @property
    def fingerprint(self) -> str:
        """A hash that changes with anything that changes the vectors."""
        return self._wrapped.fingerprint

    def encode_chunks(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embed texts to be found: ``(len(texts), dimension)`` float32, unit rows."""
        return self._wrapped.encode_chunks(texts)
