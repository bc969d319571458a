"""The training plan: every sequence of a run, tokenised beforehand."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.answering.reading.pair_encoding import Encoded, PairEncoder
from scripts.training.questions.windows import Pair

_ENCODED_TOGETHER = 1024  # pairs
_NOWHERE, _UNLABELLED = (0, 0), (-1, -1)


@dataclass(frozen=True, slots=True)
class Plan:
    """Tokenised sequences, concatenated.

    ids: (n_tokens,) int32; offsets: (n_sequences + 1,) int64 into ids; passage: (n_sequences,)
    int32, first passage token; start, end: (n_sequences,) int32 inclusive token positions, 0 when
    unanswered, -1 when unlabelled; group: (n_sequences,) int32; bundle: (n_bundles + 1,) int64 into
    the sequences.
    """

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]
    second: NDArray[np.int32]
    passage: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    group: NDArray[np.int32]
    bundle: NDArray[np.int64]

    def save(self, path: Path) -> None:
        """One .npz file."""
        np.savez(path, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, path: Path) -> "Plan":
        """The plan that `save` wrote."""
        with np.load(path) as arrays:
            return cls(**{name: arrays[name] for name in cls.__slots__})

    def only(self, kept: NDArray[np.bool_]) -> "Plan":
        """The plan of some of its sequences, ``(n_sequences,)``; a bundle without any drops out."""
        sizes = np.add.reduceat(kept, self.bundle[:-1], dtype=np.int64)
        lengths = np.diff(self.offsets)
        columns = {
            name: getattr(self, name)[kept]
            for name in ("second", "passage", "start", "end", "group")
        }
        return Plan(
            ids=self.ids[np.repeat(kept, lengths)],
            offsets=np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int64),
            bundle=np.concatenate([[0], np.cumsum(sizes[sizes > 0])]).astype(np.int64),
            **columns,
        )

    def batches(self, tokens: int, seed: int, pool: int = 1500) -> Iterator[list[int]]:
        """Sequence numbers of each batch: at most `tokens` with padding, bundles kept together.

        Bundles are sorted by length within pools of `pool`, and each pool's batches shuffled.
        """
        rng = random.Random(seed)  # noqa: S311
        lengths = np.diff(self.offsets)
        longest = [
            int(lengths[a:b].max()) for a, b in zip(self.bundle, self.bundle[1:], strict=False)
        ]
        for first in range(0, len(longest), pool):
            members = sorted(range(first, min(first + pool, len(longest))), key=longest.__getitem__)
            batches: list[list[int]] = [[]]
            for number in members:
                sequences = list(range(int(self.bundle[number]), int(self.bundle[number + 1])))
                if batches[-1] and (len(batches[-1]) + len(sequences)) * longest[number] > tokens:
                    batches.append([])
                batches[-1].extend(sequences)
            rng.shuffle(batches)
            yield from batches


def tokenise(bundles: Sequence[Sequence[Pair]], encoder: PairEncoder) -> Plan:
    """Encode pairs as they are encoded when served; of a long passage, its first window.

    A pair whose answer reaches beyond that window drops out.
    """
    pairs = [pair for bundle in bundles for pair in bundle]
    rows: list[NDArray[np.int32]] = []
    columns: list[tuple[int, int, int, int, int]] = []
    kept: list[bool] = []
    for pair, windows in zip(pairs, _windows(pairs, encoder), strict=True):
        window = windows[0]
        place: tuple[int, int] | None = _NOWHERE if pair.labelled else _UNLABELLED
        if pair.span is not None:
            place = _token_span(windows, pair.span)
        kept.append(place is not None)
        if place is not None:
            rows.append(np.array(window.ids, dtype=np.int32))
            columns.append((window.second, window.passage, *place, pair.group))
    table = np.array(columns, dtype=np.int32)
    ends = np.cumsum([len(bundle) for bundle in bundles])
    sizes = [sum(part) for part in np.split(np.array(kept, dtype=np.int64), ends[:-1])]
    return Plan(
        np.concatenate(rows),
        np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64),
        table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4],
        np.concatenate([[0], np.cumsum([size for size in sizes if size])]).astype(np.int64),
    )  # fmt: skip


def _windows(pairs: Sequence[Pair], encoder: PairEncoder) -> Iterator[list[Encoded]]:
    """All windows of each pair, in order."""
    for first in range(0, len(pairs), _ENCODED_TOGETHER):
        part = pairs[first : first + _ENCODED_TOGETHER]
        windows = encoder.encode([(pair.question, pair.context, pair.passage) for pair in part])
        for _, own in groupby(windows, key=lambda window: window.owner):
            yield list(own)


def _token_span(windows: Sequence[Encoded], span: tuple[int, int]) -> tuple[int, int] | None:
    """First and last position of a span in the first window; None if it is not all in there."""
    touching = {
        (start, end)
        for window in windows
        for start, end in window.offsets
        if end > span[0] and start < span[1]
    }
    first = windows[0]
    places = [place for place, offset in enumerate(first.offsets) if offset in touching]
    if not places or len(places) < len(touching):
        return None
    return first.passage + places[0], first.passage + places[-1]
