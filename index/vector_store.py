"""Vectors of chunks and the search for the nearest ones, by FAISS."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Protocol

import faiss
import numpy as np

from index.errors import IndexCorruptError
from index.records import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

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


class FaissStore:
    """Exact inner-product search over unit rows, which is cosine similarity."""

    def __init__(self, store: faiss.Index) -> None:
        self._store = store

    @classmethod
    def empty(cls, dimension: int) -> FaissStore:
        """Make a store without vectors."""
        return cls(faiss.IndexFlatIP(dimension))

    @classmethod
    def open(cls, path: Path) -> FaissStore:
        """Open a saved store, mapped into memory rather than read.

        Raises:
            IndexCorruptError: If the file is not there or not a FAISS file.
        """
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise IndexCorruptError(
                f"{path}: not a readable FAISS file; rebuild the index"
            ) from error

    def save(self, path: Path) -> None:
        """Write the store to one file.

        Raises:
            OSError: If it cannot be written.
        """
        try:
            faiss.write_index(self._store, str(path))
        except RuntimeError as error:
            raise OSError(errno.EIO, f"{path.name} cannot be written") from error

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return int(self._store.d)

    def __len__(self) -> int:
        return int(self._store.ntotal)

    def add(self, vectors: Vectors) -> None:
        """Append vectors, ``(n, dimension)`` float32, unit rows; ids go on counting from before.

        Raises:
            ValueError: If the rows have another length.
        """
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise ValueError(f"vectors of shape {vectors.shape}; expected (n, {self.dimension})")
        self._store.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> list[Hit]:
        """Find the nearest chunks, best first; see `VectorStore.search`."""
        count = min(limit, len(self) if allowed is None else len(allowed))
        if count < 1:
            return []
        selection = None
        if allowed is not None:
            # Both have names of their own: FAISS keeps only pointers to them.
            bitmap = np.zeros((len(self) + 7) // 8, dtype=np.uint8)
            np.bitwise_or.at(bitmap, allowed >> 3, np.uint8(1) << (allowed & 7).astype(np.uint8))
            selector = faiss.IDSelectorBitmap(len(self), faiss.swig_ptr(bitmap))
            selection = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, ids = self._store.search(vector[np.newaxis], count, params=selection)
        return [
            Hit(int(chunk_id), float(score), rank)
            for rank, (chunk_id, score) in enumerate(zip(ids[0], scores[0], strict=True), start=1)
            if chunk_id >= 0
        ]

    def similarities(self, vector: Vectors, chunk_ids: Sequence[int]) -> list[float]:
        """Compute the cosine similarity of one vector and each of the named chunks."""
        if not chunk_ids:
            return []
        rows = self._store.reconstruct_batch(np.asarray(chunk_ids, dtype=np.int64))
        return [float(similarity) for similarity in rows @ vector]

    def vectors(self) -> Vectors:
        """Copy out all vectors: ``(len(self), dimension)`` float32, unit rows."""
        rows: Vectors = self._store.reconstruct_n(0, len(self))
        return rows
