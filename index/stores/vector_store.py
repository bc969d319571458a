"""Vector search by FAISS."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

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


_SCORED_SINGLY: Final = 10_000  # chunks; takes about as long as an approximate search
_RECONSTRUCTED: Final = 8192  # vectors copied out in one call
_REFINED: Final = 200  # candidates that are compared again by their finer codes
_LEAST_REFINED: Final = 2  # of them for each requested hit
_WRITTEN_BYTES: Final = 1024 * 1024  # at a time


class FaissStore:
    """Cosine similarity search (inner products of unit rows) in any FAISS index.

    All index types support filters. Where a filter passes so few chunks that an approximate index
    might miss them, each of them is scored.
    """

    def __init__(self, store: faiss.Index) -> None:
        self._store = store
        coarse = store
        self._refines = isinstance(store, faiss.IndexRefine)
        if isinstance(store, faiss.IndexRefine):
            coarse = faiss.downcast_index(store.base_index)
        self._lists = coarse if isinstance(coarse, faiss.IndexIVF) else None
        self._graph = store.hnsw if isinstance(store, faiss.IndexHNSW) else None

    @classmethod
    def empty(cls, dimension: int) -> FaissStore:
        """Make an empty store that searches exactly."""
        return cls(faiss.IndexFlatIP(dimension))

    @classmethod
    def open(cls, path: Path) -> FaissStore:
        """Open a saved store, mapped into memory.

        Raises:
            IndexCorruptError: If the file is missing or not a FAISS file.
        """
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise IndexCorruptError(
                f"{path}: not a readable FAISS file; rebuild the index"
            ) from error

    def prepare(self) -> None:
        """Make single vectors of an inverted file addressable; call once, after adding all.

        An index with two codes a vector needs nothing: its finer codes are in the order of ids.
        """
        if self._lists is not None and not self._refines:
            self._lists.make_direct_map()

    def save(self, path: Path) -> None:
        """Write the store to one file.

        Raises:
            OSError: If it cannot be written.
        """
        # FAISS's own file writer only prints what fails when the file is closed.
        with path.open("wb") as file:
            writer = faiss.PyCallbackIOWriter(file.write, _WRITTEN_BYTES)  # type: ignore[attr-defined]
            faiss.write_index(self._store, writer)

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return int(self._store.d)

    def __len__(self) -> int:
        return int(self._store.ntotal)

    @property
    def search_parameter(self) -> str | None:
        """FAISS's name for the effort of a search; None where every vector is compared."""
        if self._lists is not None:
            return "nprobe"
        return None if self._graph is None else "efSearch"

    @property
    def most_effort(self) -> int:
        """The effort beyond which a search finds nothing more."""
        return len(self) if self._lists is None else int(self._lists.nlist)

    def set_effort(self, effort: int) -> None:
        """Set the effort of a search without filters; `save` saves it, too."""
        if self._lists is not None:
            self._lists.nprobe = effort
        elif self._graph is not None:
            self._graph.efSearch = effort

    def add(self, vectors: Vectors) -> None:
        """Append vectors, ``(n, dimension)`` float32, unit rows; ids continue from the last one.

        Raises:
            ValueError: If the vectors have another dimension.
        """
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise ValueError(f"vectors of shape {vectors.shape}; expected (n, {self.dimension})")
        self._store.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> list[Hit]:
        """Find the nearest chunks, best first.

        Args:
            vector: ``(dimension,)`` float32, of unit length.
            limit: The most hits to return.
            allowed: Sorted ids of the chunks that may be returned; None allows all.
        """
        count = min(limit, len(self) if allowed is None else len(allowed))
        if count < 1:
            return []
        if allowed is not None and self.search_parameter and len(allowed) <= _SCORED_SINGLY:
            return self._score(vector, count, allowed)
        # Both need names: FAISS keeps only pointers to them.
        bitmap = None if allowed is None else _bitmap(allowed, len(self))
        selector = (
            None if bitmap is None else faiss.IDSelectorBitmap(len(self), faiss.swig_ptr(bitmap))
        )
        share = 1.0 if allowed is None else len(allowed) / len(self)
        scores, ids = self._store.search(
            vector[np.newaxis], count, params=self._parameters(selector, share, count)
        )
        hits = [
            Hit(int(chunk_id), float(score), rank)
            for rank, (chunk_id, score) in enumerate(zip(ids[0], scores[0], strict=True), start=1)
            if chunk_id >= 0
        ]
        if len(hits) < count:  # too few in the lists, or the part of the graph, searched
            everything = np.arange(len(self)) if allowed is None else allowed
            return self._score(vector, count, everything)
        return hits

    def _parameters(
        self, selector: faiss.IDSelector | None, share: float, count: int
    ) -> faiss.SearchParameters:
        """Raise the effort the fewer chunks are allowed: skipping the others is cheap."""
        if self._lists is not None:
            effort = min(self.most_effort, math.ceil(self._lists.nprobe / share))
            in_lists = faiss.SearchParametersIVF(sel=selector, nprobe=effort)  # type: ignore[call-arg]
            if not self._refines:
                return in_lists
            return faiss.IndexRefineSearchParameters(
                k_factor=max(_LEAST_REFINED, _REFINED / count),  # type: ignore[call-arg]
                base_index_params=in_lists,
            )
        if self._graph is not None:
            effort = min(len(self), max(count, math.ceil(self._graph.efSearch / share)))
            graph_search: faiss.SearchParameters = faiss.SearchParametersHNSW(  # type: ignore[attr-defined]
                sel=selector, efSearch=effort
            )
            return graph_search
        return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]

    def _score(self, vector: Vectors, count: int, chunk_ids: Ids) -> list[Hit]:
        """Score each of the given chunks."""
        scores = np.concatenate(
            [
                self._store.reconstruct_batch(chunk_ids[start : start + _RECONSTRUCTED]) @ vector
                for start in range(0, len(chunk_ids), _RECONSTRUCTED)
            ]
        )
        order = np.argsort(-scores, kind="stable")[:count]
        return [
            Hit(int(chunk_ids[at]), float(scores[at]), rank)
            for rank, at in enumerate(order, start=1)
        ]

    def similarities(self, vector: Vectors, chunk_ids: Sequence[int]) -> list[float]:
        """Compute the cosine similarity of one vector and each of the given chunks."""
        if not chunk_ids:
            return []
        rows = self._store.reconstruct_batch(np.asarray(chunk_ids, dtype=np.int64))
        return [float(similarity) for similarity in rows @ vector]

    def vectors(self) -> Vectors:
        """Copy out all vectors, as they are stored: ``(len(self), dimension)`` float32.

        Rows have unit length, but for the loss of an index that compresses them.
        """
        rows: Vectors = self._store.reconstruct_n(0, len(self))
        return rows


def _bitmap(allowed: Ids, count: int) -> npt.NDArray[np.uint8]:
    """Make a bitmap of one bit a chunk, set for the allowed ones."""
    flags = np.zeros(count, dtype=np.bool_)
    flags[allowed] = True
    return np.packbits(flags, bitorder="little")
