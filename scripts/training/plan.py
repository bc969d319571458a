"""The training plan: every sequence of a run, tokenised beforehand."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from scripts.training.windows import Pair


@dataclass(frozen=True, slots=True)
class Plan:
    """Tokenised sequences, concatenated.

    ids: (n_tokens,) int32; offsets: (n_sequences + 1,) int64 into ids; passage: (n_sequences,)
    int32, first passage token; start, end: (n_sequences,) int32 inclusive token positions, 0 when
    unanswered; group: (n_sequences,) int32; bundle: (n_bundles + 1,) int64 into the sequences.
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


def tokenise(bundles: Sequence[Sequence[Pair]], tokenizer: Tokenizer, max_length: int) -> Plan:
    """`[CLS] question [SEP] context [SEP] passage [SEP]`; a span cut off by the limit drops out."""
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    pairs = [pair for bundle in bundles for pair in bundle]
    questions = _ids(tokenizer, [pair.question for pair in pairs])
    contexts = _ids(tokenizer, [pair.context for pair in pairs])
    rows: list[NDArray[np.int32]] = []
    columns: list[tuple[int, int, int, int, int]] = []
    kept_per_bundle: list[int] = []
    at = 0
    for bundle in bundles:
        encoded = tokenizer.encode_batch([p.passage for p in bundle], add_special_tokens=False)
        kept = 0
        for pair, passage in zip(bundle, encoded, strict=True):
            head = [cls, *questions[at][:40], sep]
            second = len(head)
            if contexts[at]:
                head += [*contexts[at][:24], sep]
            at += 1
            start = end = 0
            if pair.span is not None:
                inside = [
                    i
                    for i, (a, b) in enumerate(passage.offsets)
                    if b > pair.span[0] and a < pair.span[1]
                ]
                if not inside or len(head) + inside[-1] >= max_length - 1:
                    continue
                start, end = len(head) + inside[0], len(head) + inside[-1]
            body = passage.ids[: max_length - 1 - len(head)]
            rows.append(np.array([*head, *body, sep], dtype=np.int32))
            columns.append((second, len(head), start, end, pair.group))
            kept += 1
        if kept:
            kept_per_bundle.append(kept)
    table = np.array(columns, dtype=np.int32)
    return Plan(
        np.concatenate(rows),
        np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64),
        table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4],
        np.concatenate([[0], np.cumsum(kept_per_bundle)]).astype(np.int64),
    )  # fmt: skip


def _ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    unique = list(dict.fromkeys(texts))
    encoded = tokenizer.encode_batch(unique, add_special_tokens=False)
    ids = {text: one.ids for text, one in zip(unique, encoded, strict=True)}
    return [ids[text] for text in texts]
