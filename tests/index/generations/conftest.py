"""Several generations of one corpus."""

from __future__ import annotations

import datetime as dt
import itertools
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from index.building import finalising
from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from tests.conftest import ARTICLES, FakeEncoder, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def build_several(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int, int], list[str]]:
    """Build a number of different generations, a minute apart; their versions, oldest first."""
    minutes = itertools.count()
    clock = SimpleNamespace(
        now=lambda zone: dt.datetime(2025, 5, 1, 12, next(minutes), tzinfo=zone)
    )
    monkeypatch.setattr(finalising, "dt", SimpleNamespace(datetime=clock, UTC=dt.UTC))

    def build(count: int, keep: int) -> list[str]:
        versions = []
        for number in range(count):
            write_articles(corpus_dir, [*ARTICLES, {"id": "new", "text": f"Number {number}."}])
            options = BuildOptions(keep=keep)
            summary = build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options)
            versions.append(summary.index_version)
        return versions

    return build
