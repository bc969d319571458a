"""What a build is asked for besides the articles, the encoder and the chunking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build; none of it changes what the articles say.

    Attributes:
        keep: How many generations stay on disk, the new one included.
        cache_bytes: The most bytes of vectors in the embedding cache.

    Raises:
        ValueError: If a number is out of range.
    """

    keep: int = 2
    cache_bytes: int = 4096 * MEGABYTE

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise ValueError(f"keep is {self.keep}; expected at least 1 generation")
        if self.cache_bytes < 0:
            raise ValueError(f"cache_bytes is {self.cache_bytes}; expected at least 0")
