"""Placement: in which shard of a fleet an article and a chunk are."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from index.errors import IndexCorruptError, ShardLostError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]

SHARDS_FOLDER: Final = "shards"
PLACEMENT_FILE: Final = "chunk_shards.npy"
PLACEMENT_TYPE: Final = np.dtype("<u2")
_NAME: Final = re.compile(r"(\d+)-of-(\d+)")


def shard_of(article_id: str, shards: int) -> int:
    """The number of an article's shard, from 0; a copy is in the shard of what it copies."""
    digest = hashlib.blake2b(article_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards


def shard_name(number: int, shards: int) -> str:
    """The name of a shard's folder: ``3-of-16``."""
    return f"{number}-of-{shards}"


class Placement:
    """Which shard holds each chunk, and under which id.

    Args:
        folder: The folder of a fleet.
        lost: Shards to do without.

    Attributes:
        shards: How many shards articles are spread over; those without articles have no folder.
        folders: The folders of the others, by number, but for the lost ones.
        chunk_ids: ``(n_chunks_of_the_shard,)`` int64 by number: the fleet's ids of its chunks, by
            the shard's own.

    Raises:
        IndexCorruptError: If the file is missing or damaged, or a shard is missing.
    """

    def __init__(self, folder: Path, lost: frozenset[int] = frozenset()) -> None:
        path = folder / PLACEMENT_FILE
        try:
            self._numbers = np.load(path)
            names = [_NAME.fullmatch(shard.name) for shard in (folder / SHARDS_FOLDER).iterdir()]
        except (OSError, ValueError, EOFError) as error:
            raise IndexCorruptError(f"{path}: {error}; rebuild the index") from error
        counts = {int(name[2]) for name in names if name is not None}
        if len(counts) != 1 or None in names:
            raise IndexCorruptError(
                f"{folder / SHARDS_FOLDER}: expected folders such as '0-of-2', all of one number "
                "of shards; rebuild the index"
            )
        (self.shards,) = counts
        numbers = np.unique(self._numbers).tolist()
        self.folders = {
            number: folder / SHARDS_FOLDER / shard_name(number, self.shards)
            for number in numbers
            if number not in lost
        }
        for shard in self.folders.values():
            if not shard.is_dir():
                raise IndexCorruptError(f"{shard}: this shard is missing; rebuild the index")
        self.chunk_ids: dict[int, Ids] = {
            number: np.flatnonzero(self._numbers == number) for number in numbers
        }

    def __len__(self) -> int:
        return len(self._numbers)

    def check_answered(self, lost: AbstractSet[int]) -> None:
        """Check that no shard failed to answer.

        Raises:
            ShardLostError: If some did; it names them.
        """
        if lost:
            raise ShardLostError(frozenset(lost), self.shards)

    def split(self, chunk_ids: Sequence[int]) -> Iterator[tuple[int, Ids, Ids]]:
        """Split ids of the fleet by shard.

        Yields:
            The shard's number, the ids that it holds, and its own ids of the same chunks.
        """
        ids = np.asarray(chunk_ids, dtype=np.int64)
        numbers = self._numbers[ids]
        for number in np.unique(numbers).tolist():
            chosen = ids[numbers == number]
            yield number, chosen, np.searchsorted(self.chunk_ids[number], chosen)
