"""What a generation asks of its stores, as protocols that any of them may fulfil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from index.records import Hit

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]


class VectorStore(Protocol):
    """Finds the chunks whose vectors are nearest to a question's."""

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        ...

    def __len__(self) -> int:
        """The number of vectors; chunk ids are 0 to one less."""
        ...

    def search(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> list[Hit]:
        """Find the nearest chunks, best first.

        Args:
            vector: ``(dimension,)`` float32, of unit length.
            limit: The most hits to return.
            allowed: Ids of the chunks that may be returned, sorted; None allows all.
        """
        ...

    def similarities(self, vector: Vectors, chunk_ids: Sequence[int]) -> list[float]:
        """Compute the cosine similarity of one vector and each of the named chunks."""
        ...

    def vectors(self) -> Vectors:
        """Copy out all vectors: ``(len(self), dimension)`` float32, unit rows."""
        ...
