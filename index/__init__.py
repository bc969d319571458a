"""A folder of articles to ranked passages: chunking, embedding, indexing and retrieval.

from index import Retriever, build_index, open_current

build_index(corpus_dir, index_dir, encoder, ChunkingParameters())
retriever = Retriever(open_current(index_dir, encoder), encoder)
passages = retriever.retrieve("How much is Meta spending?", top_k=8).passages
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from index.building.builder import build_index
    from index.generations.generation import open_current
    from index.retriever import Retriever

__all__ = ["Retriever", "build_index", "open_current"]
_MODULES: Final = {
    "Retriever": "index.retriever",
    "build_index": "index.building.builder",
    "open_current": "index.generations.generation",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used: the process that parses documents needs none."""
    if name not in _MODULES:
        raise AttributeError(f"module 'index' has no attribute '{name}'")
    return getattr(import_module(_MODULES[name]), name)
