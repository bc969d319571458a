"""The benchmark of shards: the same passages, the same answers, recall beside exact search."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import Generation
from index.loading.gold import GoldQuestion
from scripts.benchmarks import shards
from scripts.benchmarks.sharded_indexes import build_sharded
from tests.conftest import FakeEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from api.service.models import Models

GOLD = [
    GoldQuestion(id="1", question="How much does Meta spend?", answers=["$64"], articles=["meta"]),
    GoldQuestion(id="2", question="Who won in 1900?", answers=[], articles=[]),
]


@pytest.mark.parametrize("vector_index", [None, "SQ8"])
def test_shards_are_read_as_none_are_and_compared_with_exact_search(
    tmp_path: Path, corpus_dir: Path, models: Models, vector_index: str | None
) -> None:
    encoder = FakeEncoder()
    build_index(corpus_dir, tmp_path / "index", encoder, ChunkingParameters())
    (tmp_path / "built").mkdir()
    exact = build_sharded(tmp_path / "index", tmp_path / "built", encoder, [], "Flat")
    built = build_sharded(tmp_path / "index", tmp_path / "built", encoder, [2, 3], vector_index)
    with ExitStack() as closing:
        opened = [Generation(path, encoder) for path in [*exact, *built]]
        for generation in opened:
            closing.callback(generation.close)
        result: Any = shards._compare(opened, encoder, GOLD, models.ranker)
    assert (result["questions"], result["answered_by_gold"]) == (2, 1)
    assert [row["shards"] for row in result["sharded"]] == [2, 3]
    for row in result["sharded"]:
        assert row["recall_at_10"] == pytest.approx(1, abs=0.1)
        assert row["same_answers"] == row["same_passages"] == 2
        for measure in ("exact_match", "f1"):
            assert row[measure] == result["unsharded"][measure]
