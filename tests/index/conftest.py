"""What the tests of the index build is built before their eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.building.builder import BuildSummary, build_index
from index.chunking.chunker import ChunkingParameters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import FakeEncoder


@pytest.fixture
def build(corpus_dir: Path, index_dir: Path, encoder: FakeEncoder) -> Callable[[], BuildSummary]:
    """Build the index of the corpus as it is now, and never copy one."""
    return lambda: build_index(corpus_dir, index_dir, encoder, ChunkingParameters())
