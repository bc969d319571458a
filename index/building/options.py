"""What a build is asked for besides the articles, the encoder and the chunking."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1024 * 1024
AUTO: Final = "auto"
# FAISS ends the process, not the call, where a graph has fewer than two edges a vector, and where
# there are no lists or no bits; a number that asks for more memory than there is ends it too.
_NUMBER: Final = "[1-9][0-9]{0,5}"
_EDGES: Final = "([2-9]|[1-9][0-9]{1,2})"
_BITS: Final = "([1-9]|1[0-6])"
_FACTORY: Final = re.compile(
    rf"Flat|SQ8|SQfp16|HNSW{_EDGES}(,(Flat|SQ8|SQfp16))?"
    rf"|IVF{_NUMBER}(_HNSW{_EDGES})?,(Flat|SQ4|SQ6|SQ8|SQfp16|PQ{_NUMBER}(x{_BITS})?"
    rf"|PQ{_NUMBER}x4fs,Refine\((Flat|SQ8|SQfp16)\))"
)
ACCEPTED: Final = (  # what the pattern says, for people
    "Flat, SQ8, SQfp16, HNSW#, HNSW#,Y, IVF#,X or IVF#_HNSW#,X, where # is a number from 1 to "
    "999999 (after HNSW from 2 to 999, after x from 1 to 16), Y is Flat, SQ8 or SQfp16, and X is "
    "Y, SQ4, SQ6, PQ#, PQ#x# or PQ#x4fs,Refine(Y)"
)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build; none of it changes what the articles say.

    Attributes:
        keep: How many generations stay on disk, the new one included.
        cache_bytes: The most bytes of vectors in the embedding cache.
        vector_index: `AUTO`, or what FAISS's index factory is to make of the vectors.
        recall: The share of the ten exactly nearest chunks that a vector index that does not
            compare them all must find, in (0, 1].

    Raises:
        ValueError: If a number is out of range.
    """

    keep: int = 2
    cache_bytes: int = 4096 * MEGABYTE
    vector_index: str = AUTO
    recall: float = 0.98

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise ValueError(f"keep is {self.keep}; expected at least 1 generation")
        if self.cache_bytes < 0:
            raise ValueError(f"cache_bytes is {self.cache_bytes}; expected at least 0")
        if self.vector_index != AUTO and not _FACTORY.fullmatch(self.vector_index):
            raise ValueError(
                f"vector_index is '{self.vector_index}'; expected '{AUTO}', or a factory "
                f"string of FAISS: {ACCEPTED}; such as IVF4096,SQ8"
            )
        if not 0 < self.recall <= 1:
            raise ValueError(f"recall is {self.recall}; expected more than 0, at most 1")
