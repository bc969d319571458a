"""Options of a build besides corpus, encoder and chunking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from index.stores.faiss_names import ACCEPTED, AUTO, FACTORY

MEGABYTE: Final = 1024 * 1024
MOST_SHARDS: Final = 128  # each keeps four files open while one fleet replaces another


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of a build.

    Attributes:
        keep: How many generations stay on disk, the new one included.
        cache_bytes: The most bytes of vectors in the embedding cache.
        vector_index: `AUTO`, or a string for FAISS's index factory.
        recall: The recall@10 against exact search that an approximate vector index must reach, in
            (0, 1].
        shards: How many shards to spread the articles over; 1 makes no fleet.

    Raises:
        ValueError: If a number is out of range.
    """

    keep: int = 2
    cache_bytes: int = 4096 * MEGABYTE
    vector_index: str = AUTO
    recall: float = 0.98
    shards: int = 1

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise ValueError(f"keep is {self.keep}; expected at least 1 generation")
        if self.cache_bytes < 0:
            raise ValueError(f"cache_bytes is {self.cache_bytes}; expected at least 0")
        if self.vector_index != AUTO and not FACTORY.fullmatch(self.vector_index):
            raise ValueError(
                f"vector_index is '{self.vector_index}'; expected '{AUTO}', or a factory "
                f"string of FAISS: {ACCEPTED}; for example IVF4096,SQ8"
            )
        if not 0 < self.recall <= 1:
            raise ValueError(f"recall is {self.recall}; expected more than 0 and at most 1")
        if not 1 <= self.shards <= MOST_SHARDS:
            raise ValueError(
                f"shards is {self.shards}; expected 1, which is an index that is not sharded, to "
                f"{MOST_SHARDS}"
            )
