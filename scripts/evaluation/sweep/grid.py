"""The grid of settings that a sweep measures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeVar

from api.schemas import MAX_TOP_K
from index.chunking.chunker import ChunkingParameters
from scripts.evaluation.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class Grid:
    """Every chunking with every retrieval setting.

    Attributes:
        chunkings: How the articles are cut; an index is built for each.
        dense_weights: Shares of the dense score in the fused one, in [0, 1].
        top_ks: How many passages are read.
        left_out: Pairs of chunk size and overlap that do not go together.
    """

    chunkings: tuple[ChunkingParameters, ...]
    dense_weights: tuple[float, ...]
    top_ks: tuple[int, ...]
    left_out: tuple[tuple[int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.chunkings) * len(self.dense_weights) * len(self.top_ks)


def make_grid(
    max_tokens: Sequence[int],
    overlap_tokens: Sequence[int],
    top_ks: Sequence[int],
    dense_weights: Sequence[float],
    *,
    language: str,
) -> Grid:
    """Combine settings; an overlap that is not below the chunk size is left out.

    Raises:
        EvaluationError: If a value is out of range, or no chunk size goes with any overlap.
    """
    _check("max_tokens", max_tokens, lambda value: value >= 1, "at least 1")
    _check("overlap_tokens", overlap_tokens, lambda value: value >= 0, "at least 0")
    _check("top_k", top_ks, lambda value: 1 <= value <= MAX_TOP_K, f"1 to {MAX_TOP_K}")
    _check("dense_weight", dense_weights, lambda value: 0 <= value <= 1, "0 to 1")
    pairs = list(product(dict.fromkeys(max_tokens), dict.fromkeys(overlap_tokens)))
    chunkings = [ChunkingParameters(*pair, language) for pair in pairs if pair[1] < pair[0]]
    if not chunkings:
        raise EvaluationError(
            f"every overlap ({', '.join(map(str, overlap_tokens))}) is as long as every chunk "
            f"({', '.join(map(str, max_tokens))} tokens); expected a shorter one"
        )
    return Grid(
        tuple(chunkings),
        tuple(dict.fromkeys(dense_weights)),
        # From the most down, so that the reader sees most passages in one batch.
        tuple(sorted(set(top_ks), reverse=True)),
        tuple(pair for pair in pairs if pair[1] >= pair[0]),
    )


def parse_numbers(name: str, text: str) -> list[int]:
    """Parse whole numbers separated by commas.

    Raises:
        EvaluationError: If there is something else; the message names the option.
    """
    return _parse(name, text, int, "whole numbers such as 60,100")


def parse_shares(name: str, text: str) -> list[float]:
    """Parse decimal numbers separated by commas.

    Raises:
        EvaluationError: If there is something else; the message names the option.
    """
    return _parse(name, text, float, "numbers such as 0.6,0.8")


def _parse(name: str, text: str, kind: Callable[[str], _Number], expected: str) -> list[_Number]:
    try:
        return [kind(part) for part in text.split(",")]
    except ValueError as error:
        raise EvaluationError(f"{name} '{text}': expected {expected}") from error


def _check(
    name: str, values: Sequence[_Number], allowed: Callable[[_Number], bool], expected: str
) -> None:
    for value in values:
        if not allowed(value):
            raise EvaluationError(f"{name} {value}: expected {expected}")
