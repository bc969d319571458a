"""Vectors of chunks and the search for the nearest ones, by FAISS."""

from __future__ import annotations

import errno
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


_SCORED_SINGLY: Final = 10_000  # chunks; about as long as an approximate search takes
_RECONSTRUCTED: Final = 8192  # vectors copied out at once
_REFINED: Final = 200  # candidates that an index with two codes a vector compares by the finer one
_LEAST_REFINED: Final = 2  # of them for each hit that is wanted


class FaissStore:
    """Inner-product search over unit rows, which is cosine similarity, in any FAISS index.

    Filters hold in all of them. Where an approximate index might miss what few chunks a filter
    leaves, those are scored one by one.
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
        """Make a store without vectors that compares a question with every one of them."""
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

    def prepare(self) -> None:
        """Make single vectors of an inverted file addressable; once, after all were added.

        Where there are two codes a vector, the finer ones stand in the order of the ids.
        """
        if self._lists is not None and not self._refines:
            self._lists.make_direct_map()

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

    @property
    def search_parameter(self) -> str | None:
        """FAISS's name for the effort of a search; None where every vector is compared."""
        if self._lists is not None:
            return "nprobe"
        return None if self._graph is None else "efSearch"

    @property
    def most_effort(self) -> int:
        """The effort beyond which nothing more is found."""
        return len(self) if self._lists is None else int(self._lists.nlist)

    def set_effort(self, effort: int) -> None:
        """Set the effort of a search without filters; it is saved with the store."""
        if self._lists is not None:
            self._lists.nprobe = effort
        elif self._graph is not None:
            self._graph.efSearch = effort

    def add(self, vectors: Vectors) -> None:
        """Append vectors, ``(n, dimension)`` float32, unit rows; ids go on counting from before.

        Raises:
            ValueError: If the rows have another length.
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
        # Both have names of their own: FAISS keeps only pointers to them.
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
        if len(hits) < count:  # the lists or the part of the graph that were looked at hold fewer
            everything = np.arange(len(self)) if allowed is None else allowed
            return self._score(vector, count, everything)
        return hits

    def _parameters(
        self, selector: faiss.IDSelector | None, share: float, count: int
    ) -> faiss.SearchParameters:
        """Search harder the fewer chunks may be returned: skipping the others costs little."""
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
        """Compare a vector with each of the named chunks'."""
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
        """Compute the cosine similarity of one vector and each of the named chunks."""
        if not chunk_ids:
            return []
        rows = self._store.reconstruct_batch(np.asarray(chunk_ids, dtype=np.int64))
        return [float(similarity) for similarity in rows @ vector]

    def vectors(self) -> Vectors:
        """Copy out all vectors, as they are stored: ``(len(self), dimension)`` float32.

        Rows are of unit length, up to what an index that compresses them has lost.
        """
        rows: Vectors = self._store.reconstruct_n(0, len(self))
        return rows


def _bitmap(allowed: Ids, count: int) -> npt.NDArray[np.uint8]:
    """One bit a chunk, set where it may be returned."""
    flags = np.zeros(count, dtype=np.bool_)
    flags[allowed] = True
    return np.packbits(flags, bitorder="little")
