"""What `index` offers by name, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import index
from index.building.builder import build_index
from index.generations.generation import open_current
from index.retriever import Retriever
from tests.conftest import REPOSITORY


def test_index_offers_building_opening_and_retrieving() -> None:
    assert index.build_index is build_index
    assert index.open_current is open_current
    assert index.Retriever is Retriever
    assert sorted(index.__all__) == ["Retriever", "build_index", "open_current"]
    with pytest.raises(AttributeError, match="'index' has no attribute 'nothing'"):
        _ = index.nothing


def test_importing_index_loads_no_library() -> None:
    code = "import sys, index; print(*sorted({'faiss', 'numpy', 'tantivy'} & sys.modules.keys()))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ""
